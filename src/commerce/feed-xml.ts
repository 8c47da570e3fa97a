import { SaxesParser } from "saxes";
import type { FeedReader, FeedRecord } from "./feed-record";
import { FEED_FIELDS, fieldName, UnreadableFeed } from "./feed-record";

const DEEPEST = 32;
/** A field longer than this is cut: nothing that is read of it is so long. */
const LONGEST_FIELD = 5_000;
/** Characters in one text, tag or comment. The parser keeps all of them until it ends. */
const LONGEST_PIECE = 1_000_000;

const ITEMS = new Set(["item", "entry"]);

/**
 * Reads Google's product feeds as they come: RSS 2.0 or Atom, fields with or without their prefix `g:`. Only what
 * stands directly in an item counts, so that the price of its shipping is not its price. A DOCTYPE, and with it every
 * entity of the feed's own, is refused before anything of it is expanded. Throws UnreadableFeed.
 */
export function feedXmlReader(): FeedReader {
  const reader = new XmlReader();
  return { push: (text) => reader.push(text), end: () => reader.end() };
}

class XmlReader {
  private readonly parser = new SaxesParser<{ xmlns: false; position: true }>({ xmlns: false, position: true });
  private records: FeedRecord[] = [];
  private depth = 0;
  private item: { depth: number; line: number; fields: Record<string, string>; own: Set<string> } | null = null;
  private field: { name: string; own: boolean; text: string } | null = null;
  private sinceEvent = 0;
  private fault: string | null = null;

  constructor() {
    const { parser } = this;
    parser.on("doctype", () => this.refuse("holds a DOCTYPE, which is not read"));
    parser.on("opentag", ({ name, attributes }) => this.open(name, attributes));
    parser.on("closetag", () => this.close());
    parser.on("text", (text) => this.take(text));
    parser.on("cdata", (text) => this.take(text));
    parser.on("comment", () => this.passed());
    parser.on("processinginstruction", () => this.passed());
    parser.on("error", () => this.refuse("is no XML that can be read"));
  }

  push(text: string): FeedRecord[] {
    this.sinceEvent += text.length;
    this.parser.write(text);
    if (this.fault !== null) throw new UnreadableFeed(this.fault);
    if (this.sinceEvent > LONGEST_PIECE) throw new UnreadableFeed("holds a text without an end");
    const { records } = this;
    this.records = [];
    return records;
  }

  end(): FeedRecord[] {
    const isWhole = this.depth === 0 && this.fault === null;
    if (!isWhole) throw new UnreadableFeed(this.fault ?? "ends before it is whole");
    this.parser.close();
    if (this.fault !== null) throw new UnreadableFeed(this.fault);
    return [];
  }

  private refuse(what: string): void {
    this.fault ??= `${what} (line ${this.parser.line})`;
  }

  private passed(): void {
    this.sinceEvent = 0;
  }

  private open(tag: string, attributes: Readonly<Record<string, string>>): void {
    this.passed();
    this.depth++;
    if (this.depth > DEEPEST) this.refuse("is nested too deeply");
    const colon = tag.indexOf(":");
    const name = fieldName(tag.slice(colon + 1));
    if (!this.item) {
      // Of a document that has other things first: `rss/channel/item`, `feed/entry`.
      if (ITEMS.has(name) && (this.depth === 2 || this.depth === 3)) {
        this.item = { depth: this.depth, line: this.parser.line, fields: {}, own: new Set() };
      }
      return;
    }
    if (this.depth !== this.item.depth + 1 || !FEED_FIELDS.has(name)) return;
    this.field = { name, own: colon > 0, text: name === "link" ? (attributes["href"] ?? "") : "" };
  }

  private take(text: string): void {
    this.passed();
    const { field, item } = this;
    if (!field || !item || this.depth !== item.depth + 1) return;
    if (field.text.length < LONGEST_FIELD) field.text += text.slice(0, LONGEST_FIELD);
  }

  private close(): void {
    this.passed();
    const { item, field } = this;
    if (item && field && this.depth === item.depth + 1) {
      const value = field.text.trim();
      // Google's own field counts before the feed's of the same name, and the first before those that repeat it.
      const known = Object.hasOwn(item.fields, field.name) && (item.own.has(field.name) || !field.own);
      if (value !== "" && !known) item.fields[field.name] = value;
      if (value !== "" && field.own) item.own.add(field.name);
      this.field = null;
    }
    if (item && this.depth === item.depth) {
      this.records.push({ line: item.line, fields: item.fields });
      this.item = null;
    }
    this.depth--;
  }
}
