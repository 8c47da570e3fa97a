import type { CsvHeader } from "./csv";
import { csvReader } from "./csv";
import { CsvRecords } from "./csv-records";
import { NdjsonRecords, ndjsonReader } from "./ndjson";
import type { Records, RowReader } from "./row";

/** How a file's text is laid out: CSV behind its header, or one JSON object a line. */
export type Layout = { readonly format: "ndjson" } | ({ readonly format: "csv" } & CsvHeader);

/** Reads a piece of a file, which begins on a line. */
export function pieceReader(layout: Layout, line: number): RowReader {
  return layout.format === "csv" ? csvReader(layout, line) : ndjsonReader(line);
}

/** A file's text between two records. */
export interface Piece {
  /** The line that it begins on. */
  readonly line: number;
  readonly rows: number;
  readonly text: string;
  /** How much of the file it takes: more than its text where the rest of a record that never ends was left out. */
  readonly characters: number;
}

/** So much text is cut at once. */
const BIT = 262_144;

/**
 * A text behind its first characters, in bits. They end where they would if the text came all at once, so that two who
 * cut the same text from wherever cut it alike.
 */
export async function* bitsBehind(text: AsyncIterable<string>, characters: number, size = BIT): AsyncGenerator<string> {
  let begins = 0;
  let waiting = "";
  const behind = (bit: string): string => bit.slice(Math.max(0, characters - begins));
  let fault: Error | null = null;
  try {
    for await (const some of text) {
      for (waiting += some; waiting.length >= size; waiting = waiting.slice(size), begins += size) {
        const bit = behind(waiting.slice(0, size));
        if (bit !== "") yield bit;
      }
    }
  } catch (error) {
    // What came before it broke off is text all the same.
    fault = error instanceof Error ? error : new Error("broke off", { cause: error });
  }
  const last = behind(waiting);
  if (last !== "") yield last;
  if (fault !== null) throw fault;
}

/** How long a piece is, in characters; it ends behind the record in which it gets there. */
const PIECE = 2_000_000;

/** Cuts a text that comes bit by bit into pieces, between records. */
export class Cutter {
  private readonly records: Records;
  private parts: string[] = [];
  private length = 0;
  private rows = 0;
  private dropped = 0;
  private begins: number;

  constructor(
    layout: Layout,
    line: number,
    private readonly size = PIECE,
  ) {
    this.records = layout.format === "csv" ? new CsvRecords(layout.delimiter, line) : new NdjsonRecords(line);
    this.begins = line;
  }

  /** Takes more text; returns the piece that it completes. A long text counts as one: give it in bits. */
  push(text: string): Piece | null {
    this.take(text, false);
    return this.length >= this.size && this.records.isBetween ? this.cut() : null;
  }

  /** The last piece; null where nothing is left. */
  end(): Piece | null {
    this.take("", true);
    return this.length > 0 ? this.cut() : null;
  }

  /** The same of a text that broke off: what the unfinished record says nobody knows, so it is left out. */
  torn(): Piece | null {
    return this.length > 0 ? this.cut() : null;
  }

  /** The line that the next record begins on. */
  get line(): number {
    return this.records.line;
  }

  private take(text: string, last: boolean): void {
    const taken = this.records.push(text, last, () => this.rows++);
    if (taken === "") return;
    this.parts.push(taken);
    this.length += taken.length;
  }

  private cut(): Piece {
    const { dropped, line } = this.records;
    const characters = this.length + dropped - this.dropped;
    const piece = { line: this.begins, rows: this.rows, text: this.parts.join(""), characters };
    this.parts = [];
    this.length = 0;
    this.rows = 0;
    this.dropped = dropped;
    this.begins = line;
    return piece;
  }
}
