import * as z from "zod";
import type { Compilation } from "../compile";
import { condition } from "../condition";
import type { Cell, Facts } from "../facts";
import { filterFaults } from "../filter";
import type { AskedField } from "../hint";
import { fieldHint, hinted } from "../hint";
import { holds, lower, operatorOf } from "../operators";
import { phrase } from "../phrase";
import type { Reader } from "../reader";
import { quoted, shown } from "../shown";
import { attributeName } from "./contact";

const TYPES = ["text", "number", "boolean", "date"] as const;
type Type = (typeof TYPES)[number];

const YES = ["true", "yes", "oui", "vrai", "1"];
const NO = ["false", "no", "non", "faux", "0"];
const MOST_DIGITS = 16;

/** Fifteen digits at most, which every library reads as the same number; nothing behind a NUL is looked at by GLOB. */
function numberSql(text: string): string {
  const form =
    `length(${text}) <= ${MOST_DIGITS} AND (${text} GLOB '[0-9]*' OR ${text} GLOB '-[0-9]*') AND ` +
    `${text} GLOB '*[0-9]' AND ${text} NOT GLOB '*[^0-9.-]*' AND ${text} NOT GLOB '?*-*' AND ` +
    `${text} NOT GLOB '*.*.*' AND instr(${text}, char(0)) = 0`;
  return `CASE WHEN ${form} THEN CAST(${text} AS REAL) END`;
}

function numberOf(text: string): number | null {
  return text.length <= MOST_DIGITS && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : null;
}

const quotedSql = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(", ");

function yesOf(text: string): Cell {
  const word = lower(text);
  return YES.includes(word) ? 1 : NO.includes(word) ? 0 : null;
}

/** How an attribute is read as each type: what a file brought is text, whatever it says. */
const READ: Readonly<
  Record<Type, { readonly cell: (value: unknown) => Cell; readonly sql: (value: string) => string }>
> = {
  text: {
    cell: (value) => (typeof value === "string" ? value : null),
    sql: (value) => `WHEN 'text' THEN ${value}`,
  },
  number: {
    cell: (value) => (typeof value === "string" ? numberOf(value) : typeof value === "number" ? value : null),
    sql: (value) => `WHEN 'integer' THEN ${value} WHEN 'real' THEN ${value} WHEN 'text' THEN ${numberSql(value)}`,
  },
  boolean: {
    cell: (value) => (typeof value === "string" ? yesOf(value) : typeof value === "boolean" ? Number(value) : null),
    sql: (value) =>
      `WHEN 'true' THEN 1 WHEN 'false' THEN 0 WHEN 'text' THEN CASE WHEN lower(${value}) IN (${quotedSql(YES)}) ` +
      `THEN 1 WHEN lower(${value}) IN (${quotedSql(NO)}) THEN 0 END`,
  },
  date: {
    cell: (value) => (typeof value === "string" ? value : null),
    sql: (value) => `WHEN 'text' THEN ${value}`,
  },
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

/** What somebody stated, read as a type; null where it cannot be. */
export function cellOf(value: unknown, as: Type): Cell {
  return READ[as].cell(value ?? null);
}

function statedOf({ profile }: Facts, name: string): unknown {
  return Object.hasOwn(profile.attributes, name) ? profile.attributes[name] : null;
}

/** The attribute where it can be read as the type that is asked for; anything else counts as unknown. */
function attributeSql(name: string, as: Type, compilation: Compilation): string {
  const path = compilation.bind(`$."${name}"`);
  return `CASE json_type(c.attributes, ${path}) ${READ[as].sql(`json_extract(c.attributes, ${path})`)} END`;
}

/** The value itself where it is not of the type that is asked for, so that somebody sees why it is unknown. */
function foundOf(value: unknown, as: Type, reader: Reader): string {
  const cell = READ[as].cell(value ?? null);
  if (cell !== null || value === null || value === undefined) return shown(as, cell, reader);
  return typeof value === "string" ? shown("text", value, reader) : JSON.stringify(value).slice(0, 100);
}

/** What an attribute that the shop keeps of a contact says, read as one type. */
export const attribute = condition({
  title: { en: "An attribute of the shop’s own", fr: "Un attribut propre à la boutique" },
  params,
  describe({ name, as, ...filter }, reader) {
    const words = { en: `attribute ${quoted(name, "en")}`, fr: `attribut ${quoted(name, "fr")}` };
    return phrase({ type: as, words }, filter, reader, "has");
  },
  test: (facts, { name, as, op, value }, moment) => holds(as, op, READ[as].cell(statedOf(facts, name)), value, moment),
  sql: ({ name, as, op, value }, compilation) =>
    operatorOf(as, op)?.sql(`(${attributeSql(name, as, compilation)})`, value, compilation) ?? "0",
  found: (facts, { name, as }, _moment, reader) => foundOf(statedOf(facts, name), as, reader),
  weight: 3,
  example: { name: "shoe_size", as: "number", op: "gte", value: 42 },
});
