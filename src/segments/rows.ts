import * as z from "zod";
import { familyOf } from "../contacts/wanted";
import type { Collection, Lines } from "./collection";
import { AT, linesOf, tablesOf } from "./collection";
import type { Compilation, Moment } from "./compile";
import { joined } from "./compile";
import type { Figure } from "./counted";
import type { Facts, Row } from "./facts";
import type { Filter } from "./field";
import { filterSql, filtersInput, passes } from "./filter";
import { hinted } from "./hint";
import { phrases } from "./phrase";
import type { Reader } from "./reader";
import { UNTIL } from "./stays";
import type { Window } from "./window";
import { describeWindow, isInWindow, windowShape, windowSql } from "./window";

/** Which rows of a collection count. */
export interface Choice extends Window {
  readonly where?: readonly Filter[] | undefined;
  /** For each entry a line of the same row that passes all of it. */
  readonly lines?: readonly (readonly Filter[])[] | undefined;
}

/** What stands in front of what each row must be. */
export const WHERE = { en: "only where", fr: "seulement si" } as const;

/** The parameters by which a condition chooses rows. */
export function choiceShape(collection: Collection) {
  const { fields, lines } = collection;
  const some = lines ? z.array(filtersInput(lines.fields)).min(1).max(5) : z.never();
  const asked = lines && { en: `including ${lines.words.en} with`, fr: `dont ${lines.words.fr} avec` };
  return {
    ...windowShape,
    where: hinted(filtersInput(fields).optional(), { words: WHERE }),
    lines: hinted(some.optional(), asked ? { words: asked } : {}),
  };
}

/** All that a row must pass: what was asked, and what counts as a rule unless somebody asks. */
function filtersOf({ usual }: Collection, { where = [] }: Choice, moment: Moment): readonly Filter[] {
  const isAsked = usual === undefined || where.some(({ field }) => field === usual.unless);
  return isAsked ? where : [...usual.filters(moment), ...where];
}

/** Whether the facts themselves know all that is asked. */
function isKnown(collection: Collection, choice: Choice, filters: readonly Filter[], more: readonly string[]): boolean {
  const fields = collection.known?.fields;
  if (!fields || choice.lines) return false;
  return filters.every(({ field }) => fields.includes(field)) && more.every((field) => fields.includes(field));
}

const ANY: Moment = { now: 0, shop: { zone: "UTC", currency: "" } };

/** The collections that a choice needs to have been read; `more` are fields that are reckoned with. */
export function readsOfChoice(collection: Collection, choice: Choice, more: readonly string[] = []): readonly string[] {
  return isKnown(collection, choice, filtersOf(collection, choice, ANY), more) ? [] : [collection.key];
}

/** A contact's rows that count. */
export function chosenRows(
  collection: Collection,
  choice: Choice,
  facts: Facts,
  moment: Moment,
  more: readonly string[] = [],
): readonly Row[] {
  const filters = filtersOf(collection, choice, moment);
  const known = isKnown(collection, choice, filters, more);
  const rows = known ? collection.known?.rows(facts) : facts.rows?.[collection.key];
  return (rows ?? []).filter(
    (row) =>
      isInTime(collection, choice, row, moment) &&
      filters.every((filter) => passes(collection.fields, row, filter, moment)) &&
      hasLines(collection.lines, choice, row, moment),
  );
}

function isInTime({ at }: Collection, window: Window, row: Row, moment: Moment): boolean {
  if (at === null) return true;
  const { [AT]: time, [UNTIL]: until } = row;
  if (typeof until === "number" && until <= moment.now) return false;
  return typeof time === "number" && isInWindow(window, time, moment);
}

function hasLines(lines: Lines | undefined, { lines: asked = [] }: Choice, row: Row, moment: Moment): boolean {
  if (!lines || asked.length === 0) return true;
  const all = linesOf(row);
  return asked.every((filters) =>
    all.some((line) => filters.every((filter) => passes(lines.fields, line, filter, moment))),
  );
}

/**
 * A figure over the rows that count, for the contact `c`. Rows keep the contact they came to, so those of who was
 * merged are looked for as well, but only where somebody was.
 */
export function overRows(collection: Collection, choice: Choice, figure: Figure, compilation: Compilation): string {
  const conditions = [
    ...(collection.at === null ? [] : [windowSql(choice, collection.at, compilation)]),
    ...filtersOf(collection, choice, compilation).map((filter) => filterSql(collection.fields, filter, compilation)),
  ];
  const lines = (choice.lines ?? []).map((filters) => lineSql(collection.lines, filters, compilation));
  const [first] = lines;
  // Few have such a line, and rows are found by its key. Those of a span that an index knows all of are found side by
  // side in it instead, for whoever has such a line at all: that takes less than a look into the table for each.
  const isSpan = choice.within !== undefined && choice.where === undefined;
  const select = (whose: string): string => {
    const { from, where } = tablesOf(collection, first && isSpan ? first.contactsSql(whose) : whose);
    // The plus takes a way from SQLite: by keys out of lines, or by contact.
    const theirs = [first && !isSpan ? `+${where}` : where];
    for (const line of lines) theirs.unshift(isSpan ? `+${line.rowsSql(whose)}` : line.rowsSql(whose));
    return figure(`FROM ${from} WHERE ${joined([...theirs, ...conditions], "AND")}`);
  };
  return collection.own ? select("= c.id") : ofFamily(select);
}

/** One expression for a contact alone, another for one whom others were merged into; there are few of those. */
export function ofFamily(select: (whose: string) => string): string {
  return (
    "CASE WHEN c.id IN (SELECT merged_into FROM contacts WHERE merged_into IS NOT NULL) " +
    `THEN ${select(`IN (${familyOf("c.id")})`)} ELSE ${select("= c.id")} END`
  );
}

/** Lines that pass some filters: which contacts have one, and that a row has one. */
interface LineSql {
  /** What stands behind a column of contacts. */
  readonly contactsSql: (whose: string) => string;
  readonly rowsSql: (whose: string) => string;
}

function lineSql(lines: Lines | undefined, filters: readonly Filter[], compilation: Compilation): LineSql {
  if (!lines) return { contactsSql: (whose) => whose, rowsSql: () => "0" };
  const { from, contact, key, row, fields } = lines;
  const asked = filters.map((filter) => filterSql(fields, filter, compilation));
  const some = (column: string, whose: string): string =>
    `IN (SELECT ${column} FROM ${from} WHERE ${joined([`${contact} ${whose}`, ...asked], "AND")})`;
  return {
    contactsSql: (whose) => some(contact, whose),
    rowsSql: (whose) => `${row} ${some(key, whose)}`,
  };
}

/** Which rows count, in words that follow the name of the collection: that of one, or of many. */
export function describeChoice(collection: Collection, choice: Choice, reader: Reader, isMany = true): string {
  const { where = [], lines = [] } = choice;
  const including = reader.language === "fr" ? "dont" : "including";
  const parts = [
    phrases(collection.fields, where, reader, isMany),
    ...lines.map((filters) => {
      const { fields = {}, words } = collection.lines ?? {};
      return `${including} ${words?.[reader.language] ?? ""} ${phrases(fields, filters, reader)}`;
    }),
  ].filter((words) => words !== "");
  const filters = parts.length === 0 ? "" : ` (${parts.join(", ")})`;
  return `${filters}${describeWindow(choice, reader)}`;
}
