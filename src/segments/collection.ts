import type { Words } from "../shared/language";
import type { Compilation, Moment } from "./compile";
import type { Cell, Facts, Row } from "./facts";
import type { Field, Filter } from "./field";
import { fieldSql } from "./field";

/** Rows below a row, such as the lines of an order. */
export interface Lines {
  readonly words: Words;
  readonly from: string;
  /** The column of the contact that a line came to, as its row did. */
  readonly contact: string;
  /** Which row a line belongs to, and the row's own key. */
  readonly key: string;
  readonly row: string;
  readonly fields: Readonly<Record<string, Field>>;
}

/** Rows of one kind that hang on a contact: what SQL and the plain test of every condition over them derive from. */
export interface Collection {
  readonly key: string;
  readonly words: { readonly one: Words; readonly many: Words };
  /** Tables with their aliases. Where they are put together first, `whose` must stand behind the contact of each. */
  readonly from: string | ((whose: string) => string);
  readonly where?: string;
  /** The column of the contact that a row came to. */
  readonly contact: string;
  /** Rows are of whoever stands for a contact: those of who was merged say nothing any more. */
  readonly own?: true;
  /** When it happened, epoch ms; null where nothing tells. */
  readonly at: string | null;
  readonly fields: Readonly<Record<string, Field>>;
  /** What counts unless a rule asks for `unless`. */
  readonly usual?: { readonly unless?: string; readonly filters: (moment: Moment) => readonly Filter[] };
  readonly lines?: Lines;
  /** Rows out of the facts themselves, and which fields they know: a rule that asks for no other reads nothing. */
  readonly known?: { readonly fields: readonly string[]; readonly rows: (facts: Facts) => readonly Row[] };
}

/** Name of the time of a row among its values. No field and no column of a shop's table can have a name like it. */
export const AT = "#at";
/** Name of the lines of a row among its values, as JSON. */
const LINES = "#lines";

/** The tables of a collection for some contacts, and the condition that they are theirs. */
export function tablesOf({ from, contact, where }: Collection, whose: string): { from: string; where: string } {
  const theirs = typeof from === "string" ? [`${contact} ${whose}`] : [];
  const conditions = [...theirs, ...(where === undefined ? [] : [where])];
  return { from: typeof from === "string" ? from : from(whose), where: conditions.join(" AND ") || "1" };
}

/** The columns that a collection is loaded by, by the names of a row's values. */
export function loadedColumns(collection: Collection, compilation: Compilation): Readonly<Record<string, string>> {
  const { at, fields, lines } = collection;
  const own = Object.entries(fields).map(([name, field]) => [name, fieldSql(field, compilation)] as const);
  return Object.fromEntries([
    ...own,
    [AT, at ?? "NULL"],
    ...(lines ? [[LINES, linesSql(lines, compilation)] as const] : []),
  ]);
}

function linesSql({ from, key, row, fields }: Lines, compilation: Compilation): string {
  const pairs = Object.entries(fields).map(([name, field]) => `'${name}', ${fieldSql(field, compilation)}`);
  return `(SELECT json_group_array(json_object(${pairs.join(", ")})) FROM ${from} WHERE ${key} = ${row})`;
}

/** The lines of a row that was loaded. */
export function linesOf(row: Row): readonly Row[] {
  const text: Cell | undefined = row[LINES];
  return typeof text === "string" ? (JSON.parse(text) as Row[]) : [];
}
