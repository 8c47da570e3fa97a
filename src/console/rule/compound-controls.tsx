import type { Child } from "hono/jsx";
import type { Control, Param } from "../../segments/form";
import { valueControl } from "../../segments/form";
import type { AskedField } from "../../segments/hint";
import { OPERATORS, operatorOf } from "../../segments/operators";
import type { Answers } from "./answers";
import type { Place } from "./draft";
import { within } from "./draft";
import type { ControlKind, ControlOf, Within } from "./kind";
import { drawControl, kind, readControl, startControl } from "./kind";
import type { Sheet } from "./sheet";
import { inputAt, Labelled, Wrong } from "./sheet";
import { Options, textOf } from "./simple-controls";

const days: ControlKind<ControlOf<"days">> = {
  draw(_control, value, label, place, sheet) {
    const [from, to] = Array.isArray(value) ? (value as unknown[]) : [];
    const say = sheet.view.say;
    return (
      <Labelled sheet={sheet} place={place} suffix="/0" {...label}>
        <span class="with-unit">
          <input type="date" {...inputAt(sheet, place, "/0")} value={textOf(from)} />
          <span class="unit">{say("to", "au")}</span>
          <input
            type="date"
            {...inputAt(sheet, place, "/1")}
            value={textOf(to)}
            aria-label={say("Last day", "Dernier jour")}
          />
        </span>
      </Labelled>
    );
  },
  read: (_control, name, answers) => [answers.one(`${name}/0`) ?? "", answers.one(`${name}/1`) ?? ""],
  start: () => ["", ""],
};

const texts: ControlKind<ControlOf<"texts">> = {
  draw({ choices }, value, label, place, sheet) {
    const chosen = Array.isArray(value) ? value.map(String) : [];
    if (choices) {
      const others = chosen.filter((one) => !choices.some((choice) => choice.value === one));
      const all = [...choices, ...others.map((one) => ({ value: one, words: { en: one, fr: one } }))];
      return (
        <fieldset class="part" aria-describedby={`wrong:${place.name}`}>
          <legend class={label.isQuiet ? "hidden" : undefined}>{label.words[sheet.view.language]}</legend>
          <input type="hidden" name={`${place.name}#list`} value="" />
          <div class="ticks">
            {all.map((choice) => (
              <label>
                <input type="checkbox" name={place.name} value={choice.value} checked={chosen.includes(choice.value)} />{" "}
                {choice.words[sheet.view.language]}
              </label>
            ))}
          </div>
          <Wrong sheet={sheet} place={place} />
        </fieldset>
      );
    }
    return (
      <Labelled sheet={sheet} place={place} {...label}>
        <textarea
          {...inputAt(sheet, place)}
          rows={Math.min(6, Math.max(2, chosen.length))}
          placeholder={sheet.view.say("one on each line", "un par ligne")}
        >
          {chosen.join("\n")}
        </textarea>
      </Labelled>
    );
  },
  read({ choices }, name, answers) {
    if (choices) return answers.all(name);
    const lines = (answers.one(name) ?? "").split(/\r?\n/);
    return lines.filter((line) => line.trim() !== "");
  },
  start: ({ choices }) => (choices?.[0] ? [choices[0].value] : []),
};

const list: ControlKind<ControlOf<"list">> = {
  draw({ of, most }, value, { words }, place, sheet, inside) {
    const { say, language } = sheet.view;
    const entries = Array.isArray(value) ? (value as unknown[]) : [];
    return (
      <fieldset class="filters">
        <legend class="hidden">{words[language]}</legend>
        <p class="filters-title" aria-hidden="true">
          {words[language]}
        </p>
        <input type="hidden" name={`${place.name}#list`} value="" />
        {entries.map((entry, index) => {
          const at = within(place, index);
          const name = `${words[language]} ${index + 1}`;
          return (
            <div class="optional">
              {drawControl(of, entry, { words: { en: name, fr: name }, isQuiet: true }, at, sheet, inside)}
              {entries.length > 1 && (
                <button
                  type="submit"
                  class="button-quiet"
                  name="do"
                  value={`remove:${at.name}`}
                  aria-label={say(`Remove: ${name}`, `Retirer : ${name}`)}
                >
                  ×
                </button>
              )}
            </div>
          );
        })}
        <Wrong sheet={sheet} place={place} own />
        {entries.length < most && (
          <button type="submit" class="button-quiet" name="do" value={`more:${place.name}`}>
            {say("+ and", "+ et")}
          </button>
        )}
      </fieldset>
    );
  },
  read: ({ of }, name, answers, inside) => answers.each(name, (at) => readControl(of, at, answers, inside)),
  start: ({ of }, inside) => [startControl(of, inside)],
};

const either: ControlKind<ControlOf<"either">> = {
  draw({ ways }, value, label, place, sheet, inside) {
    const found = ways.findIndex((way) => {
      if ("value" in way) return way.value === value;
      return typeof value === "object" && way.control.params.some(({ name }) => Object.hasOwn(value ?? {}, name));
    });
    const chosen = ways[Math.max(0, found)];
    return (
      <div class="either">
        <Labelled sheet={sheet} place={place} suffix="#way" {...label}>
          <select {...inputAt(sheet, place, "#way")} data-redraw="">
            {ways.map(({ words }, index) => (
              <option value={String(index)} selected={ways[index] === chosen}>
                {words[sheet.view.language]}
              </option>
            ))}
          </select>
        </Labelled>
        {chosen && "control" in chosen && drawControl(chosen.control, value, label, place, sheet, inside)}
      </div>
    );
  },
  read({ ways }, name, answers, inside) {
    const way = ways[Number(answers.one(`${name}#way`))];
    if (!way) return undefined;
    if ("value" in way) return way.value;
    return readControl(way.control, name, answers, inside);
  },
  start({ ways }, inside) {
    const [first] = ways;
    return first && ("value" in first ? first.value : startControl(first.control, inside));
  },
};

type Fields = Readonly<Record<string, AskedField>>;

function fieldOf(fields: Fields, name: unknown): AskedField | undefined {
  return typeof name === "string" && Object.hasOwn(fields, name) ? fields[name] : undefined;
}

/** A field, what it is asked, and with what. */
function drawAsked(
  by: string,
  fields: Fields,
  value: Record<string, unknown>,
  place: Place,
  sheet: Sheet,
  inside: Within,
) {
  const { view } = sheet;
  const field = fieldOf(fields, value[by]);
  const operators = Object.entries(field ? OPERATORS[field.type] : {});
  const op = String(value["op"]);
  const control = field && valueControl(field, op);
  const quiet = (en: string, fr: string) => ({ words: { en, fr }, isQuiet: true });
  return (
    <>
      <Labelled sheet={sheet} place={within(place, by)} {...quiet("Field", "Champ")}>
        <select {...inputAt(sheet, within(place, by))} data-redraw="">
          <Options
            view={view}
            value={value[by]}
            choices={Object.entries(fields).map(([name, { words }]) => ({ value: name, words }))}
          />
        </select>
      </Labelled>
      <Labelled sheet={sheet} place={within(place, "op")} {...quiet("Compared", "Comparaison")}>
        <select {...inputAt(sheet, within(place, "op"))} data-redraw="">
          <Options
            view={view}
            value={op}
            choices={operators.map(([name, { label }]) => ({ value: name, words: label }))}
          />
        </select>
      </Labelled>
      {control && drawControl(control, value["value"], quiet("Value", "Valeur"), within(place, "value"), sheet, inside)}
      {control && field?.type === "text" && !field.options && (
        <p class="soft small">
          {view.say("Accents matter, capitals do not.", "Les accents comptent, pas les majuscules.")}
        </p>
      )}
    </>
  );
}

function readAsked(by: string, fields: Fields, name: string, answers: Answers, inside: Within): object {
  const [named, op = ""] = [answers.one(`${name}/${by}`), answers.one(`${name}/op`)];
  const field = fieldOf(fields, named);
  // Of another field than the last one the operator may be unknown: then it is the first that this one has.
  const asked = field && !operatorOf(field.type, op) ? (Object.keys(OPERATORS[field.type])[0] ?? op) : op;
  const control = field ? valueControl(field, asked) : null;
  const value = control ? (readControl(control, `${name}/value`, answers, inside) ?? "") : undefined;
  return { [by]: named, op: asked, ...(value !== undefined && { value }) };
}

/** A parameter, with a way to take it away where it may be left out. */
function drawParam(param: Param, value: unknown, owner: Place, sheet: Sheet, inside: Within): Child {
  const { name, words, isQuiet, control, isOptional, usual } = param;
  const place = within(owner, name);
  const drawn = drawControl(withUsual(control, usual, value), value ?? "", { words, isQuiet }, place, sheet, inside);
  if (!isOptional) return drawn;
  const { say, language } = sheet.view;
  const remove = say(`Remove “${words.en}”`, `Retirer « ${words[language]} »`);
  return (
    <div class="optional">
      {drawn}
      <button type="submit" class="button-quiet" name="do" value={`remove:${place.name}`} aria-label={remove}>
        ×
      </button>
    </div>
  );
}

/** A choice that counts where none is made can be left unmade. */
function withUsual(control: Control, usual: unknown, value: unknown): Control {
  if (control.kind !== "choice" || usual === undefined || value === usual) return control;
  return {
    ...control,
    choices: control.choices.map((one) => (one.value === usual ? { ...one, value: "" } : one)),
  };
}

const object: ControlKind<ControlOf<"object">> = {
  draw({ params, asked }, value, _label, place, sheet, inside): Child {
    const known = (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
    const shown = params.filter(({ name, isOptional }) => !isOptional || known[name] !== undefined);
    return (
      <div class="parts">
        {shown
          .filter(({ isOptional }) => !isOptional)
          .map((param) => drawParam(param, known[param.name], place, sheet, inside))}
        {asked && drawAsked(asked.by, asked.fields ?? inside.fields, known, place, sheet, inside)}
        {shown
          .filter(({ isOptional }) => isOptional)
          .map((param) => drawParam(param, known[param.name], place, sheet, inside))}
      </div>
    );
  },
  read({ params, asked }, name, answers, inside) {
    const values = params.flatMap((param) => {
      const value = readControl(param.control, `${name}/${param.name}`, answers, inside);
      const isUsual = value === undefined || (value === "" && param.usual !== undefined);
      return isUsual ? [] : [[param.name, value] as const];
    });
    const ofField = asked && readAsked(asked.by, asked.fields ?? inside.fields, name, answers, inside);
    return { ...ofField, ...Object.fromEntries(values) };
  },
  start({ params, asked }, inside) {
    const needed = params.filter(({ isOptional, usual }) => !isOptional && usual === undefined);
    const values = needed.map(({ name, control }) => [name, startControl(control, inside)] as const);
    const [field] = asked ? Object.entries(asked.fields ?? inside.fields) : [];
    if (!asked || !field) return Object.fromEntries(values);
    const op = Object.keys(OPERATORS[field[1].type])[0] ?? "";
    const control = valueControl(field[1], op);
    const value = control ? { value: startControl(control, inside) } : {};
    return { ...Object.fromEntries(values), [asked.by]: field[0], op, ...value };
  },
};

export const COMPOUND_CONTROLS = {
  days: kind("days", days),
  texts: kind("texts", texts),
  list: kind("list", list),
  either: kind("either", either),
  object: kind("object", object),
};
