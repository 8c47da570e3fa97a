import * as z from "zod";
import type { Words } from "../shared/language";
import type { Comparison } from "./comparison";
import { COMPARED, compare, compareSql, comparison } from "./comparison";
import type { Moment } from "./compile";
import { number } from "./compile";
import type { Cell } from "./facts";
import type { Field } from "./field";
import { folded } from "./folded";
import type { FieldType, Operator } from "./operator";
import { FIELD_TYPES, operator, presence, said } from "./operator";
import type { Reader } from "./reader";
import { listInWords, yesOrNo } from "./shown";
import { date, time } from "./time-operators";

const anyText = z.string().min(1).max(500);
type Asked = Pick<Field, "type" | "options" | "isCode">;

const amount = z.number().min(-1e15).max(1e15);

/** As SQLite's `lower`: letters outside ASCII stay as they are. */
export function lower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** As SQLite counts: by code points. */
function lettersOf(text: string): number {
  return Array.from(text).length;
}

/** Several values, any of which will do. */
const listed =
  (word: "and" | "or", words: Words) => (values: readonly Cell[], reader: Reader, show: (value: Cell) => string) =>
    `${words[reader.language]}${listInWords(values.map(show), word, reader.language)}`;

const numbers = Object.fromEntries(
  comparison.options.map((op) => [
    op,
    operator({
      label: COMPARED[op].words,
      value: amount,
      sql: (expression, value) => `${expression} ${compareSql(op)} ${number(value)}`,
      test: (cell, value) => typeof cell === "number" && compare(op, cell, value),
      form: "of",
      words: said(COMPARED[op].of),
    }),
  ]),
) as Record<Comparison, Operator>;

const MOST_VALUES = 10_000;
const list = z.array(anyText).min(1).max(MOST_VALUES);

/** As they are, for codes out of closed lists; nobody types a pattern. */
const text = {
  is: operator({
    label: { en: "is", fr: "est" },
    value: anyText,
    sql: (expression, value, c) => `${expression} = ${c.bind(value)}`,
    test: (cell, value) => cell === value,
    form: "as",
    words: (value, _reader, show) => show(value),
  }),
  is_not: operator({
    label: { en: "is not", fr: "n’est pas" },
    value: anyText,
    sql: (expression, value, c) => `${expression} <> ${c.bind(value)}`,
    test: (cell, value) => cell !== value,
    form: "of",
    words: said({ en: "other than", fr: "autre que" }),
  }),
  in: operator({
    label: { en: "is one of", fr: "est parmi" },
    value: list,
    sql: (expression, values, c) => c.isOneOf(expression, values),
    test: (cell, values) => values.includes(String(cell)),
    form: "as",
    words: listed("or", { en: "", fr: "" }),
  }),
  not_in: operator({
    label: { en: "is none of", fr: "n’est pas parmi" },
    value: list,
    sql: (expression, values, c) => `${expression} NOT IN ${c.list(values)}`,
    test: (cell, values) => !values.includes(String(cell)),
    form: "of",
    words: listed("and", { en: "other than ", fr: "autre que " }),
  }),
  contains: operator({
    label: { en: "contains", fr: "contient" },
    value: anyText,
    sql: (expression, value, c) => `instr(lower(${expression}), ${c.bind(lower(value))}) > 0`,
    test: (cell, value) => lower(String(cell)).includes(lower(value)),
    form: "of",
    words: said({ en: "that contains", fr: "qui contient" }),
  }),
  begins: operator({
    label: { en: "begins with", fr: "commence par" },
    value: anyText,
    sql: (expression, value, c) => `instr(lower(${expression}), ${c.bind(lower(value))}) = 1`,
    test: (cell, value) => lower(String(cell)).startsWith(lower(value)),
    form: "of",
    words: said({ en: "that begins with", fr: "qui commence par" }),
  }),
  ends: operator({
    label: { en: "ends with", fr: "finit par" },
    value: anyText,
    sql: (expression, value, c) =>
      `substr(lower(${expression}), ${number(-lettersOf(value))}) = ${c.bind(lower(value))}`,
    test: (cell, value) => lower(String(cell)).endsWith(lower(value)),
    form: "of",
    words: said({ en: "that ends with", fr: "qui se termine par" }),
  }),
  ...presence,
};

const boolean = {
  is: operator({
    label: { en: "is", fr: "est" },
    value: z.boolean(),
    sql: (expression, value) => `${expression} = ${value ? 1 : 0}`,
    test: (cell, value) => cell === (value ? 1 : 0),
    form: "yes",
    words: (value, { language }) => yesOrNo(value, language),
  }),
  ...presence,
};

/** Every operator, by the type of what it is asked of. The one place to add one. */
export const OPERATORS: Readonly<Record<FieldType, Readonly<Record<string, Operator>>>> = {
  text: folded(text),
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

/** The operator for a field: codes are compared as they are, other texts whatever the case of their letters. */
export function operatorFor({ type, options, isCode }: Asked, op: string): Operator | undefined {
  const isExact = type === "text" && (options !== undefined || isCode === true);
  return isExact && Object.hasOwn(text, op) ? (text as Readonly<Record<string, Operator>>)[op] : operatorOf(type, op);
}

/** The type of what an operator is asked of where nobody knows it: the first that it fits. */
export function typeFitting(op: string, value: unknown): FieldType {
  return FIELD_TYPES.find((type) => operatorOf(type, op)?.value.safeParse(value).success) ?? "text";
}

/** Whether an operator holds of a value of some type. */
export function holds(type: FieldType, op: string, cell: Cell, value: unknown, moment: Moment): boolean {
  return holdsOf({ type }, op, cell, value, moment);
}

/** Whether an operator holds of what a field says. */
export function holdsOf(field: Asked, op: string, cell: Cell, value: unknown, moment: Moment): boolean {
  if (cell === null) return op === "unknown";
  return operatorFor(field, op)?.test(cell, value, moment) ?? false;
}
