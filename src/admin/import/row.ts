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

/** A record longer than this is no record: most likely a quote that nobody closed. */
export const MAX_RECORD = 64 * 1024;
