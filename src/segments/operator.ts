import * as z from "zod";
import type { Words } from "../shared/language";
import type { Compilation, Moment } from "./compile";
import type { Cell } from "./facts";
import type { Reader } from "./reader";

/** What a value is: `money` in minor units, `time` epoch ms, `date` as `YYYY-MM-DD`, `boolean` 1 or 0. */
export const FIELD_TYPES = ["text", "number", "integer", "money", "boolean", "time", "date"] as const;
export type FieldType = (typeof FIELD_TYPES)[number];

/**
 * How an operator stands with the name of a field: the value `as` it, behind it (`of`), a time at which it `falls` or
 * comes `round`, that it is `known` or not, or a `yes` or no.
 */
type Form = "as" | "of" | "falls" | "round" | "known" | "unknown" | "yes";

/** One operator over a value. A value that is not known meets none of them but `unknown`. */
export interface Operator<Value = unknown> {
  /** What it is called where one is chosen. */
  readonly label: Words;
  readonly value: z.ZodType<Value>;
  readonly sql: (expression: string, value: Value, compilation: Compilation) => string;
  readonly test: (cell: Exclude<Cell, null>, value: Value, moment: Moment) => boolean;
  readonly form: Form;
  /** The value in words that fit the form. */
  readonly words: (value: Value, reader: Reader, show: (value: Cell) => string) => string;
}

/** Keeps an operator's own type of value inside the catalog. */
export function operator<Schema extends z.ZodType>(
  definition: Operator<z.output<Schema>> & { readonly value: Schema },
): Operator {
  return definition as Operator;
}

const nothing = z.undefined("takes no value");

/** Words in front of the value. */
export const said =
  (words: Words) =>
  (value: unknown, { language }: Reader, show: (value: Cell) => string) =>
    `${words[language]} ${show(value as Cell)}`;
/** Words about the value, at the place of `%`. */
export const saidOf =
  (words: Words) =>
  (value: unknown, { language }: Reader, show: (value: Cell) => string) =>
    words[language].replace("%", () => show(value as Cell));
/** What any value can be asked. */
export const presence = {
  known: operator({
    label: { en: "is known", fr: "est connu" },
    value: nothing,
    sql: (expression) => `${expression} IS NOT NULL`,
    test: () => true,
    form: "known",
    words: () => "",
  }),
  unknown: operator({
    label: { en: "is not known", fr: "n’est pas connu" },
    value: nothing,
    sql: (expression) => `${expression} IS NULL`,
    test: () => false,
    form: "unknown",
    words: () => "",
  }),
};
