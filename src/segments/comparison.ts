import * as z from "zod";
import type { Language } from "../shared/language";
import { hinted } from "./hint";

/** How two numbers are compared. */
export const COMPARED = {
  eq: { sign: "=", holds: (a: number, b: number) => a === b, words: { en: "exactly", fr: "exactement" } },
  ne: { sign: "<>", holds: (a: number, b: number) => a !== b, words: { en: "other than", fr: "différent de" } },
  gt: { sign: ">", holds: (a: number, b: number) => a > b, words: { en: "more than", fr: "plus de" } },
  gte: { sign: ">=", holds: (a: number, b: number) => a >= b, words: { en: "at least", fr: "au moins" } },
  lt: { sign: "<", holds: (a: number, b: number) => a < b, words: { en: "less than", fr: "moins de" } },
  lte: { sign: "<=", holds: (a: number, b: number) => a <= b, words: { en: "at most", fr: "au plus" } },
} as const;

export const comparison = hinted(z.enum(["eq", "ne", "gt", "gte", "lt", "lte"]), {
  words: { en: "Compared", fr: "Comparaison" },
  quiet: true,
  choices: Object.fromEntries(Object.entries(COMPARED).map(([op, { words }]) => [op, words])),
});
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
