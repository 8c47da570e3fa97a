import * as z from "zod";
import { DAY } from "../shared/clock";
import { durationInWords, durationMs, parseDuration } from "../shared/duration";
import type { Language, Words } from "../shared/language";
import { localDate } from "../shared/wall-time";
import type { Compilation, Moment } from "./compile";
import { number } from "./compile";
import type { Cell } from "./facts";
import { anniversaries, dayAfter, momentOf } from "./local-day";

/** What a value is: `money` in minor units, `time` epoch ms, `date` as `YYYY-MM-DD`, `boolean` 1 or 0. */
export const FIELD_TYPES = ["text", "number", "integer", "money", "boolean", "time", "date"] as const;
export type FieldType = (typeof FIELD_TYPES)[number];

/** One operator over a value. A value that is not known meets none of them but `unknown`. */
export interface Operator<Value = unknown> {
  readonly value: z.ZodType<Value>;
  readonly sql: (expression: string, value: Value, compilation: Compilation) => string;
  readonly test: (cell: Exclude<Cell, null>, value: Value, moment: Moment) => boolean;
  readonly words: (value: Value, language: Language, show: (value: Cell) => string) => string;
}

/** Keeps an operator's own type of value inside the catalog. */
function operator<Schema extends z.ZodType>(
  definition: Operator<z.output<Schema>> & { readonly value: Schema },
): Operator {
  return definition as Operator;
}

export const durationText = z
  .string()
  .max(40)
  .refine((text) => parseDuration(text) !== null, "is not an ISO 8601 duration such as P30D");
/** A local day of the shop. */
export const dayText = z.iso.date("is not a date such as 2026-02-28");
const timeText = z.union(
  [dayText, z.iso.datetime({ offset: true })],
  "is neither a date nor an ISO 8601 time with its zone",
);
const anyText = z.string().min(1).max(500);
const amount = z.number().min(-1e15).max(1e15);
const nothing = z.undefined("takes no value");

/** As SQLite's `lower`: letters outside ASCII stay as they are. */
export function lower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

const said = (words: Words) => (value: unknown, language: Language, show: (value: Cell) => string) =>
  `${words[language]} ${show(value as Cell)}`;
const listed = (words: Words) => (values: readonly Cell[], language: Language, show: (value: Cell) => string) => {
  const shown = values.slice(0, 5).map(show).join(", ");
  const more = values.length - 5;
  return `${words[language]} ${shown}${more > 0 ? (language === "fr" ? ` et ${more} autres` : ` and ${more} more`) : ""}`;
};

const COMPARED = {
  eq: { sign: "=", holds: (a: number, b: number) => a === b, words: { en: "exactly", fr: "exactement" } },
  ne: { sign: "<>", holds: (a: number, b: number) => a !== b, words: { en: "other than", fr: "différent de" } },
  gt: { sign: ">", holds: (a: number, b: number) => a > b, words: { en: "more than", fr: "plus de" } },
  gte: { sign: ">=", holds: (a: number, b: number) => a >= b, words: { en: "at least", fr: "au moins" } },
  lt: { sign: "<", holds: (a: number, b: number) => a < b, words: { en: "less than", fr: "moins de" } },
  lte: { sign: "<=", holds: (a: number, b: number) => a <= b, words: { en: "at most", fr: "au plus" } },
} as const;

export const comparison = z.enum(["eq", "ne", "gt", "gte", "lt", "lte"]);
export type Comparison = z.infer<typeof comparison>;

export function compare(op: Comparison, left: number, right: number): boolean {
  return COMPARED[op].holds(left, right);
}

export function compareSql(op: Comparison): string {
  return COMPARED[op].sign;
}

export function compareWords(op: Comparison, language: Language): string {
  return COMPARED[op].words[language];
}

const numbers = Object.fromEntries(
  comparison.options.map((op) => [
    op,
    operator({
      value: amount,
      sql: (expression, value) => `${expression} ${compareSql(op)} ${number(value)}`,
      test: (cell, value) => typeof cell === "number" && compare(op, cell, value),
      words: said(COMPARED[op].words),
    }),
  ]),
) as Record<Comparison, Operator>;

const presence = {
  known: operator({
    value: nothing,
    sql: (expression) => `${expression} IS NOT NULL`,
    test: () => true,
    words: (_value, language) => (language === "fr" ? "connu" : "known"),
  }),
  unknown: operator({
    value: nothing,
    sql: (expression) => `${expression} IS NULL`,
    test: () => false,
    words: (_value, language) => (language === "fr" ? "inconnu" : "unknown"),
  }),
};

const MOST_VALUES = 10_000;
const list = z.array(anyText).min(1).max(MOST_VALUES);

/** Letters of ASCII count as the same in both cases; nobody types a pattern. */
const text = {
  is: operator({
    value: anyText,
    sql: (expression, value, c) => `${expression} = ${c.bind(value)}`,
    test: (cell, value) => cell === value,
    words: said({ en: "is", fr: "est" }),
  }),
  is_not: operator({
    value: anyText,
    sql: (expression, value, c) => `${expression} <> ${c.bind(value)}`,
    test: (cell, value) => cell !== value,
    words: said({ en: "is not", fr: "n’est pas" }),
  }),
  in: operator({
    value: list,
    sql: (expression, values, c) => `${expression} IN ${c.list(values)}`,
    test: (cell, values) => values.includes(String(cell)),
    words: listed({ en: "is one of", fr: "est parmi" }),
  }),
  not_in: operator({
    value: list,
    sql: (expression, values, c) => `${expression} NOT IN ${c.list(values)}`,
    test: (cell, values) => !values.includes(String(cell)),
    words: listed({ en: "is none of", fr: "n’est pas parmi" }),
  }),
  contains: operator({
    value: anyText,
    sql: (expression, value, c) => `instr(lower(${expression}), ${c.bind(lower(value))}) > 0`,
    test: (cell, value) => lower(String(cell)).includes(lower(value)),
    words: said({ en: "contains", fr: "contient" }),
  }),
  begins: operator({
    value: anyText,
    sql: (expression, value, c) => `instr(lower(${expression}), ${c.bind(lower(value))}) = 1`,
    test: (cell, value) => lower(String(cell)).startsWith(lower(value)),
    words: said({ en: "begins with", fr: "commence par" }),
  }),
  ends: operator({
    value: anyText,
    sql: (expression, value, c) =>
      `substr(lower(${expression}), ${number(-[...value].length)}) = ${c.bind(lower(value))}`,
    test: (cell, value) => lower(String(cell)).endsWith(lower(value)),
    words: said({ en: "ends with", fr: "finit par" }),
  }),
  ...presence,
};

const age = (words: Words) => (value: string, language: Language) =>
  words[language].replace("%", durationInWords(durationMs(value), language));

const time = {
  within: operator({
    value: durationText,
    sql: (expression, value, { now }) =>
      `${expression} > ${number(now - durationMs(value))} AND ${expression} <= ${number(now)}`,
    test: (cell, value, { now }) => Number(cell) > now - durationMs(value) && Number(cell) <= now,
    words: age({ en: "in the last %", fr: "depuis %" }),
  }),
  longer_ago: operator({
    value: durationText,
    sql: (expression, value, { now }) => `${expression} <= ${number(now - durationMs(value))}`,
    test: (cell, value, { now }) => Number(cell) <= now - durationMs(value),
    words: age({ en: "% ago or longer", fr: "il y a % ou plus" }),
  }),
  in_next: operator({
    value: durationText,
    sql: (expression, value, { now }) =>
      `${expression} > ${number(now)} AND ${expression} <= ${number(now + durationMs(value))}`,
    test: (cell, value, { now }) => Number(cell) > now && Number(cell) <= now + durationMs(value),
    words: age({ en: "in the next %", fr: "dans les % à venir" }),
  }),
  from: operator({
    value: timeText,
    sql: (expression, value, { shop }) => `${expression} >= ${number(momentOf(value, shop.zone))}`,
    test: (cell, value, { shop }) => Number(cell) >= momentOf(value, shop.zone),
    words: said({ en: "from", fr: "à partir de" }),
  }),
  until: operator({
    value: timeText,
    sql: (expression, value, { shop }) => `${expression} < ${number(momentOf(value, shop.zone))}`,
    test: (cell, value, { shop }) => Number(cell) < momentOf(value, shop.zone),
    words: said({ en: "before", fr: "avant" }),
  }),
  ...presence,
};

const IS_DATE = "GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'";
const isDate = (cell: Cell): boolean => /^\d{4}-\d\d-\d\d$/.test(String(cell));
const days = z.number().int().min(0).max(3_660);
const inDays = z
  .strictObject({ from: z.number().int().min(-366).max(366), to: z.number().int().min(-366).max(366) })
  .refine(({ from, to }) => from <= to, "ends before it begins");

/** Compared as texts: a date is ten characters of ASCII. */
const date = {
  from: operator({
    value: dayText,
    sql: (expression, value, c) => `${expression} ${IS_DATE} AND ${expression} >= ${c.bind(value)}`,
    test: (cell, value) => isDate(cell) && String(cell) >= value,
    words: said({ en: "from", fr: "à partir du" }),
  }),
  until: operator({
    value: dayText,
    sql: (expression, value, c) => `${expression} ${IS_DATE} AND ${expression} < ${c.bind(value)}`,
    test: (cell, value) => isDate(cell) && String(cell) < value,
    words: said({ en: "before", fr: "avant le" }),
  }),
  days_ago: operator({
    value: days,
    sql: (expression, value, c) =>
      `${expression} ${IS_DATE} AND ${expression} <= ${c.bind(dayAfter(localDate(c.now, c.shop.zone), -value))}`,
    test: (cell, value, { now, shop }) => isDate(cell) && String(cell) <= dayAfter(localDate(now, shop.zone), -value),
    words: (value, language) => (language === "fr" ? `il y a ${value} jours ou plus` : `${value} days ago or longer`),
  }),
  in_days: operator({
    value: inDays,
    sql(expression, { from, to }, c) {
      const today = localDate(c.now, c.shop.zone);
      const between = `BETWEEN ${c.bind(dayAfter(today, from))} AND ${c.bind(dayAfter(today, to))}`;
      return `${expression} ${IS_DATE} AND ${expression} ${between}`;
    },
    test(cell, { from, to }, { now, shop }) {
      const today = localDate(now, shop.zone);
      return isDate(cell) && String(cell) >= dayAfter(today, from) && String(cell) <= dayAfter(today, to);
    },
    words: (value, language) => daysInWords(value, language),
  }),
  anniversary: operator({
    value: inDays,
    sql: (expression, { from, to }, c) =>
      `${expression} ${IS_DATE} AND substr(${expression}, 6) IN ${c.list(anniversaries(c.now, c.shop.zone, from, to))}`,
    test: (cell, { from, to }, { now, shop }) =>
      isDate(cell) && anniversaries(now, shop.zone, from, to).includes(String(cell).slice(5)),
    words: (value, language) =>
      language === "fr" ? `a son anniversaire ${daysInWords(value, "fr")}` : `comes round ${daysInWords(value, "en")}`,
  }),
  ...presence,
};

function daysInWords({ from, to }: { from: number; to: number }, language: Language): string {
  if (from === 0 && to === 0) return language === "fr" ? "aujourd’hui" : "today";
  return language === "fr" ? `de J${sign(from)} à J${sign(to)}` : `from day ${sign(from)} to day ${sign(to)}`;
}

function sign(day: number): string {
  return day < 0 ? String(day) : `+${day}`;
}

const boolean = {
  is: operator({
    value: z.boolean(),
    sql: (expression, value) => `${expression} = ${value ? 1 : 0}`,
    test: (cell, value) => cell === (value ? 1 : 0),
    words: (value, language) => (language === "fr" ? (value ? "oui" : "non") : value ? "yes" : "no"),
  }),
  ...presence,
};

/** Every operator, by the type of what it is asked of. The one place to add one. */
export const OPERATORS: Readonly<Record<FieldType, Readonly<Record<string, Operator>>>> = {
  text,
  number: { ...numbers, ...presence },
  integer: { ...numbers, ...presence },
  money: { ...numbers, ...presence },
  boolean,
  time,
  date,
};

/** The operator of this name, from the closed list of its type. */
export function operatorOf(type: FieldType, op: string): Operator | undefined {
  const known = OPERATORS[type];
  return Object.hasOwn(known, op) ? known[op] : undefined;
}

/** Whether an operator holds of a value. */
export function holds(type: FieldType, op: string, cell: Cell, value: unknown, moment: Moment): boolean {
  if (cell === null) return op === "unknown";
  return operatorOf(type, op)?.test(cell, value, moment) ?? false;
}

export function yesOrNo(is: boolean, language: Language): string {
  return is ? (language === "fr" ? "oui" : "yes") : language === "fr" ? "non" : "no";
}

/** A value as people read it. */
export function shown(type: FieldType, value: Cell, language: Language): string {
  if (value === null) return language === "fr" ? "rien" : "nothing";
  if (type === "money") return (Number(value) / 100).toFixed(2);
  if (type === "time" && typeof value === "number") return new Date(value).toISOString().slice(0, 10);
  if (type === "boolean") return yesOrNo(value === 1, language);
  return type === "text" ? `“${value}”` : String(value);
}

/** Whole days of a span, for ages in words. */
export function wholeDays(ms: number): number {
  return Math.floor(ms / DAY);
}
