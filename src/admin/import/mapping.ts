import type { DateOrder } from "../../shared/wall-time";
import { parseWallTime } from "../../shared/wall-time";

/** How the columns of a shop's own files are to be read. */
export interface Mapping {
  /** Our column → theirs, or several of theirs, of which the first that is not empty counts. */
  readonly columns: Readonly<Record<string, string | readonly string[]>>;
  /** Of times that name no zone (IANA); UTC unless it says more. */
  readonly timezone?: string | undefined;
  /** How their dates are written, where not as ISO 8601: the day or the month first. */
  readonly dates?: DateOrder | undefined;
  /** Of lines that name none (ISO 4217). */
  readonly currency?: string | undefined;
  /** What parts the decimals of their numbers; a point unless it says more. */
  readonly decimal?: "." | "," | undefined;
  readonly cancellation?: Cancellation | undefined;
  /** Our word for what they write in a column of ours, by theirs in small letters. */
  readonly values?: Readonly<Record<string, Readonly<Record<string, string>>>> | undefined;
  /** What becomes of their columns that `columns` does not name: attributes, unless it says more. */
  readonly others?: "keep" | "leave_out" | undefined;
  /** One of their columns. A row without it only goes on with the row above, and is left out. */
  readonly begins?: string | undefined;
  /** Columns of theirs that are empty where a row goes on with the one above: they are taken from there. */
  readonly fill?: Fill | undefined;
}

/** Rows that belong together: those after the first leave some columns empty. */
export interface Fill {
  /** What they have in common: one of their columns. */
  readonly by: string;
  readonly columns: readonly string[];
}

/** How a file marks lines that take an earlier order back. */
export interface Cancellation {
  /** One of their columns, or of ours. */
  readonly column: string;
  /** Whatever begins with it there is a cancellation. */
  readonly prefix: string;
  readonly as: "ignore" | "refund";
}

type Row = Readonly<Record<string, unknown>>;

/** What a mapping needs to know of a kind. */
interface Columns {
  readonly columns: readonly string[];
  readonly times?: readonly string[];
  readonly days?: readonly string[];
  readonly numbers?: readonly string[];
}

/**
 * Makes the function that gives a row our names for its columns, its times as ISO 8601 in UTC and its numbers with a
 * point. What cannot be read so stays as it is, for the kind to refuse.
 */
export function rowMapping(mapping: Mapping | null, kind: Columns): (row: Row) => Row {
  if (mapping === null) return (row) => row;
  const { times = [], days = [], numbers = [] } = kind;
  const { timezone = "UTC", dates } = mapping;
  const renamed = Object.entries(mapping.columns).map(([ours, theirs]) => [ours, [theirs].flat()] as const);
  // No attribute may be called `__proto__`: to set it would change what the row is.
  const taken = new Set(["__proto__", ...renamed.flatMap(([ours, theirs]) => [ours, ...theirs])]);
  const currency = kind.columns.includes("currency") ? mapping.currency : undefined;
  const translated = Object.entries(mapping.values ?? {});
  return (row) => {
    const mapped: Record<string, unknown> = {};
    if (mapping.others !== "leave_out") for (const name in row) if (!taken.has(name)) mapped[name] = row[name];
    for (const [ours, theirs] of renamed) {
      const name = theirs.find((one) => !isEmpty(row[one]));
      if (name !== undefined) mapped[ours] = plainText(row[name]);
    }
    for (const [ours, words] of translated) if (ours in mapped) mapped[ours] = ourWord(mapped[ours], words);
    for (const name of times) if (name in mapped) mapped[name] = timeIn(mapped[name], timezone, dates);
    if (dates) for (const name of days) if (name in mapped) mapped[name] = dayIn(mapped[name], dates);
    if (mapping.decimal === ",") for (const name of numbers) if (name in mapped) mapped[name] = withPoint(mapped[name]);
    if (currency !== undefined) mapped["currency"] ??= currency;
    return mapped;
  };
}

/** Shops write an apostrophe before digits, so that a spreadsheet leaves them as they are. */
function plainText(value: unknown): unknown {
  return typeof value === "string" && /^'[+\d]/.test(value) ? value.slice(1) : value;
}

function ourWord(value: unknown, words: Readonly<Record<string, string>>): unknown {
  const theirs = typeof value === "string" ? value.toLowerCase() : "";
  return Object.hasOwn(words, theirs) ? words[theirs] : value;
}

function timeIn(value: unknown, timezone: string, dates: DateOrder | undefined): unknown {
  const at = typeof value === "string" ? parseWallTime(value.trim(), timezone, dates) : null;
  return at === null ? value : new Date(at).toISOString();
}

/** A day is the same in every zone. */
function dayIn(value: unknown, dates: DateOrder): unknown {
  const iso = timeIn(value, "UTC", dates);
  return iso === value ? value : String(iso).slice(0, 10);
}

/** "1.234,50" and "1 234,50" as "1234.50". */
function withPoint(value: unknown): unknown {
  if (typeof value !== "string") return value;
  return value.replace(/[.\s\u00a0\u202f'’]/g, "").replace(",", ".");
}

/** Whether a row of theirs, with their names still or with ours, takes an earlier order back. */
export function isCancellation(mapping: Mapping | null, row: Row, mapped: Row): boolean {
  const cancellation = mapping?.cancellation;
  if (!cancellation) return false;
  const value = row[cancellation.column] ?? mapped[cancellation.column];
  return typeof value === "string" && value.startsWith(cancellation.prefix);
}

/** Whether a row of theirs is left out: a cancellation that is to be ignored, or one that goes on with the row above. */
export function isLeftOut(mapping: Mapping | null, row: Row, mapped: Row): boolean {
  return (mapping?.cancellation?.as === "ignore" && isCancellation(mapping, row, mapped)) || isFurther(mapping, row);
}

/** Whether a row of theirs only goes on with the one above. */
export function isFurther(mapping: Mapping | null, row: Row): boolean {
  return mapping?.begins !== undefined && isEmpty(row[mapping.begins]);
}

/** Makes the function that fills what a row leaves empty from the row above, if both belong together. */
export function rowFiller(mapping: Mapping | null): (row: Row) => Row {
  const fill = mapping?.fill;
  if (!fill) return (row) => row;
  let above: Row = {};
  return (row) => {
    const isFirst = isEmpty(row[fill.by]) || row[fill.by] !== above[fill.by];
    const empty = isFirst ? [] : fill.columns.filter((name) => isEmpty(row[name]) && !isEmpty(above[name]));
    above = empty.length === 0 ? row : { ...row, ...Object.fromEntries(empty.map((name) => [name, above[name]])) };
    return above;
  };
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}
