import Papa from "papaparse";
import { unguarded } from "../export/csv";
import { CsvRecords, UNCLOSED } from "./csv-records";
import type { RecordText, Row, RowReader } from "./row";
import { MAX_RECORD } from "./row";
import { UnreadableFile } from "./text";

const DELIMITERS = [",", ";", "\t", "|"];
const MAX_COLUMNS = 300;
const BARE_RETURNS = "its lines end as on old Macs; save it as CSV with line breaks of Windows or Unix";

/** What a CSV file's header says. */
export interface CsvHeader {
  readonly delimiter: string;
  readonly header: readonly string[];
}

/**
 * Reads the header line at the beginning of a text; empty lines may stand before it. `length` and `lines` say how much of
 * the text it takes. Null where the text may not hold all of it yet. Throws an UnreadableFile.
 */
export function readHeader(text: string, last: boolean): (CsvHeader & { length: number; lines: number }) | null {
  let from = 0;
  for (let lines = 1; from < text.length; lines++) {
    const newline = text.indexOf("\n", from);
    if (newline < 0 && !last && text.length - from <= MAX_RECORD) return null;
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(from, end).replace(/\r+$/, "");
    if (line.includes("\r")) throw new UnreadableFile(BARE_RETURNS);
    if (line.length > MAX_RECORD) throw new UnreadableFile(`the header is longer than ${MAX_RECORD / 1024} KB`);
    from = Math.min(end + 1, text.length);
    if (line.trim() !== "") return { ...parseHeader(line), length: from, lines };
  }
  return null;
}

function parseHeader(line: string): CsvHeader {
  const { data, meta } = Papa.parse(line, { preview: 1, delimitersToGuess: DELIMITERS });
  const header = (data[0] ?? []).map((name) => name.trim());
  const named = header.filter((name) => name !== "");
  const twice = named.find((name, index) => named.indexOf(name) !== index);
  if (twice !== undefined) throw new UnreadableFile(`the header has "${twice.slice(0, 60)}" twice`);
  if (header.length > MAX_COLUMNS) throw new UnreadableFile(`the header has more than ${MAX_COLUMNS} columns`);
  return { header, delimiter: DELIMITERS.includes(meta.delimiter) ? meta.delimiter : "," };
}

/** Reads the records behind a header; `line` is the one that the text begins on. */
export function csvReader(header: CsvHeader, line: number): RowReader {
  const records = new CsvRecords(header.delimiter, line);
  const take = (text: string, last: boolean): Row[] => {
    const rows: Row[] = [];
    records.push(text, last, (record) => rows.push(readRecord(record, header)));
    return rows;
  };
  return { push: (text) => take(text, false), end: () => take("", true) };
}

/** Reads a whole file of CSV, its header first, out of a text that comes bit by bit. */
export function csvFileReader(): RowReader {
  let begin = "";
  let reader: RowReader | null = null;
  const take = (text: string, last: boolean): Row[] => {
    if (reader) return reader.push(text);
    begin += text;
    const found = readHeader(begin, last);
    if (!found) return [];
    reader = csvReader(found, 1 + found.lines);
    return reader.push(begin.slice(found.length));
  };
  return { push: (text) => take(text, false), end: () => [...take("", true), ...(reader?.end() ?? [])] };
}

function readRecord(record: RecordText, { delimiter, header }: CsvHeader): Row {
  if ("fault" in record) return record;
  const { line, text } = record;
  let values: readonly string[];
  if (text.includes('"')) {
    const { data, errors } = Papa.parse(text, { delimiter, newline: "\n" });
    if (errors[0] || data.length !== 1) return { line, fault: UNCLOSED };
    values = data[0] ?? [];
  } else values = text.split(delimiter);
  if (values.length !== header.length) {
    return { line, fault: `has ${values.length} fields where the header has ${header.length}` };
  }
  const value: Record<string, string> = {};
  for (let index = 0; index < values.length; index++) {
    const name = header[index] ?? "";
    const field = unguarded((values[index] ?? "").trim());
    if (name === "" || field === "") continue;
    if (name === "__proto__") Object.defineProperty(value, name, { value: field, enumerable: true });
    else value[name] = field;
  }
  return { line, value };
}
