import * as z from "zod";
import type { Language } from "../shared/language";
import type { Facts } from "./facts";

/** SQL of one condition over `contacts AS c`, with its values in order for `?`. */
export interface Sql {
  readonly text: string;
  readonly values: readonly (string | number | null)[];
}

/** One kind of condition of the targeting language. Adding one is a file here and a line in the catalog. */
export interface Condition<Params> {
  readonly params: z.ZodType<Params>;
  readonly describe: (params: Params, language: Language) => string;
  /** Whether it holds at `now`. */
  readonly test: (facts: Facts, params: Params, now: number) => boolean;
  /** The same question for every contact at once. */
  readonly sql: (params: Params, now: number) => Sql;
  readonly example: Params;
}

/** Keeps a definition's own parameter type inside the catalog. */
export function condition<Schema extends z.ZodType>(
  definition: Condition<z.output<Schema>> & { readonly params: Schema },
): Condition<unknown> {
  return definition as Condition<unknown>;
}

export const comparison = z.enum(["eq", "ne", "gt", "gte", "lt", "lte"]);
export type Comparison = z.infer<typeof comparison>;

const OPERATORS: Readonly<
  Record<Comparison, { sql: string; test: (a: number, b: number) => boolean; words: Record<Language, string> }>
> = {
  eq: { sql: "=", test: (a, b) => a === b, words: { en: "exactly", fr: "exactement" } },
  ne: { sql: "<>", test: (a, b) => a !== b, words: { en: "other than", fr: "différent de" } },
  gt: { sql: ">", test: (a, b) => a > b, words: { en: "more than", fr: "plus de" } },
  gte: { sql: ">=", test: (a, b) => a >= b, words: { en: "at least", fr: "au moins" } },
  lt: { sql: "<", test: (a, b) => a < b, words: { en: "less than", fr: "moins de" } },
  lte: { sql: "<=", test: (a, b) => a <= b, words: { en: "at most", fr: "au plus" } },
};

export function compare(op: Comparison, left: number, right: number): boolean {
  return OPERATORS[op].test(left, right);
}

export function compareSql(op: Comparison): string {
  return OPERATORS[op].sql;
}

export function compareWords(op: Comparison, language: Language): string {
  return OPERATORS[op].words[language];
}
