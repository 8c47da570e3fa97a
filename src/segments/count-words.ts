import type { Words } from "../shared/language";
import type { Comparison } from "./comparison";
import { compareWords } from "./comparison";
import { ofWhat } from "./phrase";
import type { Reader } from "./reader";
import { numberInWords } from "./shown";

/** What somebody does with things that are counted: `has placed`, and where there are none `has placed no`. */
export interface Verb extends Words {
  readonly none: Words;
}

export interface Noun {
  readonly one: Words;
  readonly many: Words;
}

/** The word for so many. French says zero and one in the singular, English one alone. */
function nounFor({ one, many }: Noun, count: number, { language }: Reader): string {
  return (count === 1 || (count === 0 && language === "fr") ? one : many)[language];
}

export function countedInWords(count: number, noun: Noun, reader: Reader): string {
  return `${numberInWords(count, reader.language)} ${nounFor(noun, count, reader)}`;
}

/** Whether a comparison of a count, which is never below 0, leaves none alone. */
function isNone(op: Comparison, value: number): boolean {
  return (value === 0 && (op === "eq" || op === "lte")) || (value === 1 && op === "lt");
}

/** `has placed at least 2 orders`, `n’a passé aucune commande`. */
export function countInWords(verb: Verb, noun: Noun, op: Comparison, value: number, reader: Reader): string {
  const { language } = reader;
  if (isNone(op, value)) return `${verb.none[language]} ${nounFor(noun, 0, reader)}`;
  const isAny = value === 0 && (op === "gt" || op === "ne");
  if (isAny) return countInWords(verb, noun, "gte", 1, reader);
  if (op === "ne") {
    const number = numberInWords(value, language);
    return language === "fr"
      ? `${verb.fr} un nombre ${ofWhat(noun.many.fr)} autre que ${number}`
      : `${verb.en} a number of ${noun.many.en} other than ${number}`;
  }
  const compared = op === "lt" && language === "en" ? "fewer than" : compareWords(op, language);
  return `${verb[language]} ${compared} ${countedInWords(value, noun, reader)}`;
}
