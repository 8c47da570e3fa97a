import * as z from "zod";
import type { Words } from "../shared/language";
import type { Collection } from "./collection";
import type { Comparison } from "./comparison";
import { compare, compareSql, compareWords, comparison } from "./comparison";
import type { Compilation, Moment } from "./compile";
import { number } from "./compile";
import type { Read } from "./condition";
import { condition } from "./condition";
import type { Noun, Verb } from "./count-words";
import { countedInWords, countInWords } from "./count-words";
import { countIs } from "./counted";
import type { Facts, Row } from "./facts";
import { fieldSql } from "./field";
import { hinted } from "./hint";
import { ofWhat } from "./phrase";
import { readOf } from "./read";
import type { Reader } from "./reader";
import { inWords } from "./reader";
import type { Choice } from "./rows";
import { choiceShape, chosenRows, describeChoice, overRows, readsOfChoice } from "./rows";
import { shown } from "./shown";

/** How many rows of a collection somebody has: the condition behind `orders.count` and its like. */
export function countOf(collection: Collection, verb: Verb, example: object) {
  const params = z.strictObject({
    op: comparison,
    value: hinted(z.number().int().min(0).max(10_000), { words: HOW_MANY, quiet: true }),
    ...choiceShape(collection),
  });
  type Params = Choice & { readonly op: Comparison; readonly value: number };
  const counted = (facts: Facts, asked: Params, moment: Moment): number =>
    chosenRows(collection, asked, facts, moment).length;
  return condition({
    title: { en: `Number of ${collection.words.many.en}`, fr: `Nombre ${ofWhat(collection.words.many.fr)}` },
    params: params as unknown as z.ZodType<Params>,
    describe(asked, reader) {
      const count = countInWords(verb, collection.words, asked.op, asked.value, reader);
      return `${count}${describeChoice(collection, asked, reader, asked.value > 1)}`;
    },
    test: (facts, asked, moment) => compare(asked.op, counted(facts, asked, moment), asked.value),
    sql: (asked, c) => overRows(collection, asked, countIs(asked.op, asked.value), c),
    found: (facts, asked, moment, reader) => countedInWords(counted(facts, asked, moment), collection.words, reader),
    reads: (asked) => readsFor(collection, asked),
    // Those that are put together first take twice the time.
    weight: typeof collection.from === "function" ? 20 : 10,
    likely: (asked) => compare(asked.op, 0, asked.value),
    example: { op: "gte", value: 1, ...example },
  });
}

/** What stands in front of a count. */
export const HOW_MANY = { en: "How many", fr: "Combien" } as const;

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function readsFor(collection: Collection, choice: Choice, more: readonly string[] = []): readonly Read[] {
  return readsOfChoice(collection, choice, more).length === 0 ? [] : [readOf(collection)];
}

/** What is made of one value of the rows that count. Of no rows the sum is 0, and nothing else is known. */
export const MEASURES = {
  sum: {
    words: { en: "in all", fr: "au total" },
    sql: (value: string, op: string, asked: string) => `coalesce(sum(${value}), 0) ${op} ${asked}`,
    of: (values: readonly number[]) => values.reduce((all, value) => all + value, 0),
  },
  average: {
    words: { en: "on average", fr: "en moyenne" },
    // Without a division, so that both sides reckon in whole numbers.
    sql: (value: string, op: string, asked: string) => `sum(${value}) ${op} ${asked} * count(${value})`,
    of: (values: readonly number[]) => average(values),
  },
  largest: {
    words: { en: "at the highest", fr: "au plus haut" },
    sql: (value: string, op: string, asked: string) => `max(${value}) ${op} ${asked}`,
    of: (values: readonly number[]) => (values.length === 0 ? null : Math.max(...values)),
  },
  smallest: {
    words: { en: "at the lowest", fr: "au plus bas" },
    sql: (value: string, op: string, asked: string) => `min(${value}) ${op} ${asked}`,
    of: (values: readonly number[]) => (values.length === 0 ? null : Math.min(...values)),
  },
} as const;

export type Measure = keyof typeof MEASURES;
const measures = hinted(z.enum(Object.keys(MEASURES) as [Measure, ...Measure[]]), {
  words: { en: "Reckoned", fr: "Calcul" },
  quiet: true,
  choices: Object.fromEntries(Object.entries(MEASURES).map(([measure, { words }]) => [measure, words])),
});

function average(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((all, value) => all + value, 0) / values.length;
}

const MOST = 1_000_000_000;

/** How values are reckoned with: always in whole numbers, so that no order of adding up matters. */
interface Scale {
  readonly sql: (value: string) => string;
  readonly of: (value: number) => number;
}

const NOTHING = { sql: "NULL" };

const AS_THEY_ARE: Scale = { sql: (value) => value, of: (value) => value };

/** Whole thousandths between a thousand millions on either side. */
const THOUSANDTHS: Scale = {
  sql: (value) => `CAST(max(${-MOST}, min(${MOST}, ${value})) * 1000 AS INTEGER)`,
  of: (value) => Math.trunc(Math.max(-MOST, Math.min(MOST, value)) * 1_000) + 0,
};

function values(rows: readonly Row[], field: string): number[] {
  return rows.flatMap((row) => (typeof row[field] === "number" ? [row[field]] : []));
}

/** What a field of somebody's rows comes to: the condition behind `orders.value` and its like. */
export function measureOf(
  collection: Collection,
  field: string,
  words: Words,
  /** What is counted, where the figure is a number of something. */
  unit: Noun | null,
  example: { readonly value: number; readonly measure?: Measure },
) {
  const type = collection.fields[field]?.type ?? "number";
  const isWhole = type !== "number";
  const scale = isWhole ? AS_THEY_ARE : THOUSANDTHS;
  const params = z.strictObject({
    measure: measures.default("sum"),
    op: comparison,
    value: hinted((isWhole ? z.int() : z.number()).min(-MOST).max(MOST), {
      words: { en: "Value", fr: "Valeur" },
      quiet: true,
      ...(type === "money" && { as: "money" }),
    }),
    ...choiceShape(collection),
  });
  type Params = Choice & { readonly measure: Measure; readonly op: Comparison; readonly value: number };
  const choice = (asked: Params): Choice => ({ ...asked, where: [...(asked.where ?? []), { field, op: "known" }] });
  const measured = (facts: Facts, asked: Params, moment: Moment): readonly number[] =>
    values(chosenRows(collection, choice(asked), facts, moment, [field]), field);
  const figureInWords = (figure: number, reader: Reader): string =>
    unit ? countedInWords(figure, unit, reader) : shown(type, figure, reader);
  const many = collection.words.many;
  const name = collection.fields[field]?.words ?? { en: field, fr: field };
  return condition({
    title: { en: `${capital(many.en)}: ${name.en}`, fr: `${capital(many.fr)} : ${name.fr}` },
    params: params as unknown as z.ZodType<Params>,
    describe(asked, reader) {
      const amount = `${compareWords(asked.op, reader.language)} ${figureInWords(asked.value, reader)}`;
      const measure = MEASURES[asked.measure].words;
      return `${inWords(words, reader)} ${amount} ${inWords(measure, reader)}${describeChoice(collection, asked, reader)}`;
    },
    test(facts, { measure, op, value, ...rest }, moment) {
      const all = measured(facts, { measure, op, value, ...rest }, moment).map(scale.of);
      if (all.length === 0) return measure === "sum" && compare(op, 0, scale.of(value));
      const figure = measure === "average" ? MEASURES.sum.of(all) : (MEASURES[measure].of(all) ?? 0);
      return compare(op, figure, measure === "average" ? scale.of(value) * all.length : scale.of(value));
    },
    sql(asked, c: Compilation) {
      const expression = scale.sql(fieldSql(collection.fields[field] ?? NOTHING, c));
      const figure = MEASURES[asked.measure].sql(expression, compareSql(asked.op), number(scale.of(asked.value)));
      // Nothing is made of what is not known: SQLite passes over it by itself.
      return overRows(collection, asked, (rows) => `(SELECT ${figure} ${rows})`, c);
    },
    found(facts, asked, moment, reader) {
      const figure = MEASURES[asked.measure].of(measured(facts, asked, moment));
      return figure === null ? countedInWords(0, collection.words, reader) : figureInWords(figure, reader);
    },
    reads: (asked) => readsFor(collection, asked, [field]),
    likely: ({ measure, op, value }) => measure === "sum" && compare(op, 0, value),
    example: { op: "gte", measure: "sum", ...example },
  });
}
