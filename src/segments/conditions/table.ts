import * as z from "zod";
import type { ColumnType } from "../../contacts/star/column";
import { kindOf } from "../../contacts/star/column";
import type { StarTable } from "../../contacts/star/table";
import { tableKey } from "../../contacts/star/table";
import type { FieldError } from "../../shared/fault";
import type { Collection } from "../collection";
import { compare, comparison } from "../comparison";
import type { Moment, Terms } from "../compile";
import type { Read } from "../condition";
import { condition } from "../condition";
import { countedInWords, countInWords } from "../count-words";
import { countIs } from "../counted";
import type { Facts, Row } from "../facts";
import type { Field } from "../field";
import { HOW_MANY } from "../figure";
import { filterFaults } from "../filter";
import { fieldHint, hinted } from "../hint";
import type { FieldType } from "../operator";
import { typeFitting } from "../operators";
import type { Named } from "../phrase";
import { phrases } from "../phrase";
import { readOf } from "../read";
import type { Reader } from "../reader";
import { chosenRows, overRows, WHERE } from "../rows";
import { quoted } from "../shown";
import { describeWindow, windowShape } from "../window";

const name = () => z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, "is not the name of a table or column");

const asked = hinted(
  z.strictObject({ field: name(), op: z.string().max(20), value: z.unknown().optional() }),
  fieldHint("field"),
);

const params = z.strictObject({
  /** A table of the star or of the shop's own, by its key. */
  table: hinted(name(), { words: { en: "Table", fr: "Table" }, source: "table" }),
  op: comparison,
  value: hinted(z.number().int().min(0).max(10_000), { words: HOW_MANY, quiet: true }),
  where: hinted(z.array(asked).max(10).optional(), { words: WHERE }),
  /** The column that a span of time is about. */
  time: hinted(name().optional(), {
    words: { en: "by the time in", fr: "selon la date de" },
    source: "time_column",
  }),
  ...windowShape,
});

type Params = z.output<typeof params>;

const TYPES: Readonly<Record<ColumnType, FieldType | null>> = {
  text: "text",
  integer: "integer",
  number: "number",
  boolean: "boolean",
  time: "time",
  date: "date",
  money: "money",
  json: null,
};

/** Name of the types of a table's columns among the values of its rows. */
const COLUMN_TYPES = "#types";

/** Columns that can be asked about. Names come out of the table's definition, never out of the rule. */
function fieldsOf(table: StarTable): Record<string, Field> {
  const fields = Object.entries(table.columns).flatMap(([column, { type }]) => {
    const as = TYPES[type];
    if (as === null) return [];
    const words = { en: column, fr: column };
    return kindOf(type).parts.map(({ suffix }) => {
      const field: Field = { type: suffix === "" ? as : "text", sql: `x."${column}${suffix}"`, words };
      return [column + suffix, field] as const;
    });
  });
  return Object.fromEntries(fields);
}

/** A rule may name anything, what every object has included. */
function fieldOf(fields: Collection["fields"], column: string): Field | undefined {
  return Object.hasOwn(fields, column) ? fields[column] : undefined;
}

function keyOf(table: string, time: string | undefined): string {
  return `table:${table}.${time ?? ""}`;
}

const NO_WORDS = { one: { en: "", fr: "" }, many: { en: "", fr: "" } };

function collectionOf(table: StarTable, time: string | undefined): Collection {
  return {
    key: keyOf(tableKey(table), time),
    words: { one: table.title, many: table.title },
    from: `${table.name} x`,
    contact: "x.contact",
    at: time === undefined ? null : `x."${time}"`,
    fields: fieldsOf(table),
  };
}

/** The collection behind a rule; null where the shop has no such table by now. */
function found({ table: key, time, where = [] }: Params, terms: Pick<Terms, "table">): Collection | null {
  const table = terms.table(key);
  if (!table || table.contact === "none") return null;
  const collection = collectionOf(table, time);
  const isTime = time === undefined || fieldOf(collection.fields, time)?.type === "time";
  const isKnown = where.every(
    ({ field, op, value }) => filterFaults(fieldOf(collection.fields, field), op, value).length === 0,
  );
  return isTime && isKnown ? collection : null;
}

function faults({ table: key, time, where = [], within, before, between }: Params, terms: Terms): FieldError[] {
  const table = terms.table(key);
  if (!table || table.contact === "none") return [{ pointer: "/table", detail: "is no table with rows of contacts" }];
  const fields = fieldsOf(table);
  const times = Object.keys(fields).filter((field) => fields[field]?.type === "time");
  const isTimed = (within ?? before ?? between) !== undefined;
  const wrong = where.flatMap(({ field, op, value }, index) =>
    filterFaults(fieldOf(fields, field), op, value).map(({ path, message }) => ({
      pointer: `/where/${index}/${path.join("/")}`,
      detail: fieldOf(fields, field) ? message : `is none of ${Object.keys(fields).join(", ")}`,
    })),
  );
  if (time === undefined && !isTimed) return wrong;
  if (time !== undefined && times.includes(time)) return wrong;
  return [
    ...wrong,
    { pointer: "/time", detail: `is none of the columns with a time: ${times.join(", ") || "there are none"}` },
  ];
}

/** Rows with the types of their columns, as the test of one contact knows no tables. */
function tableRead(collection: Collection): Read {
  const types = Object.entries(collection.fields).map(([field, { type }]) => [field, type]);
  return {
    key: collection.key,
    own: false,
    sql(c, whose) {
      const rows = readOf(collection).sql(c, whose);
      return `SELECT q.*, ${c.bind(JSON.stringify(Object.fromEntries(types)))} AS "${COLUMN_TYPES}" FROM (${rows}) q`;
    },
  };
}

/** The rows of a contact that count, by the types that they were read with. */
function rowsThat(facts: Facts, asked: Params, moment: Moment): readonly Row[] {
  const key = keyOf(asked.table, asked.time);
  const text = facts.rows?.[key]?.[0]?.[COLUMN_TYPES];
  if (typeof text !== "string") return [];
  const types = Object.entries(JSON.parse(text) as Record<string, FieldType>);
  const fields = types.map(([field, type]) => [field, { type, sql: "", words: { en: field, fr: field } }] as const);
  const collection = { key, words: NO_WORDS, from: "", contact: "", at: asked.time ?? null };
  return chosenRows({ ...collection, fields: Object.fromEntries(fields) }, asked, facts, moment);
}

const ROWS = { one: { en: "row", fr: "ligne" }, many: { en: "rows", fr: "lignes" } };
const HAS = { en: "has", fr: "a", none: { en: "has no", fr: "n’a aucune" } };

/** Columns as they are called in a sentence. Without the table their types are guessed by what they are asked. */
function namedColumns({ table: key, where = [] }: Params, reader: Reader): Record<string, Named> {
  const known = reader.table(key);
  const fields = known ? fieldsOf(known) : {};
  const named = where.map(({ field, op, value }): [string, Named] => {
    const type = fieldOf(fields, field)?.type ?? typeFitting(op, value);
    return [field, { type, words: { en: quoted(field, "en"), fr: quoted(field, "fr") } }];
  });
  return Object.fromEntries(named);
}

function tableInWords(asked: Params, reader: Reader): string {
  const { table: key, op, value, where = [], time, ...window } = asked;
  const { language } = reader;
  const title = quoted(reader.table(key)?.title[language] ?? key, language);
  const count = `${countInWords(HAS, ROWS, op, value, reader)} ${language === "fr" ? "de" : "of"} ${title}`;
  const which = where.length === 0 ? "" : ` (${phrases(namedColumns(asked, reader), where, reader)})`;
  const when = describeWindow(window, reader);
  const by =
    time === undefined || when === "" ? "" : ` ${language === "fr" ? "selon" : "by"} ${quoted(time, language)}`;
  return `${count}${which}${when}${by}`;
}

/** How many rows of a table somebody has: one of the star's, or one of the shop's own. */
export const table = condition({
  title: { en: "Rows of a table", fr: "Lignes d’une table" },
  params,
  describe: tableInWords,
  test: (facts, asked, moment) => compare(asked.op, rowsThat(facts, asked, moment).length, asked.value),
  sql(asked, c) {
    const collection = found(asked, c.terms);
    if (!collection) return compare(asked.op, 0, asked.value) ? "1" : "0";
    return overRows(collection, asked, countIs(asked.op, asked.value), c);
  },
  found: (facts, asked, moment, reader) => countedInWords(rowsThat(facts, asked, moment).length, ROWS, reader),
  reads(asked, terms) {
    const collection = found(asked, terms);
    return collection ? [tableRead(collection)] : [];
  },
  faults,
  likely: ({ op, value }) => compare(op, 0, value),
  fieldsFor({ table: key }, terms) {
    const known = typeof key === "string" ? terms.table(key) : undefined;
    return known ? fieldsOf(known) : {};
  },
  example: { table: "crm_events", op: "gte", value: 1, where: [{ field: "type", op: "is", value: "complaint" }] },
});
