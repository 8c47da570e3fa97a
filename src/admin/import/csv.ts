import Papa from "papaparse";
import type { Row, RowReader } from "./row";
import { MAX_RECORD } from "./row";
import { UnreadableFile } from "./text";

const DELIMITERS = [",", ";", "\t", "|"];
const MAX_COLUMNS = 300;

/**
 * Reads CSV with a header line. A record may span lines where it is quoted; one that cannot be read is reported by
 * its first line, and reading goes on at the next, so that a quote nobody closed swallows no more than its line.
 */
export function csvReader(): RowReader {
  const reader = new Reader();
  return { push: (text) => reader.push(text, false), end: () => reader.push("\n", true) };
}

class Reader {
  private buffer = "";
  private line = 1;
  private delimiter = ",";
  private header: readonly string[] | null = null;
  private skipping = false;

  push(text: string, last: boolean): Row[] {
    this.buffer += text;
    const rows: Row[] = [];
    let from = 0;
    for (let next = this.record(from, last, rows); next > from; next = this.record(from, last, rows)) from = next;
    this.buffer = this.buffer.slice(from);
    return rows;
  }

  /** Takes the record that starts at `from`; returns where the next one starts, or `from` where more text is needed. */
  private record(from: number, last: boolean, rows: Row[]): number {
    if (from >= this.buffer.length) return from;
    const newline = this.buffer.indexOf("\n", from);
    if (this.skipping) return this.skip(from, newline);
    if (!this.header) return newline < 0 ? this.needMore(from, rows) : this.readHeader(from, newline);
    const end = recordEnd(this.buffer, from, this.delimiter);
    if (end < 0) {
      if (!last && this.buffer.length - from <= MAX_RECORD) return from;
      if (newline < 0) return this.needMore(from, rows);
      return this.fault(from, newline, rows, "has a quote that is not closed");
    }
    const text = this.buffer.slice(from, end).replace(/\r$/, "");
    if (text.trim() === "") return this.pass(from, end);
    const value = this.fields(text);
    if (typeof value === "string") return this.fault(from, newline, rows, value);
    rows.push({ line: this.line, value });
    return this.pass(from, end);
  }

  private pass(from: number, end: number): number {
    for (let at = this.buffer.indexOf("\n", from); at >= 0 && at <= end; at = this.buffer.indexOf("\n", at + 1)) {
      this.line++;
    }
    return end + 1;
  }

  private fault(from: number, newline: number, rows: Row[], fault: string): number {
    rows.push({ line: this.line, fault });
    return this.pass(from, newline);
  }

  /** A line that does not end: waits for the rest of it, unless it is too long for one. */
  private needMore(from: number, rows: Row[]): number {
    if (this.buffer.length - from <= MAX_RECORD) return from;
    rows.push({ line: this.line, fault: `is longer than ${MAX_RECORD / 1024} KB` });
    this.skipping = true;
    return this.buffer.length;
  }

  private skip(from: number, newline: number): number {
    if (newline < 0) return this.buffer.length;
    this.skipping = false;
    return this.pass(from, newline);
  }

  private readHeader(from: number, newline: number): number {
    const text = this.buffer.slice(from, newline).replace(/\r$/, "");
    if (text.trim() === "") return this.pass(from, newline);
    const { data, meta } = Papa.parse(text, { preview: 1, delimitersToGuess: DELIMITERS });
    const header = (data[0] ?? []).map((name) => name.trim());
    const named = header.filter((name) => name !== "");
    const twice = named.find((name, index) => named.indexOf(name) !== index);
    if (twice !== undefined) throw new UnreadableFile(`the header has "${twice.slice(0, 60)}" twice`);
    if (header.length > MAX_COLUMNS) throw new UnreadableFile(`the header has more than ${MAX_COLUMNS} columns`);
    this.header = header;
    this.delimiter = DELIMITERS.includes(meta.delimiter) ? meta.delimiter : ",";
    return this.pass(from, newline);
  }

  /** The record's values by column, or why it has none. */
  private fields(text: string): Readonly<Record<string, string>> | string {
    const { delimiter, header } = this;
    let values = text.includes('"') ? null : text.split(delimiter);
    if (values === null) {
      const { data, errors } = Papa.parse(text, { delimiter, newline: "\n" });
      if (errors[0] || data.length !== 1) return "has a quote that is not closed, or in the wrong place";
      values = data[0] ?? [];
    }
    const columns = header?.length ?? 0;
    if (values.length !== columns) return `has ${values.length} fields where the header has ${columns}`;
    const entries = values.map((value, index): [string, string] => [header?.[index] ?? "", value.trim()]);
    return Object.fromEntries(entries.filter(([name, value]) => name !== "" && value !== ""));
  }
}

/** Where the line break stands that ends the record starting at `from`; -1 where the text does not reach so far. */
function recordEnd(text: string, from: number, delimiter: string): number {
  let index = from;
  for (;;) {
    if (text[index] === '"') {
      index = closingQuote(text, index + 1);
      if (index < 0) return -1;
    }
    const newline = text.indexOf("\n", index);
    if (newline < 0) return -1;
    const next = text.indexOf(delimiter, index);
    if (next < 0 || next > newline) return newline;
    index = next + 1;
  }
}

/** The place behind the quote that closes a field; a doubled quote is part of it. */
function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 2)) {
    if (at + 1 >= text.length) return -1;
    if (text[at + 1] !== '"') return at + 1;
  }
  return -1;
}
