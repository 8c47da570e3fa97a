/** One record of a file: what it says, or why it says nothing. `line` counts from 1. */
export type Row =
  | { readonly line: number; readonly value: Readonly<Record<string, unknown>> }
  | { readonly line: number; readonly fault: string };

/** Takes a file's text piece by piece and gives the records that are whole. */
export interface RowReader {
  readonly push: (text: string) => Row[];
  /** The records that the file's end makes whole. */
  readonly end: () => Row[];
}

/** A record as it stands in the file, before it is read. */
export type RecordText =
  | { readonly line: number; readonly text: string }
  | { readonly line: number; readonly fault: string };

/** Finds where records end, without reading what they say. */
export interface Records {
  /** The line that the next record begins on. */
  readonly line: number;
  /** True between two records: a file may be cut here. */
  readonly isBetween: boolean;
  /** Characters of all text so far that `push` left out: the rest of records that never end. */
  readonly dropped: number;
  /** Takes more text, or the file's end; returns how much of all text so far belongs to records that are whole. */
  readonly push: (text: string, last: boolean, found: (record: RecordText) => void) => string;
}

/** A record longer than this is no record: most likely a quote that nobody closed. */
export const MAX_RECORD = 64 * 1024;

/** Why such a record says nothing. */
export const TOO_LONG = `is longer than ${MAX_RECORD / 1024} KB`;

/** What of more text follows a record that never ends: nothing, or its line break and what is behind it. */
export function behindLine(text: string): string {
  const newline = text.indexOf("\n");
  return newline < 0 ? "" : text.slice(newline);
}
