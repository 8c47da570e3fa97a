import { blockDefinition } from "../../scenarios/blocks";
import type { BlockNode, Ending, ScenarioDefinition } from "../../scenarios/definition";
import { whereWords } from "../../scenarios/where";
import type { Terms } from "../../segments/compile";
import { describeRule } from "../../segments/describe";
import type { Rule } from "../../segments/rule";
import type { Language } from "../../shared/language";
import { typeset } from "./typeset";

/** In which language somebody reads, and about which shop. */
interface Reading {
  readonly language: Language;
  readonly terms?: Terms | undefined;
}

/** Where a block stands whose type the product does not know. */
export const CATEGORY_OF_UNKNOWN = "unknown";

/** One sentence of what a block does; its type where it is unknown, or its stored parameters no longer fit. */
export function blockSentence(node: BlockNode, { language, terms }: Reading): string {
  try {
    return typeset(blockDefinition(node.type)?.describe(node.params, language, terms) ?? node.type, language);
  } catch {
    return node.type;
  }
}

/** When a scenario begins, as a sentence. */
export function triggerSentence(definition: ScenarioDefinition | null, reading: Reading): string {
  const node = definition?.blocks[definition.start];
  return node ? blockSentence(node, reading) : "";
}

/** What ends a run, as something that happens or holds. */
export function endingSentence({ event, where, rule }: Ending, { language, terms }: Reading): string {
  const isFrench = language === "fr";
  const asked = event === undefined ? "" : whereWords(where, language, terms);
  const told = isFrench ? `l’événement « ${event} »${asked}` : `the event “${event}”${asked}`;
  const held = rule && `${isFrench ? "le" : "the"} contact ${describeRule(rule, language, terms)}`;
  const parts = [...(event === undefined ? [] : [told]), ...(held === undefined ? [] : [held])];
  return typeset(parts.join(isFrench ? ", et " : ", and "), language);
}

/** Who may enter a scenario, one condition a line; empty where everybody may. */
export function filterSentences(rule: Rule, { language, terms }: Reading): string[] {
  const parts = "all" in rule ? (rule.all as readonly Rule[]) : [rule];
  return parts.map((part) => {
    try {
      return typeset(describeRule(part, language, terms), language);
    } catch {
      return JSON.stringify(part);
    }
  });
}
