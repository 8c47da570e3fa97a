import type { Records, RecordText } from "./row";
import { behindLine, MAX_RECORD, TOO_LONG } from "./row";

export const UNCLOSED = "has a quote that is not closed, or in the wrong place";
/** Stands for the end of a record whose quotes are wrong: it reaches as far as its line. */
const BROKEN = -2;

/**
 * Finds the records of CSV behind its header. A record may span lines where it is quoted; one that never ends is
 * reported by its first line, and reading goes on at the next, so that a quote nobody closed swallows no more than its
 * line.
 */
export class CsvRecords implements Records {
  private buffer = "";
  private skipping = false;
  dropped = 0;
  /** Where the next quote stands at or behind the place that is looked at; -1 where there is none. */
  private quote = -1;

  constructor(
    private readonly delimiter: string,
    public line: number,
  ) {}

  get isBetween(): boolean {
    return !this.skipping;
  }

  push(text: string, last: boolean, found: (record: RecordText) => void): string {
    const more = this.skipping ? behindLine(text) : text;
    this.dropped += text.length - more.length;
    this.buffer += more;
    this.quote = this.buffer.indexOf('"');
    let from = 0;
    while (from < this.buffer.length) {
      const next = this.record(from, last, found);
      if (next === from) break;
      from = next;
    }
    const taken = this.buffer.slice(0, from);
    this.buffer = this.buffer.slice(from);
    return taken;
  }

  /** Takes the record that starts at `from`; returns where the next one starts, or `from` where more text is needed. */
  private record(from: number, last: boolean, found: (record: RecordText) => void): number {
    const { buffer } = this;
    const newline = lineEnd(buffer, from, last);
    if (this.skipping) return this.skip(newline);
    const end = this.recordEnd(from, newline, last);
    if (end === BROKEN) {
      found({ line: this.line, fault: UNCLOSED });
      return this.pass(from, newline);
    }
    if (end >= 0 && end - from <= MAX_RECORD) {
      const text = buffer.slice(from, buffer[end - 1] === "\r" ? end - 1 : end);
      if (text.length > 0 && (text.charCodeAt(0) > 32 || text.trim() !== "")) found({ line: this.line, text });
      return this.pass(from, end);
    }
    if (end < 0 && !last && buffer.length - from <= MAX_RECORD) return from;
    if (newline >= 0 && newline - from <= MAX_RECORD) {
      found({ line: this.line, fault: UNCLOSED });
      return this.pass(from, newline);
    }
    found({ line: this.line, fault: TOO_LONG });
    this.skipping = true;
    return this.skip(newline);
  }

  private skip(newline: number): number {
    if (newline < 0) return this.buffer.length;
    this.skipping = false;
    this.line++;
    return newline + 1;
  }

  /** Moves behind the line break at `end`, counting those on the way. */
  private pass(from: number, end: number): number {
    this.line++;
    if (this.quote >= 0 && this.quote < end) {
      for (let at = this.buffer.indexOf("\n", from); at >= 0 && at < end; at = this.buffer.indexOf("\n", at + 1)) {
        this.line++;
      }
    }
    return end + 1;
  }

  /** Whether a place behind a quote ends its field. At the end of what there is so far more text may say otherwise. */
  private endsField(index: number, last: boolean): boolean {
    const { buffer } = this;
    const next = buffer.startsWith("\r", index) && (index + 1 < buffer.length || last) ? index + 1 : index;
    return next >= buffer.length || buffer[next] === "\n" || buffer[next] === "\r" || buffer[next] === this.delimiter;
  }

  /** Where the line break stands that ends the record starting at `from`; -1 where the text does not reach so far. */
  private recordEnd(from: number, newline: number, last: boolean): number {
    const { buffer } = this;
    if (this.quote >= 0 && this.quote < from) this.quote = buffer.indexOf('"', from);
    if (newline < 0 || this.quote < 0 || this.quote > newline) return newline;
    let index = from;
    for (;;) {
      if (buffer[index] === '"') {
        index = closingQuote(buffer, index + 1, last);
        if (index < 0) return -1;
        if (!this.endsField(index, last)) return BROKEN;
      }
      const end = lineEnd(buffer, index, last);
      if (end < 0) return -1;
      const next = buffer.indexOf(this.delimiter, index);
      if (next < 0 || next > end) return end;
      index = next + 1;
    }
  }
}

/** The line break at or behind a place; the text's end counts as one where the file ends there. */
function lineEnd(text: string, from: number, last: boolean): number {
  const newline = text.indexOf("\n", from);
  return newline < 0 && last ? text.length : newline;
}

/** The place behind the quote that closes a field; a doubled quote is part of it. */
function closingQuote(text: string, from: number, last: boolean): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 2)) {
    if (at + 1 >= text.length) return last ? at + 1 : -1;
    if (text[at + 1] !== '"') return at + 1;
  }
  return -1;
}
