import * as z from "zod";
import type { Language, Words } from "../shared/language";
import type { Comparison } from "./comparison";
import { COMPARED, compare, compareSql, comparison } from "./comparison";
import type { Moment } from "./compile";
import { number } from "./compile";
import type { Cell } from "./facts";
import type { FieldType, Operator } from "./operator";
import { FIELD_TYPES, operator, presence, said } from "./operator";
import { date, time } from "./time-operators";

const anyText = z.string().min(1).max(500);
const amount = z.number().min(-1e15).max(1e15);

/** As SQLite's `lower`: letters outside ASCII stay as they are. */
export function lower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** As SQLite counts: by code points. */
function lettersOf(text: string): number {
  return Array.from(text).length;
}

const listed = (words: Words) => (values: readonly Cell[], language: Language, show: (value: Cell) => string) => {
  const shown = values.slice(0, 5).map(show).join(", ");
  const more = values.length - 5;
  return `${words[language]} ${shown}${more > 0 ? (language === "fr" ? ` et ${more} autres` : ` and ${more} more`) : ""}`;
};

const numbers = Object.fromEntries(
  comparison.options.map((op) => [
    op,
    operator({
      label: COMPARED[op].words,
      value: amount,
      sql: (expression, value) => `${expression} ${compareSql(op)} ${number(value)}`,
      test: (cell, value) => typeof cell === "number" && compare(op, cell, value),
      words: said(COMPARED[op].words),
    }),
  ]),
) as Record<Comparison, Operator>;

const MOST_VALUES = 10_000;
const list = z.array(anyText).min(1).max(MOST_VALUES);

/** Letters of ASCII count as the same in both cases; nobody types a pattern. */
const text = {
  is: operator({
    label: { en: "is", fr: "est" },
    value: anyText,
    sql: (expression, value, c) => `${expression} = ${c.bind(value)}`,
    test: (cell, value) => cell === value,
    words: said({ en: "is", fr: "est" }),
  }),
  is_not: operator({
    label: { en: "is not", fr: "n’est pas" },
    value: anyText,
    sql: (expression, value, c) => `${expression} <> ${c.bind(value)}`,
    test: (cell, value) => cell !== value,
    words: said({ en: "is not", fr: "n’est pas" }),
  }),
  in: operator({
    label: { en: "is one of", fr: "est parmi" },
    value: list,
    sql: (expression, values, c) => c.isOneOf(expression, values),
    test: (cell, values) => values.includes(String(cell)),
    words: listed({ en: "is one of", fr: "est parmi" }),
  }),
  not_in: operator({
    label: { en: "is none of", fr: "n’est pas parmi" },
    value: list,
    sql: (expression, values, c) => `${expression} NOT IN ${c.list(values)}`,
    test: (cell, values) => !values.includes(String(cell)),
    words: listed({ en: "is none of", fr: "n’est pas parmi" }),
  }),
  contains: operator({
    label: { en: "contains", fr: "contient" },
    value: anyText,
    sql: (expression, value, c) => `instr(lower(${expression}), ${c.bind(lower(value))}) > 0`,
    test: (cell, value) => lower(String(cell)).includes(lower(value)),
    words: said({ en: "contains", fr: "contient" }),
  }),
  begins: operator({
    label: { en: "begins with", fr: "commence par" },
    value: anyText,
    sql: (expression, value, c) => `instr(lower(${expression}), ${c.bind(lower(value))}) = 1`,
    test: (cell, value) => lower(String(cell)).startsWith(lower(value)),
    words: said({ en: "begins with", fr: "commence par" }),
  }),
  ends: operator({
    label: { en: "ends with", fr: "finit par" },
    value: anyText,
    sql: (expression, value, c) =>
      `substr(lower(${expression}), ${number(-lettersOf(value))}) = ${c.bind(lower(value))}`,
    test: (cell, value) => lower(String(cell)).endsWith(lower(value)),
    words: said({ en: "ends with", fr: "finit par" }),
  }),
  ...presence,
};

const boolean = {
  is: operator({
    label: { en: "is", fr: "est" },
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

/** An operator in words where nobody knows the type of what it is asked of: that of the first type it fits. */
export function operatorInWords(op: string, value: unknown, language: Language): string {
  const fitting = FIELD_TYPES.find((type) => operatorOf(type, op)?.value.safeParse(value).success);
  const operator = fitting && operatorOf(fitting, op);
  return operator?.words(value, language, (one) => shown(fitting ?? "text", one, language)) ?? op;
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
