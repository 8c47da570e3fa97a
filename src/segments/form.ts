import * as z from "zod";
import type { Words } from "../shared/language";
import type { Condition } from "./condition";
import type { AskedField, Source } from "./hint";
import { HINTS } from "./hint";
import { operatorOf } from "./operators";

/** One of a closed list. */
export interface Choice {
  readonly value: string;
  readonly words: Words;
}

/** One way to say a value: a word of its own, or something to fill in. */
export type Way = { readonly words: Words } & ({ readonly value: string } | { readonly control: ObjectControl });

export interface Param {
  readonly name: string;
  readonly words: Words;
  /** The words are for whoever cannot see where it stands. */
  readonly isQuiet: boolean;
  readonly control: Control;
  /** May be left out. */
  readonly isOptional: boolean;
  /** May be left out, and stands in the form from the beginning. */
  readonly isBegun: boolean;
  /** What counts where it is left out. */
  readonly usual: unknown;
}

/** `op` and `value` of an object are asked of the field that `by` names; null are those of the condition. */
interface Asked {
  readonly by: string;
  readonly fields: Readonly<Record<string, AskedField>> | null;
}

export interface ObjectControl {
  readonly kind: "object";
  readonly params: readonly Param[];
  readonly asked: Asked | null;
}

/** How a parameter is asked for in a form. */
export type Control =
  | { readonly kind: "text"; readonly most: number; readonly source: Source | null }
  | { readonly kind: "number"; readonly least: number | null; readonly most: number | null; readonly isWhole: boolean }
  | { readonly kind: "money" }
  | { readonly kind: "flag" }
  | { readonly kind: "duration" }
  | { readonly kind: "day" }
  | { readonly kind: "moment" }
  /** From a day to a day. */
  | { readonly kind: "days" }
  | { readonly kind: "choice"; readonly choices: readonly Choice[] }
  | { readonly kind: "texts"; readonly choices: readonly Choice[] | null; readonly source: Source | null }
  | { readonly kind: "list"; readonly of: Control; readonly most: number }
  | { readonly kind: "either"; readonly ways: readonly Way[] }
  | ObjectControl;

/** What is read of a schema. */
interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly prefixItems?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly default?: unknown;
  readonly words?: Words;
  readonly quiet?: boolean;
  readonly choices?: Readonly<Record<string, Words>>;
  readonly as?: "money" | "duration" | "moment";
  readonly source?: Source;
  readonly begun?: boolean;
  readonly by?: string;
  readonly fields?: Readonly<Record<string, AskedField>>;
}

const MOST_LETTERS = 500;
const MOST_ENTRIES = 10;

/** From what a schema says to how it is asked for; the first that fits. */
const READINGS: readonly (readonly [(schema: Schema) => boolean, (schema: Schema) => Control])[] = [
  [({ as }) => as === "money", () => ({ kind: "money" })],
  [({ as }) => as === "duration", () => ({ kind: "duration" })],
  [({ as }) => as === "moment", () => ({ kind: "moment" })],
  [({ format }) => format === "date", () => ({ kind: "day" })],
  [(schema) => schema.enum !== undefined, (schema) => ({ kind: "choice", choices: choicesOf(schema) })],
  [({ type }) => type === "boolean", () => ({ kind: "flag" })],
  [({ type }) => type === "number" || type === "integer", numberOf],
  [({ prefixItems }) => prefixItems !== undefined, () => ({ kind: "days" })],
  [
    ({ type, items }) => type === "array" && items?.type === "string",
    ({ source }) => ({ kind: "texts", choices: null, source: source ?? null }),
  ],
  [
    ({ type }) => type === "array",
    ({ items = {}, maxItems = MOST_ENTRIES }) => ({ kind: "list", of: controlOf(items), most: maxItems }),
  ],
  [({ anyOf }) => anyOf !== undefined, ({ anyOf = [] }) => ({ kind: "either", ways: anyOf.flatMap(waysOf) })],
  [({ type }) => type === "object", objectOf],
];

function controlOf(schema: Schema): Control {
  const found = READINGS.find(([fits]) => fits(schema));
  const text: Control = { kind: "text", most: schema.maxLength ?? MOST_LETTERS, source: schema.source ?? null };
  return found?.[1](schema) ?? text;
}

function numberOf({ type, minimum, maximum }: Schema): Control {
  return { kind: "number", least: minimum ?? null, most: maximum ?? null, isWhole: type === "integer" };
}

function choicesOf({ enum: values = [], choices = {} }: Schema): readonly Choice[] {
  return values.map((value) => ({ value, words: choices[value] ?? { en: value, fr: value } }));
}

function waysOf(schema: Schema): readonly Way[] {
  if (schema.enum) return choicesOf(schema);
  return [{ words: schema.words ?? { en: "", fr: "" }, control: objectOf(schema) }];
}

function objectOf({ properties = {}, required = [], by, fields }: Schema): ObjectControl {
  const ofField = by === undefined ? [] : [by, "op", "value"];
  const params = Object.entries(properties).flatMap(([name, schema]): Param[] => {
    const isNone = Object.keys(schema).length === 0 || "not" in schema;
    if (ofField.includes(name) || isNone) return [];
    const words = schema.words ?? { en: name, fr: name };
    return [
      {
        name,
        words,
        isQuiet: schema.quiet ?? false,
        control: controlOf(schema),
        isOptional: !required.includes(name) && schema.default === undefined,
        isBegun: schema.begun ?? false,
        usual: schema.default,
      },
    ];
  });
  return { kind: "object", params, asked: by === undefined ? null : { by, fields: fields ?? null } };
}

function schemaOf(type: z.ZodType): Schema {
  return z.toJSONSchema(type, { io: "input", unrepresentable: "any", metadata: HINTS }) as Schema;
}

const forms = new WeakMap<object, ObjectControl>();

/** The form of a condition's parameters, as its definition has them. */
export function formOf(condition: Condition<unknown>): ObjectControl {
  const known = forms.get(condition);
  if (known) return known;
  const form = objectOf(schemaOf(condition.params));
  forms.set(condition, form);
  return form;
}

const values = new WeakMap<object, Control>();

/** How the value of an operator is asked for; null where it takes none, or the field knows no such operator. */
export function valueControl({ type, options, ...field }: AskedField, op: string): Control | null {
  const operator = operatorOf(type, op);
  if (!operator || operator.value.safeParse(undefined).success) return null;
  const known = values.get(operator) ?? controlOf(schemaOf(operator.value));
  values.set(operator, known);
  const source = field.source ?? null;
  const called = field.choices ?? {};
  const choices = options?.map((value) => ({ value, words: called[value] ?? { en: value, fr: value } })) ?? null;
  if (known.kind === "texts") return { ...known, choices, source };
  if (known.kind === "text" && choices && (op === "is" || op === "is_not")) return { kind: "choice", choices };
  if (known.kind === "text") return { ...known, source };
  return known.kind === "number" && type === "money" ? { kind: "money" } : known;
}
