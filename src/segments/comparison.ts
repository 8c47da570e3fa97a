import * as z from "zod";
import type { Language, Words } from "../shared/language";
import { hinted } from "./hint";

/** How two numbers are compared: in words as a choice, and behind the name of what is compared. */
export const COMPARED = {
  eq: {
    sign: "=",
    holds: (a: number, b: number) => a === b,
    words: { en: "exactly", fr: "exactement" },
    of: { en: "of exactly", fr: "d’exactement" },
  },
  ne: {
    sign: "<>",
    holds: (a: number, b: number) => a !== b,
    words: { en: "other than", fr: "différent de" },
    of: { en: "other than", fr: "autre que" },
  },
  gt: {
    sign: ">",
    holds: (a: number, b: number) => a > b,
    words: { en: "more than", fr: "plus de" },
    of: { en: "of more than", fr: "de plus de" },
  },
  gte: {
    sign: ">=",
    holds: (a: number, b: number) => a >= b,
    words: { en: "at least", fr: "au moins" },
    of: { en: "of at least", fr: "d’au moins" },
  },
  lt: {
    sign: "<",
    holds: (a: number, b: number) => a < b,
    words: { en: "less than", fr: "moins de" },
    of: { en: "of less than", fr: "de moins de" },
  },
  lte: {
    sign: "<=",
    holds: (a: number, b: number) => a <= b,
    words: { en: "at most", fr: "au plus" },
    of: { en: "of at most", fr: "d’au plus" },
  },
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

/** Behind a verb: `at least`, `au moins`. */
export function compareWords(op: Comparison, language: Language): string {
  return op === "ne" ? ANYTHING_BUT[language] : COMPARED[op].words[language];
}

const ANYTHING_BUT: Words = { en: "anything but", fr: "autre chose que" };
