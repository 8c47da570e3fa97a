import * as z from "zod";
import type { Compilation } from "../compile";
import { condition } from "../condition";
import type { Cell, Facts } from "../facts";
import { filterFaults } from "../filter";
import type { AskedField } from "../hint";
import { fieldHint, hinted } from "../hint";
import { holds, operatorOf, shown } from "../operators";
import { attributeName } from "./contact";

const TYPES = ["text", "number", "boolean", "date"] as const;
type Type = (typeof TYPES)[number];

/** What of JSON counts as each type. */
const JSON_TYPES: Readonly<Record<Type, string>> = {
  text: "('text')",
  number: "('integer', 'real')",
  boolean: "('true', 'false')",
  date: "('text')",
};

const CELLS: Readonly<Record<Type, (value: unknown) => Cell>> = {
  text: (value) => (typeof value === "string" ? value : null),
  number: (value) => (typeof value === "number" ? value : null),
  boolean: (value) => (typeof value === "boolean" ? (value ? 1 : 0) : null),
  date: (value) => (typeof value === "string" ? value : null),
};

const NAMES = {
  text: { type: "text", words: { en: "as a text", fr: "comme texte" } },
  number: { type: "number", words: { en: "as a number", fr: "comme nombre" } },
  boolean: { type: "boolean", words: { en: "as yes or no", fr: "comme oui ou non" } },
  date: { type: "date", words: { en: "as a date", fr: "comme date" } },
} as const satisfies Record<Type, AskedField>;

const params = hinted(
  z
    .strictObject({
      name: hinted(attributeName, { words: { en: "Its name", fr: "Son nom" } }),
      as: z.enum(TYPES),
      op: z.string().max(20),
      value: z.unknown().optional(),
    })
    .superRefine(({ as, op, value }, context) => {
      for (const { path, message } of filterFaults({ type: as }, op, value)) {
        context.addIssue({ code: "custom", path: [...path], message });
      }
    }),
  fieldHint("as", NAMES),
);

function cellOf({ profile }: Facts, name: string, as: Type): Cell {
  return Object.hasOwn(profile.attributes, name) ? CELLS[as](profile.attributes[name]) : null;
}

/** The attribute where it is of the type that is asked for; anything else counts as unknown. */
function attributeSql(name: string, as: Type, compilation: Compilation): string {
  const path = compilation.bind(`$."${name}"`);
  return `CASE WHEN json_type(c.attributes, ${path}) IN ${JSON_TYPES[as]} THEN json_extract(c.attributes, ${path}) END`;
}

/** What an attribute that the shop keeps of a contact says, read as one type. */
export const attribute = condition({
  title: { en: "An attribute of the shop’s own", fr: "Un attribut propre à la boutique" },
  params,
  describe({ name, as, op, value }, language) {
    const words = operatorOf(as, op)?.words(value, language, (one) => shown(as, one, language)) ?? "";
    return `${name} ${words}`;
  },
  test: (facts, { name, as, op, value }, moment) => holds(as, op, cellOf(facts, name, as), value, moment),
  sql: ({ name, as, op, value }, compilation) =>
    operatorOf(as, op)?.sql(`(${attributeSql(name, as, compilation)})`, value, compilation) ?? "0",
  found: (facts, { name, as }, _moment, language) => shown(as, cellOf(facts, name, as), language),
  weight: 3,
  example: { name: "shoe_size", as: "number", op: "gte", value: 42 },
});
