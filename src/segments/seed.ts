import type { Rule } from "./rule";
import { childrenOf, conditionOf } from "./rule";

/** The rule with a seed for each draw that has none: two rules that draw are not about the same people by chance. */
export function seeded(rule: Rule, seed: string): Rule {
  const group = childrenOf(rule);
  if (group?.key === "not") return { not: seeded(group.rules[0] as Rule, seed) };
  if (group) return { [group.key]: group.rules.map((child) => seeded(child, seed)) } as Rule;
  const named = rule as Extract<Rule, { type: string }>;
  return conditionOf(named.type)?.isDrawn && !named["seed"] ? { ...named, seed } : rule;
}
