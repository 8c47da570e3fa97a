import type { Terms } from "../../segments/compile";
import type { Condition } from "../../segments/condition";
import { CONDITIONS } from "../../segments/conditions";
import { formOf } from "../../segments/form";
import { conditionOf } from "../../segments/rule";
import type { Answers } from "./answers";
import { CONTROLS } from "./controls";
import type { DraftNode } from "./draft";
import { EVERYBODY } from "./draft";
import type { Within } from "./kind";
import { readControl, startControl } from "./kind";

type Asked = Readonly<Record<string, unknown>>;

/** What a condition's form is read and drawn within. */
export function insideOf(condition: Condition<unknown>, asked: Asked, terms: Terms): Within {
  return { terms, fields: condition.fieldsFor?.(asked, terms) ?? {}, controls: CONTROLS };
}

/** A node of a rule as the form has it: whatever `draw` of a node asks, this reads. */
export function readNode(name: string, answers: Answers, terms: Terms): DraftNode {
  const turned = Number(answers.one(`${name}#nots`) ?? 0) + answers.all(`${name}#not`).length;
  const nots = Number.isInteger(turned) && turned >= 0 && turned < 20 ? turned : 0;
  const type = answers.one(`${name}#type`);
  if (type === undefined) {
    const kind = answers.one(`${name}#kind`) === "any" ? "any" : "all";
    return { nots, kind, children: answers.each(name, (at) => readNode(at, answers, terms)) };
  }
  const condition = conditionOf(type);
  if (!condition) return EVERYBODY;
  const form = formOf(condition);
  // Which fields there are may follow from what is chosen beside them.
  const chosen = form.params.filter(({ control }) => control.kind === "text").map(({ name: key }) => key);
  const asked = Object.fromEntries(chosen.map((key) => [key, answers.one(`${name}/${key}`)]));
  const read = readControl(form, name, answers, insideOf(condition, asked, terms));
  return { nots, kind: "condition", type, asked: (read ?? {}) as Asked };
}

/** A condition that was just chosen: as little as it needs, out of its example. */
export function newCondition(type: string): DraftNode {
  const condition = conditionOf(type);
  if (!condition) return EVERYBODY;
  const example = condition.example as Asked;
  const form = formOf(condition);
  const later = form.params.filter(({ isOptional, isBegun }) => isOptional && !isBegun).map(({ name }) => name);
  const needed = Object.fromEntries(Object.entries(example).filter(([name]) => !later.includes(name)));
  const asked = condition.params.safeParse(needed).success ? needed : example;
  return { nots: 0, kind: "condition", type, asked };
}

/** A condition with a parameter that it does without so far. */
export function withParam(type: string, asked: Asked, name: string, terms: Terms): Asked {
  const condition = conditionOf(type);
  const param = condition && formOf(condition).params.find((one) => one.name === name);
  if (!condition || !param) return asked;
  const example = (condition.example as Asked)[name];
  const start = example ?? startControl(param.control, insideOf(condition, asked, terms));
  return { ...asked, [name]: start };
}

/** One more entry of a list, as it begins. */
export function entryOf(type: string, path: readonly string[], asked: Asked, terms: Terms): unknown {
  const condition = conditionOf(type);
  if (!condition) return undefined;
  const param = formOf(condition).params.find(({ name }) => name === path[0]);
  const inner = path
    .slice(1)
    .reduce((control, _step) => (control?.kind === "list" ? control.of : control), param?.control);
  return inner?.kind === "list" ? startControl(inner.of, insideOf(condition, asked, terms)) : undefined;
}

/** Every condition, by its title in a language. */
export function conditionChoices(language: "en" | "fr"): readonly { readonly type: string; readonly title: string }[] {
  const all = Object.entries(CONDITIONS).map(([type, { title }]) => ({ type, title: title[language] }));
  return all.toSorted((one, other) => one.title.localeCompare(other.title, language));
}
