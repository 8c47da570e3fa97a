import type { Terms } from "../../segments/compile";
import { conditionOf } from "../../segments/rule";
import type { DraftNode } from "./draft";
import { EVERYBODY } from "./draft";
import { entryOf, newCondition, withParam } from "./tree";

/** What a button of the builder does to a rule: the name of the act and the steps to where it is done. */
export interface Edit {
  readonly act: string;
  readonly steps: readonly string[];
  /** The condition that is added. */
  readonly type: string;
}

export interface Edited {
  readonly rule: DraftNode;
  /** Where to go on writing: what the name of an input begins with, behind that of the rule. */
  readonly focus: readonly string[];
}

type Act = (node: DraftNode, steps: readonly string[], edit: Edit, terms: Terms) => DraftNode;

/** What can be done at a node, or, with steps that are left, within a condition. */
const ACTS: Readonly<Record<string, Act>> = {
  add: (node, _steps, { type }) => (conditionOf(type) ? withChild(node, newCondition(type)) : node),
  group: (node) => withChild(node, { nots: 0, kind: "any", children: [] }),
  with: (node, [name = ""], _edit, terms) =>
    node.kind === "condition" ? { ...node, asked: withParam(node.type, node.asked, name, terms) } : node,
  more: (node, steps, _edit, terms) => {
    if (node.kind !== "condition") return node;
    const entry = entryOf(node.type, steps, node.asked, terms);
    const more = (list: unknown): unknown => [...(Array.isArray(list) ? (list as unknown[]) : []), entry];
    return { ...node, asked: changed(node.asked, steps, more) };
  },
  remove: (node, steps) =>
    node.kind === "condition" ? { ...node, asked: changed(node.asked, steps, () => undefined) } : node,
};

function withChild(node: DraftNode, child: DraftNode): DraftNode {
  if (node.kind !== "condition") return { ...node, children: [...node.children, child] };
  return { nots: 0, kind: "all", children: [node, child] };
}

type Asked = Readonly<Record<string, unknown>>;

/** What a condition asks, with another value at a place; nothing there is no place any more. */
function changed(asked: Asked, [step = "", ...rest]: readonly string[], change: (value: unknown) => unknown): Asked {
  const value = valueWith(asked[step], rest, change);
  const { [step]: _before, ...others } = asked;
  return value === undefined ? others : { ...others, [step]: value };
}

function valueWith(value: unknown, steps: readonly string[], change: (value: unknown) => unknown): unknown {
  const [step, ...rest] = steps;
  if (step === undefined) return change(value);
  if (!Array.isArray(value)) return value;
  return (value as unknown[]).flatMap((one, index) => {
    const next = index === Number(step) ? valueWith(one, rest, change) : one;
    return next === undefined ? [] : [next];
  });
}

/** A rule with something added or taken away. What leads nowhere changes nothing. */
export function edited(rule: DraftNode, edit: Edit, terms: Terms): Edited {
  const isRoot = edit.steps.length === 0;
  if (edit.act === "remove" && isRoot) return { rule: EVERYBODY, focus: [] };
  const changedRule = editedNode(rule, edit.steps, edit, terms) ?? EVERYBODY;
  return { rule: changedRule, focus: focusOf(rule, edit) };
}

/** The node behind some steps, changed; null where it is gone. */
function editedNode(node: DraftNode, steps: readonly string[], edit: Edit, terms: Terms): DraftNode | null {
  const [step, ...rest] = steps;
  if (node.kind === "condition" || step === undefined) {
    if (edit.act === "remove" && step === undefined) return null;
    const act = Object.hasOwn(ACTS, edit.act) ? ACTS[edit.act] : undefined;
    return act?.(node, steps, edit, terms) ?? node;
  }
  const children = node.children.flatMap((child, index) => {
    if (index !== Number(step)) return [child];
    return editedNode(child, rest, edit, terms) ?? [];
  });
  return { ...node, children };
}

/** Where whoever pressed the button goes on: in what came, or where something went. */
function focusOf(rule: DraftNode, { act, steps, type }: Edit): readonly string[] {
  if (act === "remove") return steps.slice(0, -1);
  if (act === "add" && !conditionOf(type)) return steps;
  if (act !== "add" && act !== "group") return steps;
  const owner = steps.reduce<DraftNode | undefined>(
    (node, step) => (node && node.kind !== "condition" ? node.children[Number(step)] : undefined),
    rule,
  );
  const index = !owner || owner.kind === "condition" ? 1 : owner.children.length;
  return [...steps, String(index)];
}
