import type { Rule } from "./rule";
import { childrenOf } from "./rule";

/** The families of segments that a rule asks about, each once. */
export function familiesOf(rule: Rule): readonly string[] {
  const group = childrenOf(rule);
  if (group) return [...new Set(group.rules.flatMap(familiesOf))];
  const { type, family, segment } = rule as { type: string; family?: unknown; segment?: unknown };
  const asked = family ?? segment;
  return type === "segment" && typeof asked === "string" ? [asked] : [];
}

/**
 * The way by which a segment would ask about itself once it had this rule, its own key first and last; null where it
 * does not. `ruleOf` gives the rule of another segment, or nothing for a family that no rule makes.
 */
export function cycleOf(key: string, rule: Rule, ruleOf: (key: string) => Rule | undefined): readonly string[] | null {
  const seen = new Set<string>();
  const walk = (at: Rule, way: readonly string[]): readonly string[] | null => {
    for (const family of familiesOf(at)) {
      if (family === key) return [...way, key];
      if (seen.has(family)) continue;
      seen.add(family);
      const next = ruleOf(family);
      const found = next && walk(next, [...way, family]);
      if (found) return found;
    }
    return null;
  };
  return walk(rule, [key]);
}
