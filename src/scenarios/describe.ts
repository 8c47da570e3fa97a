import type { Terms } from "../segments/compile";
import type { Language, Words } from "../shared/language";
import { blockDefinition } from "./blocks";
import type { ScenarioDefinition } from "./definition";
import { nextBlocks } from "./graph";

/** One block as a person reads it. */
export interface DescribedBlock {
  readonly block: string;
  readonly type: string;
  readonly title: Words;
  readonly sentence: Words;
}

/** Every block as a sentence, in the order in which a contact meets them; what cannot be reached comes last. */
export function describeScenario(definition: ScenarioDefinition, terms?: Terms): DescribedBlock[] {
  const order = new Set<string>();
  const line = [definition.start];
  for (let block = line.shift(); block !== undefined; block = line.shift()) {
    if (order.has(block)) continue;
    order.add(block);
    line.push(...nextBlocks(definition.blocks[block]));
  }
  for (const block of Object.keys(definition.blocks)) order.add(block);
  return [...order].flatMap((block) => {
    const node = definition.blocks[block];
    const known = node && blockDefinition(node.type);
    if (!node || !known) return [];
    const sentence = (language: Language): string => known.describe(node.params, language, terms);
    return [{ block, type: node.type, title: known.title, sentence: { en: sentence("en"), fr: sentence("fr") } }];
  });
}
