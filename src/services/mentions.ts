import type { Names } from "../contacts/names";
import { isAbout, needlesOf } from "../contacts/scrub";
import { mentionsWhere } from "../contacts/stored-table";
import { storedTables } from "./stored-tables";

/** Rows of a table whose text names some people. */
interface Mentioning {
  readonly name: string;
  /** The column of the text. */
  readonly column: string;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

/** Rows that tell of many and name these people in a text, by table; only tables that have some. */
export async function mentioning(db: D1Database, names: Names, contacts: readonly number[]): Promise<Mentioning[]> {
  const needles = JSON.stringify(needlesOf(names, contacts));
  const tables = Object.entries(await storedTables(db)).flatMap(([name, table]) => {
    const { of } = table;
    if (typeof of === "string" || !("mentions" in of)) return [];
    return [{ name, column: of.mentions, sql: `SELECT * FROM ${name} WHERE ${mentionsWhere(table)}` }];
  });
  const results = await db.batch<Record<string, unknown>>(tables.map(({ sql }) => db.prepare(sql).bind(needles)));
  return tables.flatMap(({ name, column }, index) => {
    const found = results[index]?.results ?? [];
    const rows = found.filter((row) => isAbout(String(row[column]), names, contacts));
    return rows.length > 0 ? [{ name, column, rows }] : [];
  });
}
