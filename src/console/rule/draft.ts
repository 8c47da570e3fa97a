import type { Rule } from "../../segments/rule";
import { childrenOf } from "../../segments/rule";

/** A node of a rule as it is being written: nothing of it need be right yet. */
export type DraftNode = {
  /** How often it is turned round. */
  readonly nots: number;
} & (DraftGroup | DraftCondition);

interface DraftGroup {
  readonly kind: "all" | "any";
  readonly children: readonly DraftNode[];
}

interface DraftCondition {
  readonly kind: "condition";
  readonly type: string;
  readonly asked: Readonly<Record<string, unknown>>;
}

/** A rule that holds for everybody. */
export const EVERYBODY: DraftNode = { nots: 0, kind: "all", children: [] };

export function draftOf(rule: Rule): DraftNode {
  const group = childrenOf(rule);
  if (group === null) {
    const { type, ...asked } = rule as { readonly type: string };
    return { nots: 0, kind: "condition", type, asked };
  }
  if (group.key === "not") {
    const inner = draftOf(group.rules[0] as Rule);
    return { ...inner, nots: inner.nots + 1 };
  }
  return { nots: 0, kind: group.key, children: group.rules.map(draftOf) };
}

/** The rule that a draft says, right or not. */
export function ruleOf(node: DraftNode): unknown {
  const plain =
    node.kind === "condition" ? { type: node.type, ...node.asked } : { [node.kind]: node.children.map(ruleOf) };
  return Array.from({ length: node.nots }).reduce((inner) => ({ not: inner }), plain as unknown);
}

/** Where a node stands: by its name in the form, and by its place in the rule, as errors tell it. */
export interface Place {
  readonly name: string;
  readonly pointer: string;
}

/** Where the condition or group itself stands that is turned round. */
export function insideNots({ nots }: DraftNode, { name, pointer }: Place): Place {
  return { name, pointer: pointer + "/not".repeat(nots) };
}

/** The place of a child of a group that stands at a place of its own. */
export function childPlace({ name, pointer }: Place, kind: "all" | "any", index: number): Place {
  return { name: `${name}/${index}`, pointer: `${pointer}/${kind}/${index}` };
}

/** The place of something within a condition. */
export function within({ name, pointer }: Place, key: string | number): Place {
  return { name: `${name}/${key}`, pointer: `${pointer}/${key}` };
}
