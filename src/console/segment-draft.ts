import type { Terms } from "../segments/compile";
import type { Rule } from "../segments/rule";
import type { SegmentDefinition } from "../segments/segment";
import { Answers } from "./rule/answers";
import type { DraftNode } from "./rule/draft";
import { draftOf, EVERYBODY, ruleOf } from "./rule/draft";
import { edited } from "./rule/edit";
import { readNode } from "./rule/tree";

/** One segment of a family as it is being written. */
export interface DraftPart {
  readonly key: string;
  readonly name: string;
  readonly rule: DraftNode;
}

/** A segment as it is being written; a simple one is its only part. */
export interface SegmentDraft {
  readonly isSimple: boolean;
  readonly key: string;
  readonly name: string;
  /** Profiles that are not active count as well. */
  readonly everybody: boolean;
  readonly parts: readonly DraftPart[];
  readonly rest: { readonly key: string; readonly name: string } | null;
}

const PART: DraftPart = { key: "", name: "", rule: EVERYBODY };

export function newDraft(isSimple: boolean, rule: DraftNode = EVERYBODY, name = ""): SegmentDraft {
  const parts = isSimple ? [{ ...PART, rule }] : [PART, PART];
  return { isSimple, key: "", name, everybody: false, parts, rest: null };
}

export function draftOfSegment(key: string, name: string, definition: SegmentDefinition): SegmentDraft {
  const everybody = definition.everybody ?? false;
  if ("rule" in definition) {
    const parts = [{ ...PART, rule: draftOf(definition.rule) }];
    return { isSimple: true, key, name, everybody, parts, rest: null };
  }
  const parts = definition.segments.map((part) => ({ ...part, rule: draftOf(part.rule) }));
  return { isSimple: false, key, name, everybody, parts, rest: definition.rest ?? null };
}

/** The form's name of a part's rule. */
export function ruleName(draft: SegmentDraft, index: number): string {
  return draft.isSimple ? "rule" : `segments/${index}/rule`;
}

export function readDraft(form: URLSearchParams, terms: Terms): SegmentDraft {
  const answers = new Answers(form);
  const one = (name: string): string => answers.one(name)?.trim() ?? "";
  const shared = { key: one("key"), name: one("name"), everybody: answers.one("active") === undefined };
  if (answers.one("kind") !== "exclusive") {
    return { ...shared, isSimple: true, parts: [{ ...PART, rule: readNode("rule", answers, terms) }], rest: null };
  }
  const parts = answers.each("segments", (at) => {
    return { key: one(`${at}/key`), name: one(`${at}/name`), rule: readNode(`${at}/rule`, answers, terms) };
  });
  const rest = answers.one("with-rest") === undefined ? null : { key: one("rest/key"), name: one("rest/name") };
  return { ...shared, isSimple: false, parts, rest };
}

/** A key made of a name, as the API takes it. */
export function keyOfName(name: string): string {
  const plain = name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const words = plain.replace(/[^a-z0-9]+/g, "-").replace(/^[-0-9]+|-+$/g, "");
  return words.slice(0, 40).replace(/-+$/, "");
}

/** What the API would be asked for: right or not. A key that nobody typed follows from the name. */
export function inputOf(draft: SegmentDraft): Record<string, unknown> {
  const { isSimple, name, parts, rest, everybody } = draft;
  const keyed = <One extends { readonly key: string; readonly name: string }>(one: One): One => {
    return one.key === "" ? { ...one, key: keyOfName(one.name) } : one;
  };
  const shared = { key: keyed(draft).key, name, ...(everybody && { everybody }) };
  if (isSimple) return { ...shared, rule: ruleOf((parts[0] ?? PART).rule) };
  const segments = parts.map((part) => ({ ...keyed(part), rule: ruleOf(part.rule) }));
  return { ...shared, segments, ...(rest && { rest: keyed(rest) }) };
}

export interface EditedDraft {
  readonly draft: SegmentDraft;
  /** What the name of the input begins with where to go on. */
  readonly focus: string | null;
}

const STEP_OF: Readonly<Record<string, number>> = { up: -1, down: 1 };

/** What a button of the form does to a draft; one that is not known leaves it as it is. */
export function editedDraft(draft: SegmentDraft, pressed: string, form: URLSearchParams, terms: Terms): EditedDraft {
  const [act = "", place = ""] = pressed.split(":");
  const found = /^(?:segments\/(\d{1,2})\/)?rule((?:\/\w+)*)$/.exec(place);
  if (found) {
    const index = Number(found[1] ?? 0);
    const part = draft.parts[index];
    if (!part) return { draft, focus: null };
    const steps = (found[2] ?? "").split("/").slice(1);
    const { rule, focus } = edited(part.rule, { act, steps, type: form.get(`${place}#add`) ?? "" }, terms);
    const parts = draft.parts.with(index, { ...part, rule });
    return { draft: { ...draft, parts }, focus: [ruleName(draft, index), ...focus].join("/") };
  }
  const moved = editedParts(draft.parts, act, Number(place));
  if (moved === null) return { draft, focus: null };
  const { parts, at } = moved;
  return { draft: { ...draft, parts }, focus: `segments/${at}/name` };
}

/** Other parts, and which of them to go on with. */
function editedParts(
  parts: readonly DraftPart[],
  act: string,
  index: number,
): { readonly parts: readonly DraftPart[]; readonly at: number } | null {
  if (act === "part") return { parts: [...parts, PART], at: parts.length };
  const part = parts[index];
  if (!part) return null;
  const others = parts.toSpliced(index, 1);
  if (act === "drop") return { parts: others, at: Math.min(index, others.length - 1) };
  const step = Object.hasOwn(STEP_OF, act) ? STEP_OF[act] : undefined;
  if (step === undefined) return null;
  const at = Math.min(Math.max(0, index + step), others.length);
  return { parts: others.toSpliced(at, 0, part), at };
}

/** The stored definition where a form says the very same: then nothing is computed anew. */
export function sameOr(stored: SegmentDefinition, given: SegmentDefinition): SegmentDefinition {
  return settled(stored) === settled(given) ? stored : given;
}

/** JSON with the names of each object in one order. */
function settled(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner !== "object" || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).toSorted(([one], [other]) => (one < other ? -1 : 1)));
  });
}

/** The rules of what a form says, once its form is right. */
export function rulesIn(input: Record<string, unknown>): readonly { readonly pointer: string; readonly rule: Rule }[] {
  if ("rule" in input) return [{ pointer: "/rule", rule: input["rule"] as Rule }];
  const parts = input["segments"] as readonly { readonly rule: Rule }[];
  return parts.map(({ rule }, index) => ({ pointer: `/segments/${index}/rule`, rule }));
}
