import { parseWallTime } from "../../shared/wall-time";

/** How the columns of a shop's own files are to be read. */
export interface Mapping {
  /** Our column → theirs. Their other columns keep their names. */
  readonly columns: Readonly<Record<string, string>>;
  /** Of times that name no zone (IANA); UTC unless it says more. */
  readonly timezone?: string | undefined;
  /** Of lines that name none (ISO 4217). */
  readonly currency?: string | undefined;
  /** What parts the decimals of their numbers; a point unless it says more. */
  readonly decimal?: "." | "," | undefined;
  readonly cancellation?: Cancellation | undefined;
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
  readonly numbers?: readonly string[];
}

/**
 * Makes the function that gives a row our names for its columns, its times as ISO 8601 in UTC and its numbers with a
 * point. What cannot be read so stays as it is, for the kind to refuse.
 */
export function rowMapping(mapping: Mapping | null, kind: Columns): (row: Row) => Row {
  if (mapping === null) return (row) => row;
  const { times = [], numbers = [] } = kind;
  const renamed = Object.entries(mapping.columns);
  const taken = new Set([...renamed.map(([, theirs]) => theirs), ...renamed.map(([ours]) => ours)]);
  const currency = kind.columns.includes("currency") ? mapping.currency : undefined;
  return (row) => {
    const mapped: Record<string, unknown> = {};
    for (const name in row) if (!taken.has(name)) mapped[name] = row[name];
    for (const [ours, theirs] of renamed) if (row[theirs] !== undefined) mapped[ours] = row[theirs];
    for (const name of times) if (name in mapped) mapped[name] = timeIn(mapped[name], mapping.timezone ?? "UTC");
    if (mapping.decimal === ",") for (const name of numbers) if (name in mapped) mapped[name] = withPoint(mapped[name]);
    if (currency !== undefined) mapped["currency"] ??= currency;
    return mapped;
  };
}

function timeIn(value: unknown, timezone: string): unknown {
  const at = typeof value === "string" ? parseWallTime(value, timezone) : null;
  return at === null ? value : new Date(at).toISOString();
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
