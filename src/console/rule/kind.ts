import type { Child } from "hono/jsx";
import type { Terms } from "../../segments/compile";
import type { Control } from "../../segments/form";
import type { AskedField } from "../../segments/hint";
import type { Words } from "../../shared/language";
import type { Answers } from "./answers";
import type { Place } from "./draft";
import type { Sheet } from "./sheet";

type Kind = Control["kind"];
export type ControlOf<K extends Kind> = Extract<Control, { readonly kind: K }>;

/** What stands around a control. */
export interface Label {
  readonly words: Words;
  readonly isQuiet: boolean;
}

/** What is read or drawn within one condition. */
export interface Within {
  readonly terms: Terms;
  /** Fields that only the condition knows. */
  readonly fields: Readonly<Record<string, AskedField>>;
  /** All kinds of controls: some are made of others. */
  readonly controls: Readonly<Record<Kind, ControlKind<Control>>>;
}

/** One way to ask for a value: how it is drawn, read back and begun. */
export interface ControlKind<C extends Control> {
  readonly draw: (control: C, value: unknown, label: Label, place: Place, sheet: Sheet, inside: Within) => Child;
  /** The value as the rule has it; what cannot be one is kept as it was typed. */
  readonly read: (control: C, name: string, answers: Answers, inside: Within) => unknown;
  /** What stands there before anybody filled anything in. */
  readonly start: (control: C, inside: Within) => unknown;
}

/** Keeps a kind's own control inside the catalog. */
export function kind<K extends Kind>(_key: K, definition: ControlKind<ControlOf<K>>): ControlKind<Control> {
  return definition as unknown as ControlKind<Control>;
}

export function drawControl(
  control: Control,
  value: unknown,
  label: Label,
  place: Place,
  sheet: Sheet,
  inside: Within,
): Child {
  return inside.controls[control.kind].draw(control, value, label, place, sheet, inside);
}

/** A value as the form has it; undefined where the form does not ask for it. */
export function readControl(control: Control, name: string, answers: Answers, inside: Within): unknown {
  return answers.has(name) ? inside.controls[control.kind].read(control, name, answers, inside) : undefined;
}

export function startControl(control: Control, inside: Within): unknown {
  return inside.controls[control.kind].start(control, inside);
}
