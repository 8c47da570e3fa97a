import type { Child } from "hono/jsx";
import type { Terms } from "../../segments/compile";
import type { Source } from "../../segments/hint";
import type { FieldError } from "../../shared/fault";
import type { Words } from "../../shared/language";
import type { View } from "../view";
import { segmentReason } from "../words/segments";
import type { Place } from "./draft";

/** Values that are suggested, with what they are called. */
export type Suggestions = Readonly<
  Partial<Record<Source, readonly { readonly value: string; readonly text: string }[]>>
>;

/** What a rule is drawn on. */
export interface Sheet {
  readonly view: View;
  readonly terms: Terms;
  readonly faults: readonly FieldError[];
  readonly suggestions: Suggestions;
}

/** What is wrong at a place or below it. */
export function faultsAt({ faults }: Sheet, { pointer }: Place): readonly FieldError[] {
  return faults.filter((fault) => fault.pointer === pointer || fault.pointer.startsWith(`${pointer}/`));
}

/** Attributes of an input: its name, and what is wrong with it. */
export function inputAt(sheet: Sheet, place: Place, suffix = "") {
  const isWrong = faultsAt(sheet, place).length > 0;
  return {
    id: place.name + suffix,
    name: place.name + suffix,
    "aria-describedby": `wrong:${place.name}`,
    "aria-invalid": isWrong ? "true" : undefined,
  } as const;
}

/** Where it stands what is wrong at a place. It is always there, as what is wrong changes while somebody types. */
export function Wrong({ sheet, place, own = false }: { sheet: Sheet; place: Place; own?: boolean }) {
  const found = faultsAt(sheet, place).filter(({ pointer }) => !own || pointer === place.pointer);
  const texts = [...new Set(found.map(({ detail }) => segmentReason(detail, sheet.view.language)))];
  return (
    <p class="wrong" id={`wrong:${place.name}`} data-live="">
      {texts.join(" ")}
    </p>
  );
}

interface LabelledProps {
  readonly sheet: Sheet;
  readonly words: Words;
  readonly isQuiet?: boolean;
  readonly place: Place;
  readonly suffix?: string;
  readonly children?: Child;
}

/** An input with its label in front of it and what is wrong behind it. */
export function Labelled({ sheet, words, isQuiet = false, place, suffix = "", children }: LabelledProps) {
  return (
    <div class="part">
      <label for={place.name + suffix} class={isQuiet ? "hidden" : undefined}>
        {words[sheet.view.language]}
      </label>
      {children}
      <Wrong sheet={sheet} place={place} />
    </div>
  );
}
