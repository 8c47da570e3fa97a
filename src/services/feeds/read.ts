import { csvFileReader } from "../../admin/import/csv";
import { UnreadableFile } from "../../admin/import/text";
import type { Feed, FeedRun, Rejection } from "../../commerce/feed";
import { withRejection } from "../../commerce/feed";
import type { FeedItem } from "../../commerce/feed-item";
import { itemHash, readFeedItem } from "../../commerce/feed-item";
import type { FeedReader, FeedRecord } from "../../commerce/feed-record";
import { FEED_FIELD_NAMES, fieldName, UnreadableFeed } from "../../commerce/feed-record";
import { feedXmlReader } from "../../commerce/feed-xml";
import type { OutboundAnswer } from "../../platform/outbound";
import { fetchOutbound } from "../../platform/outbound";
import { decodedText } from "../../platform/text-stream";
import type { Services } from "../../services";
import { MINUTE } from "../../shared/clock";
import type { PartLine } from "./parts";
import { writePart, writeSeen } from "./parts";

/** For the whole of a feed, as a server that answers one byte a second must not hold a cron. */
const TIME = 2 * MINUTE;
/** Reading a hundred thousand items (100 MB) takes about half of the CPU time that one invocation has. */
const MOST_BYTES = 200_000_000;
const MOST_ITEMS = 250_000;
/** A part is one batch of the database, whose rows travel as one text. */
const PART_CHARACTERS = 800_000;

/** What reading a feed came to. */
export type Read =
  | { readonly state: "unchanged" }
  | {
      readonly state: "read";
      readonly etag: string | null;
      readonly lastModified: string | null;
      readonly parts: number;
      readonly items: number;
      readonly rejected: readonly Rejection[];
    };

/**
 * Fetches a feed and lays its items down in parts, as they come. Nothing of the catalogue is touched until the last
 * item was read, so a feed that breaks off changes nothing. Run again it lays the same parts. Throws OutboundFailure,
 * UnreadableFeed, UnreadableText.
 */
export async function readFeed(services: Services, feed: Feed, run: FeedRun, partItems: number): Promise<Read> {
  const answer = await ask(services, feed);
  if (answer.status === 304) {
    await answer.body.cancel();
    return { state: "unchanged" };
  }
  if (answer.status !== 200) {
    await answer.body.cancel();
    throw new UnreadableFeed(`was answered with status ${answer.status}`);
  }
  const laying = new Laying(services, feed, run, partItems);
  let reader: FeedReader | null = null;
  for await (const text of decodedText(answer.body, MOST_BYTES)) {
    reader ??= readerFor(feed, text);
    await laying.take(reader.push(text));
  }
  if (!reader) throw new UnreadableFeed("is empty");
  await laying.take(reader.end());
  const laid = await laying.finish();
  const { headers } = answer;
  return { state: "read", etag: headers.get("ETag"), lastModified: headers.get("Last-Modified"), ...laid };
}

function ask(services: Services, { definition, etag, lastModified }: Feed): Promise<OutboundAnswer> {
  const headers: Record<string, string> = { Accept: "application/xml, text/csv, */*;q=0.5", "User-Agent": "Relance" };
  if (etag !== null) headers["If-None-Match"] = etag;
  if (lastModified !== null) headers["If-Modified-Since"] = lastModified;
  const request: typeof fetch = (...args) => fetch(...args);
  const ports = { fetch: request, policy: services.outbound, timeMs: TIME, bytes: MOST_BYTES };
  return fetchOutbound(definition.url, { headers }, ports);
}

function readerFor({ definition }: Feed, text: string): FeedReader {
  const format = definition.format === "auto" ? (/^\s*</.test(text) ? "google_xml" : "csv") : definition.format;
  return format === "google_xml" ? feedXmlReader() : feedCsvReader(definition.columns);
}

/** Lines of a CSV by the names of Google's fields, or by those that the shop says. */
function feedCsvReader(columns: Feed["definition"]["columns"]): FeedReader {
  const reader = csvFileReader();
  const theirs = new Map(FEED_FIELD_NAMES.map((ours) => [fieldName(columns[ours] ?? ours), ours]));
  const records = (read: () => ReturnType<typeof reader.push>): FeedRecord[] => {
    try {
      return read().map((row) => {
        if ("fault" in row) return row;
        const named = Object.entries(row.value).flatMap(([name, value]): [string, string][] => {
          const ours = theirs.get(fieldName(name));
          return ours === undefined ? [] : [[ours, String(value)]];
        });
        return { line: row.line, fields: Object.fromEntries(named) };
      });
    } catch (error) {
      if (error instanceof UnreadableFile) throw new UnreadableFeed(`cannot be read: ${error.message}`);
      throw error;
    }
  };
  return { push: (text) => records(() => reader.push(text)), end: () => records(() => reader.end()) };
}

/** Lays items down in parts. */
class Laying {
  private lines: PartLine[] = [];
  private characters = 0;
  private parts = 0;
  private items = 0;
  private rejected: Rejection[] = [];
  private readonly seen = new Set<string>();

  constructor(
    private readonly services: Services,
    private readonly feed: Feed,
    private readonly run: FeedRun,
    private readonly partItems: number,
  ) {}

  async take(records: readonly FeedRecord[]): Promise<void> {
    for (const record of records) {
      this.items++;
      if (this.items > MOST_ITEMS) throw new UnreadableFeed(`has more than ${MOST_ITEMS} items`);
      if ("fault" in record) this.reject(record.fault, record.line, null);
      else this.takeItem(record.line, record.fields);
      if (this.lines.length >= this.partItems || this.characters >= PART_CHARACTERS) await this.lay();
    }
  }

  async finish(): Promise<{ parts: number; items: number; rejected: Rejection[] }> {
    // A feed that says nothing would have everything leave it; most likely something is wrong with it.
    if (this.seen.size === 0) {
      const why = this.rejected[0] ? `, the first as its ${this.rejected[0].reason}` : "";
      throw new UnreadableFeed(this.items === 0 ? "holds no item" : `holds no item that can be read${why}`);
    }
    await this.lay();
    await writeSeen(this.services.env.ARCHIVE, this.run, [...this.seen]);
    const { parts, items, rejected } = this;
    return { parts, items, rejected };
  }

  private takeItem(line: number, fields: Readonly<Record<string, string>>): void {
    const read = readFeedItem(fields, this.feed.definition);
    const isRepeat = read.ok && this.seen.has(seenKey(read.item));
    if (!read.ok || isRepeat) {
      this.reject(read.ok ? "id is that of an item before it" : read.reason, line, fields["id"] ?? null);
      return;
    }
    this.seen.add(seenKey(read.item));
    this.lines.push([line, itemHash(read.item), read.item]);
    this.characters += JSON.stringify(read.item).length;
  }

  private reject(reason: string, line: number, id: string | null): void {
    this.rejected = withRejection(this.rejected, reason, line, id);
  }

  private async lay(): Promise<void> {
    if (this.lines.length === 0) return;
    await writePart(this.services.env.ARCHIVE, this.run, this.parts, this.lines);
    this.parts++;
    this.lines = [];
    this.characters = 0;
  }
}

/** A variant as one text. */
export function seenKey({ product, sku }: Pick<FeedItem, "product" | "sku">): string {
  return `${product}\u0000${sku}`;
}
