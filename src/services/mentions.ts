import type { Names } from "../contacts/names";
import { isAbout, needlesOf } from "../contacts/scrub";
import { contactId } from "../shared/ids";
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
  const publicIds = contacts.map(contactId);
  const needles = JSON.stringify(needlesOf(names, contacts, publicIds));
  const tables = Object.entries(await storedTables(db)).flatMap(([name, { of }]) =>
    typeof of === "object" && "mentions" in of ? [{ name, column: of.mentions }] : [],
  );
  const likely = ({ name, column }: { name: string; column: string }): D1PreparedStatement =>
    db
      .prepare(
        `SELECT * FROM ${name} WHERE EXISTS (SELECT 1 FROM json_each(?1) n WHERE instr(lower(${column}), n.value) > 0)`,
      )
      .bind(needles);
  const results = await db.batch<Record<string, unknown>>(tables.map(likely));
  return tables.flatMap(({ name, column }, index) => {
    const found = results[index]?.results ?? [];
    const rows = found.filter((row) => isAbout(String(row[column]), names, contacts, publicIds));
    return rows.length > 0 ? [{ name, column, rows }] : [];
  });
}
