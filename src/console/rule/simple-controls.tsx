import type { Choice } from "../../segments/form";
import { decimalsOf } from "../../shared/money";
import type { View } from "../view";
import type { ControlKind, ControlOf } from "./kind";
import { kind } from "./kind";
import { inputAt, Labelled } from "./sheet";

/** What was filled in as a text; values of another kind are shown as they are written. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : value === undefined || value === null ? "" : JSON.stringify(value);
}

const readText = (_control: unknown, name: string, answers: { one(name: string): string | undefined }) =>
  answers.one(name);

function numberIn(text: string | undefined): unknown {
  const plain = text?.trim().replace(",", ".");
  return plain !== undefined && /^[-+]?\d+(\.\d+)?$/.test(plain) ? Number(plain) : text;
}

/** The options of a select. */
export function Options({ view, choices, value }: { view: View; choices: readonly Choice[]; value: unknown }) {
  const isKnown = choices.some((choice) => choice.value === value);
  return (
    <>
      {!isKnown && typeof value === "string" && (
        <option value={value} selected>
          {value}
        </option>
      )}
      {choices.map((choice) => (
        <option value={choice.value} selected={choice.value === value}>
          {choice.words[view.language]}
        </option>
      ))}
    </>
  );
}

const text: ControlKind<ControlOf<"text">> = {
  draw: ({ most, source }, value, label, place, sheet) => (
    <Labelled sheet={sheet} place={place} {...label}>
      <input
        type="text"
        {...inputAt(sheet, place)}
        value={textOf(value)}
        maxlength={most}
        list={source && sheet.suggestions[source] ? `of-${source}` : undefined}
        autocomplete="off"
      />
    </Labelled>
  ),
  read: readText,
  start: () => "",
};

const number: ControlKind<ControlOf<"number">> = {
  draw: ({ isWhole }, value, label, place, sheet) => (
    <Labelled sheet={sheet} place={place} {...label}>
      <input
        type="text"
        class="short"
        inputmode={isWhole ? "numeric" : "decimal"}
        {...inputAt(sheet, place)}
        value={textOf(value)}
        autocomplete="off"
      />
    </Labelled>
  ),
  read: (_control, name, answers) => numberIn(answers.one(name)),
  start: ({ least }) => Math.max(1, least ?? 1),
};

/** Typed in the currency's units, kept in its smallest ones. */
const money: ControlKind<ControlOf<"money">> = {
  draw: (_control, value, label, place, sheet) => {
    const { currency } = sheet.terms.shop;
    const decimals = decimalsOf(currency);
    const amount = typeof value === "number" ? value / 10 ** decimals : null;
    const shown = amount === null ? textOf(value) : Number.isInteger(amount) ? amount : amount.toFixed(decimals);
    return (
      <Labelled sheet={sheet} place={place} {...label}>
        <span class="with-unit">
          <input
            type="text"
            class="short"
            inputmode="decimal"
            {...inputAt(sheet, place)}
            value={String(shown)}
            autocomplete="off"
          />
          <span class="unit">{currency}</span>
        </span>
      </Labelled>
    );
  },
  read(_control, name, answers, { terms }) {
    const typed = numberIn(answers.one(name));
    return typeof typed === "number" ? Math.round(typed * 10 ** decimalsOf(terms.shop.currency)) : typed;
  },
  start: () => 0,
};

const flag: ControlKind<ControlOf<"flag">> = {
  draw: (_control, value, label, place, sheet) => (
    <Labelled sheet={sheet} place={place} {...label}>
      <select {...inputAt(sheet, place)}>
        <Options
          view={sheet.view}
          value={String(value)}
          choices={[
            { value: "true", words: { en: "yes", fr: "oui" } },
            { value: "false", words: { en: "no", fr: "non" } },
          ]}
        />
      </select>
    </Labelled>
  ),
  read(_control, name, answers) {
    const given = answers.one(name);
    return given === "true" || (given === "false" ? false : given);
  },
  start: () => true,
};

const choice: ControlKind<ControlOf<"choice">> = {
  draw: ({ choices }, value, label, place, sheet) => (
    <Labelled sheet={sheet} place={place} {...label}>
      <select {...inputAt(sheet, place)}>
        <Options view={sheet.view} value={value} choices={choices} />
      </select>
    </Labelled>
  ),
  read: readText,
  start: ({ choices }) => choices[0]?.value ?? "",
};

const day: ControlKind<ControlOf<"day">> = {
  draw: (_control, value, label, place, sheet) => (
    <Labelled sheet={sheet} place={place} {...label}>
      <input type="date" {...inputAt(sheet, place)} value={textOf(value)} />
    </Labelled>
  ),
  read: readText,
  start: () => "",
};

/** A day, or a moment with its zone: no input of a browser's takes both. */
const moment: ControlKind<ControlOf<"moment">> = {
  draw: (_control, value, label, place, sheet) => (
    <Labelled sheet={sheet} place={place} {...label}>
      <input
        type="text"
        {...inputAt(sheet, place)}
        value={textOf(value)}
        placeholder={sheet.view.say("2026-01-31", "2026-01-31")}
        autocomplete="off"
      />
    </Labelled>
  ),
  read: readText,
  start: () => "",
};

const UNITS: readonly Choice[] = [
  { value: "PT#M", words: { en: "minutes", fr: "minutes" } },
  { value: "PT#H", words: { en: "hours", fr: "heures" } },
  { value: "P#D", words: { en: "days", fr: "jours" } },
  { value: "P#W", words: { en: "weeks", fr: "semaines" } },
  { value: "#", words: { en: "in ISO 8601", fr: "en ISO 8601" } },
];
const DAYS = "P#D";

/** A duration as a number and its unit; one of several units as it is written. */
function partsOf(value: unknown): { readonly amount: string; readonly unit: string } {
  const written = textOf(value);
  if (written === "") return { amount: "", unit: DAYS };
  const [, time = "", amount = "", letter = ""] = /^P(T?)([^A-Z]*)([MHDW])$/.exec(written) ?? [];
  const unit = UNITS.find((one) => one.value === `P${time}#${letter}`)?.value;
  return unit === undefined ? { amount: written, unit: "#" } : { amount, unit };
}

const duration: ControlKind<ControlOf<"duration">> = {
  draw: (_control, value, label, place, sheet) => {
    const { amount, unit } = partsOf(value);
    const choices = unit === "#" ? UNITS : UNITS.slice(0, -1);
    return (
      <Labelled sheet={sheet} place={place} {...label}>
        <span class="with-unit">
          <input
            type="text"
            class={unit === "#" ? undefined : "short"}
            inputmode="numeric"
            {...inputAt(sheet, place)}
            value={amount}
            autocomplete="off"
          />
          <select name={`${place.name}#unit`} aria-label={sheet.view.say("Unit", "Unité")}>
            <Options view={sheet.view} value={unit} choices={choices} />
          </select>
        </span>
      </Labelled>
    );
  },
  read(_control, name, answers) {
    const amount = answers.one(name)?.trim();
    if (amount === undefined || amount === "") return amount;
    return (answers.one(`${name}#unit`) ?? DAYS).replace("#", () => amount);
  },
  start: () => "P30D",
};

export const SIMPLE_CONTROLS = {
  text: kind("text", text),
  number: kind("number", number),
  money: kind("money", money),
  flag: kind("flag", flag),
  choice: kind("choice", choice),
  day: kind("day", day),
  moment: kind("moment", moment),
  duration: kind("duration", duration),
};
