import type { Records, RecordText, Row, RowReader } from "./row";
import { behindLine, MAX_RECORD, TOO_LONG } from "./row";

/** Finds the lines of NDJSON. Empty ones count as lines and are no records. */
export class NdjsonRecords implements Records {
  private buffer = "";
  private skipping = false;
  dropped = 0;

  constructor(public line: number) {}

  get isBetween(): boolean {
    return !this.skipping;
  }

  push(text: string, last: boolean, found: (record: RecordText) => void): string {
    const more = this.skipping ? behindLine(text) : text;
    this.dropped += text.length - more.length;
    this.buffer += more;
    const { buffer } = this;
    let from = 0;
    for (let end = buffer.indexOf("\n"); end >= 0; end = buffer.indexOf("\n", from)) {
      this.take(buffer.slice(from, end), found);
      from = end + 1;
    }
    if (last && from < buffer.length) {
      this.take(buffer.slice(from), found);
      from = buffer.length;
    } else if (buffer.length - from > MAX_RECORD) {
      if (!this.skipping) found({ line: this.line, fault: TOO_LONG });
      this.skipping = true;
      from = buffer.length;
    }
    this.buffer = buffer.slice(from);
    return buffer.slice(0, from);
  }

  private take(text: string, found: (record: RecordText) => void): void {
    const { line } = this;
    this.line++;
    if (this.skipping) this.skipping = false;
    else if (text.length > MAX_RECORD) found({ line, fault: TOO_LONG });
    else if (text.trim() !== "") found({ line, text: text.trim() });
  }
}

/** Reads one JSON object a line; `line` is the one that the text begins on. */
export function ndjsonReader(line = 1): RowReader {
  const records = new NdjsonRecords(line);
  const take = (text: string, last: boolean): Row[] => {
    const rows: Row[] = [];
    records.push(text, last, (record) => rows.push(readRecord(record)));
    return rows;
  };
  return { push: (text) => take(text, false), end: () => take("", true) };
}

function readRecord(record: RecordText): Row {
  if ("fault" in record) return record;
  const { line, text } = record;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return { line, value: value as Record<string, unknown> };
    }
    return { line, fault: "is no JSON object" };
  } catch {
    return { line, fault: "is no valid JSON" };
  }
}
