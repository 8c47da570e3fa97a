import type { Language, Words } from "../shared/language";
import { typeset } from "../shared/language";
import type { Terms } from "./compile";
import type { Facts } from "./facts";
import type { Reader } from "./reader";
import { readerOf } from "./reader";
import type { Rule } from "./rule";
import { childrenOf, conditionOf, paramsOf, testRule } from "./rule";

/**
 * A rule in words, whose subject is the contact: `has placed at least 2 orders`. Without terms nobody knows the shop's
 * currency and what its tables are called.
 */
export function describeRule(rule: Rule, language: Language, terms?: Terms): string {
  return typeset(ruleInWords(rule, readerOf(language, terms)), language);
}

const EMPTY: Readonly<Record<"all" | "any", Words>> = {
  all: { en: "is anybody", fr: "est n’importe qui" },
  any: { en: "is nobody", fr: "n’est personne" },
};
const JOINED: Readonly<Record<"all" | "any", Words>> = {
  all: { en: " and ", fr: " et " },
  any: { en: " or ", fr: " ou " },
};
const NOT: Words = { en: "not", fr: "non" };

function ruleInWords(rule: Rule, reader: Reader): string {
  const { language } = reader;
  const group = childrenOf(rule);
  if (group === null) return conditionInWords(rule as Named, reader);
  const [first] = group.rules;
  // Only brackets tell `not: A, and B` from `not: A and B`.
  if (group.key === "not") return `${NOT[language]} (${ruleInWords(first as Rule, reader)})`;
  if (first === undefined) return EMPTY[group.key][language];
  if (group.rules.length === 1) return ruleInWords(first, reader);
  return group.rules.map((child) => partInWords(child, reader)).join(JOINED[group.key][language]);
}

/** Groups of several stand in brackets within another one. */
function partInWords(rule: Rule, reader: Reader): string {
  const group = childrenOf(rule);
  const [first] = group?.rules ?? [];
  if (first !== undefined && group?.key !== "not" && group?.rules.length === 1) return partInWords(first, reader);
  const words = ruleInWords(rule, reader);
  return group && group.key !== "not" && group.rules.length > 1 ? `(${words})` : words;
}

type Named = Extract<Rule, { type: string }>;

function conditionInWords(rule: Named, reader: Reader): string {
  const condition = conditionOf(rule.type);
  return condition?.describe(paramsOf(condition, rule), reader) ?? rule.type;
}

/** Why a rule holds for a contact, or why not: the same tree, with what was found at each condition. */
export interface Why {
  readonly holds: boolean;
  readonly words: string;
  /** Groups only. */
  readonly group?: "all" | "any" | "not" | undefined;
  readonly parts?: readonly Why[] | undefined;
  /** Conditions only: what is there. */
  readonly found?: string | undefined;
}

/** Explains a rule for one contact at `now`, epoch ms. */
export function whyRule(
  rule: Rule,
  facts: Facts,
  now: number,
  language: Language,
  names: Omit<Terms, "shop"> = { table: () => undefined },
): Why {
  const holds = testRule(rule, facts, now);
  const terms = { ...names, shop: facts.shop };
  const words = describeRule(rule, language, terms);
  const group = childrenOf(rule);
  if (group) {
    const parts = group.rules.map((child) => whyRule(child, facts, now, language, names));
    return { holds, words, group: group.key, parts };
  }
  const named = rule as Named;
  const condition = conditionOf(named.type);
  if (!condition) return { holds, words };
  const found = condition.found(
    facts,
    paramsOf(condition, named),
    { now, shop: facts.shop },
    readerOf(language, terms),
  );
  return { holds, words, found: typeset(found, language) };
}
