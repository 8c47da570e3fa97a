import type { Rule } from "../segments/rule";
import { ruleInput } from "../segments/rule";
import { seeded } from "../segments/seed";
import type { ScenarioDefinition } from "./definition";

/** The definition with a seed of their own for draws that have none: each block draws apart from all others. */
export function withSeeds(id: string, definition: ScenarioDefinition): ScenarioDefinition {
  const blocks = Object.entries(definition.blocks).map(([name, node]) => {
    const rule = node.params?.["rule"];
    if (!ruleInput.safeParse(rule).success) return [name, node] as const;
    return [name, { ...node, params: { ...node.params, rule: seeded(rule as Rule, seedOf(id, name)) } }] as const;
  });
  return { ...definition, filter: seeded(definition.filter, id), blocks: Object.fromEntries(blocks) };
}

function seedOf(id: string, block: string): string {
  return `${id}.${block}`.slice(0, 100);
}
