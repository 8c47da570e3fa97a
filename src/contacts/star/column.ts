import { parseTime } from "../../events/time";
import { DAY } from "../../shared/clock";
import { parseMajor } from "../../shared/money";

/** One value as the database holds it. */
export type Cell = string | number | null;

/** A kind of column: how its values are read, kept and shown. */
interface ColumnKind {
  /** The columns of the database behind it, by what follows the name. */
  readonly parts: readonly { readonly suffix: string; readonly sql: "TEXT" | "INTEGER" | "REAL" }[];
  /** What a value must be, as the end of "is not …". */
  readonly wanted: string;
  /** One cell for each part, or null where it is none. `currency` is that of plain amounts, where there may be any. */
  readonly read: (value: unknown, currency: string | null) => readonly Cell[] | null;
  /** The value as answers show it, of cells that are not all null. */
  readonly show: (cells: readonly Cell[]) => unknown;
}

const MAX_TEXT = 2_000;
const MAX_JSON = 8_000;
const MAX_MINOR = 1_000_000_000;
/** Times of the years 0000 to 9999, which are written with four digits. */
const FIRST_YEAR = Date.UTC(2000, 0) - 2000 * 365.2425 * DAY;
const AFTER_LAST_YEAR = Date.UTC(10_000, 0);

const one = (sql: "TEXT" | "INTEGER" | "REAL"): ColumnKind["parts"] => [{ suffix: "", sql }];
const asIs = ([cell]: readonly Cell[]): unknown => cell;

/** Every type that a column of a star or custom table can have. The one place to add one. */
export const COLUMN_TYPES = {
  text: {
    parts: one("TEXT"),
    wanted: `a text of 1 to ${MAX_TEXT} characters`,
    read(value) {
      const text = typeof value === "number" && Number.isFinite(value) ? String(value) : value;
      return typeof text === "string" && text !== "" && text.length <= MAX_TEXT ? [text] : null;
    },
    show: asIs,
  },
  integer: {
    parts: one("INTEGER"),
    wanted: "a whole number",
    read(value) {
      const number = typeof value === "string" && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
      return typeof number === "number" && Number.isSafeInteger(number) ? [number + 0] : null;
    },
    show: asIs,
  },
  number: {
    parts: one("REAL"),
    wanted: "a number",
    read(value) {
      const number = typeof value === "string" && /^-?\d{1,15}(\.\d{1,15})?$/.test(value) ? Number(value) : value;
      return typeof number === "number" && Number.isFinite(number) ? [number + 0] : null;
    },
    show: asIs,
  },
  boolean: {
    parts: one("INTEGER"),
    wanted: "true or false",
    read(value) {
      if (value === true || value === "true") return [1];
      return value === false || value === "false" ? [0] : null;
    },
    show: ([cell]) => cell === 1,
  },
  time: {
    parts: one("INTEGER"),
    wanted: "an ISO 8601 time",
    read(value) {
      if (typeof value !== "number" && !(typeof value === "string" && /^\d{4}-\d\d-\d\d([T ]|$)/.test(value)))
        return null;
      const at = parseTime(value);
      return at === null || at < FIRST_YEAR || at >= AFTER_LAST_YEAR ? null : [Math.trunc(at) + 0];
    },
    show: ([cell]) => new Date(Number(cell)).toISOString(),
  },
  date: {
    parts: one("TEXT"),
    wanted: "a date as in 2026-02-28",
    read(value) {
      if (typeof value !== "string" || !/^\d{4}-\d\d-\d\d$/.test(value)) return null;
      const at = Date.parse(`${value}T00:00:00Z`);
      // 30 February is taken for 2 March by some engines.
      return !Number.isNaN(at) && new Date(at).toISOString().startsWith(value) ? [value] : null;
    },
    show: asIs,
  },
  money: {
    parts: [
      { suffix: "", sql: "INTEGER" },
      { suffix: "_currency", sql: "TEXT" },
    ],
    wanted: "an amount: {amount, currency} in minor units",
    read(value, currency) {
      if (typeof value === "object" && value !== null) {
        const { amount, currency: stated } = value as { amount?: unknown; currency?: unknown };
        if (typeof stated !== "string" || !/^[A-Z]{3}$/.test(stated)) return null;
        const fits = typeof amount === "number" && Number.isSafeInteger(amount) && Math.abs(amount) <= MAX_MINOR;
        return fits ? [amount + 0, stated] : null;
      }
      const minor = currency === null ? null : parseMajor(value, currency);
      return minor === null ? null : [minor, currency];
    },
    show: ([amount, currency]) => ({ amount, currency }),
  },
  json: {
    parts: one("TEXT"),
    wanted: `JSON of at most ${MAX_JSON} characters`,
    read(value) {
      const text = JSON.stringify(value) as string | undefined;
      return text !== undefined && text.length <= MAX_JSON ? [text] : null;
    },
    show: ([cell]) => JSON.parse(String(cell)) as unknown,
  },
} as const satisfies Record<string, ColumnKind>;

export type ColumnType = keyof typeof COLUMN_TYPES;

export function kindOf(type: ColumnType): ColumnKind {
  return COLUMN_TYPES[type];
}
