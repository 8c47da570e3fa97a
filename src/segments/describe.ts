import type { Language } from "../shared/language";
import type { Facts } from "./facts";
import type { Rule } from "./rule";
import { childrenOf, conditionOf, paramsOf, testRule } from "./rule";

/** A rule in words. */
export function describeRule(rule: Rule, language: Language): string {
  const group = childrenOf(rule);
  if (group === null) return describeCondition(rule as Extract<Rule, { type: string }>, language);
  const parts = group.rules.map((child) => describeGroup(child, language));
  if (group.key === "not") return `${language === "fr" ? "pas : " : "not: "}${parts.join("")}`;
  if (parts.length === 0) return EMPTY[group.key][language];
  return parts.join(JOINED[group.key][language]);
}

const EMPTY = {
  all: { en: "everybody", fr: "tout le monde" },
  any: { en: "nobody", fr: "personne" },
} as const;
const JOINED = { all: { en: " and ", fr: " et " }, any: { en: " or ", fr: " ou " } } as const;

function describeCondition(rule: Extract<Rule, { type: string }>, language: Language): string {
  const condition = conditionOf(rule.type);
  return condition?.describe(paramsOf(condition, rule), language) ?? rule.type;
}

function describeGroup(rule: Rule, language: Language): string {
  const words = describeRule(rule, language);
  return "all" in rule || "any" in rule ? `(${words})` : words;
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
export function whyRule(rule: Rule, facts: Facts, now: number, language: Language): Why {
  const holds = testRule(rule, facts, now);
  const words = describeRule(rule, language);
  const group = childrenOf(rule);
  if (group) {
    return { holds, words, group: group.key, parts: group.rules.map((child) => whyRule(child, facts, now, language)) };
  }
  const named = rule as Extract<Rule, { type: string }>;
  const condition = conditionOf(named.type);
  if (!condition) return { holds, words };
  const found = condition.found(facts, paramsOf(condition, named), { now, shop: facts.shop }, language);
  return { holds, words, found };
}
