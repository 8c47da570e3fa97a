import type { RowBuffer } from "../../events/projection";
import { bulk } from "../../platform/d1";
import { familyOf, headOf } from "../wanted";
import { STAR_TABLES } from ".";
import { deleteOf, FIRST_CELL, moveOf, patchOf } from "./rows";
import type { StarTable } from "./table";
import { physicalColumns } from "./table";

const quoted = (name: string): string => `"${name}"`;

/** What makes a table: the table itself and its indexes. Running it again changes nothing. */
export function tableSql(table: StarTable): string[] {
  const columns = physicalColumns(table).map(({ name, sql }) => `${quoted(name)} ${sql}`);
  const link = { required: ["contact INTEGER NOT NULL"], optional: ["contact INTEGER"], none: [] }[table.contact];
  const key = table.unique === "contact" ? "contact, source_id" : "source_id";
  const all = ["source_id TEXT NOT NULL", ...link, ...columns, "source TEXT NOT NULL", "updated_at INTEGER NOT NULL"];
  const make = `CREATE TABLE IF NOT EXISTS ${table.name} (${all.join(", ")}, PRIMARY KEY (${key})) WITHOUT ROWID`;
  return [make, ...indexSql(table)];
}

/** The indexes of a table. Those that hold only rows with a value cost nothing for the others. */
function indexSql(table: StarTable): string[] {
  const marked = Object.entries(table.columns).flatMap(([name, { indexed }]) => (indexed ? [name] : []));
  const own = marked.map(
    (name) =>
      `CREATE INDEX IF NOT EXISTS ${table.name}__${name} ON ${table.name} (${quoted(name)}) WHERE ${quoted(name)} IS NOT NULL`,
  );
  if (table.contact === "none" || table.unique === "contact") return own;
  const where = table.contact === "optional" ? " WHERE contact IS NOT NULL" : "";
  return [`CREATE INDEX IF NOT EXISTS ${table.name}_contact ON ${table.name} (contact)${where}`, ...own];
}

/** The statements behind a table's rows, by the names that `putRow` and `deleteRow` use. */
export function tableStatements(table: StarTable): Record<string, string> {
  const { name } = table;
  return {
    [deleteOf(name)]: deleteSql(table),
    [name]: upsertSql(table, (column) => `excluded.${column}`),
    [patchOf(name)]: upsertSql(table, (column) => `coalesce(excluded.${column}, ${name}.${column})`),
    // What stays behind is known to the other contact as well.
    ...(table.contact !== "none" && {
      [moveOf(name)]:
        `UPDATE OR IGNORE ${name} SET contact = v.value ->> 1 FROM json_each(?1) AS v ` +
        `WHERE ${name}.contact = v.value ->> 0`,
    }),
  };
}

/** Inserts, or sets what differs; `value` makes a column's new value. */
function upsertSql(table: StarTable, value: (column: string) => string): string {
  const { name } = table;
  const cells = physicalColumns(table).map((column) => quoted(column.name));
  const link = table.contact === "none" ? [] : ["contact"];
  const places = new Map([
    ["source_id", 0],
    ...link.map((column) => [column, 1] as const),
    ["source", 2],
    ["updated_at", 3],
  ]);
  for (const [index, column] of cells.entries()) places.set(column, FIRST_CELL + index);
  const values = [...places.values()].map((place) => `value ->> ${place}`).join(", ");
  const insert = `INSERT INTO ${name} (${[...places.keys()].join(", ")}) SELECT ${values} FROM json_each(?1) WHERE true`;
  const set = (column: string): string => (column === "contact" ? ownerSql(table) : value(column));
  const changing = table.contact === "optional" ? [...link, ...cells] : cells;
  // As row values: a chain of ORs as long as a wide table is deeper than the database allows.
  const before = changing.map((column) => `${name}.${column}`).join(", ");
  const differs = `(${before}) IS NOT (${changing.map(set).join(", ")})`;
  // That the same was said later must be kept, or something said in between would undo it when it comes late. What hangs
  // on nobody is stated by feeds, which repeat all of it: there a row that is the same is not written.
  const isNews = table.contact === "none" ? differs : `(${differs} OR excluded.updated_at > ${name}.updated_at)`;
  const guard = [`excluded.updated_at >= ${name}.updated_at`, ...guards(table), isNews].join(" AND ");
  const sets = changing.map((column) => `${column} = ${set(column)}`).join(", ");
  const key = table.unique === "contact" ? "contact, source_id" : "source_id";
  return (
    `${insert} ON CONFLICT (${key}) DO UPDATE SET ${sets}, source = excluded.source, updated_at = excluded.updated_at ` +
    `WHERE ${guard}`
  );
}

const CLAIM = "write";

/** Who may change a row: its contact, and whoever took that contact over. */
function guards(table: StarTable): string[] {
  const { name } = table;
  const claims = table.claims ? [`NOT (excluded.source = '${CLAIM}' AND ${name}.source <> '${CLAIM}')`] : [];
  if (table.contact === "none" || table.unique === "contact") return claims;
  const ways = [
    `${name}.contact IS excluded.contact`,
    `excluded.contact = ${standsFor(name)}`,
    ...(table.contact === "optional" ? [`${name}.contact IS NULL`] : []),
  ];
  return [...claims, `(${ways.join(" OR ")})`];
}

/** Whoever stands for the contact of a row by now. */
function standsFor(name: string): string {
  return `(SELECT ${headOf("w")} FROM contacts AS w WHERE w.id = ${name}.contact)`;
}

/**
 * The contact that a row gets: one that had none. Nobody else's changes, not even where they were merged, so that a merge
 * can be undone; and a column that is not set costs no index entry.
 */
function ownerSql({ name }: StarTable): string {
  return `CASE WHEN ${name}.contact IS NULL THEN excluded.contact ELSE ${name}.contact END`;
}

function deleteSql(table: StarTable): string {
  const { name } = table;
  if (table.contact === "none") {
    return (
      `DELETE FROM ${name} WHERE source_id IN (SELECT o.source_id FROM json_each(?1) AS v ` +
      `JOIN ${name} AS o ON o.source_id = v.value ->> 0 WHERE o.updated_at <= v.value ->> 3)`
    );
  }
  const own = `(o.contact IS v.value ->> 1 OR v.value ->> 1 = ${standsFor("o")})`;
  const found =
    table.unique === "contact"
      ? `o.contact IN (${familyOf("v.value ->> 1")}) AND o.source_id = v.value ->> 0`
      : `o.source_id = v.value ->> 0 AND ${own}`;
  const key = table.unique === "contact" ? ["contact", "source_id"] : ["source_id"];
  const picked = key.map((column) => `o.${column}`).join(", ");
  return (
    `DELETE FROM ${name} WHERE (${key.join(", ")}) IN (SELECT ${picked} FROM json_each(?1) AS v ` +
    `JOIN ${name} AS o ON ${found} WHERE o.updated_at <= v.value ->> 3)`
  );
}

/** The statements behind the row tables of the star. */
export const STAR_STATEMENTS: Readonly<Record<string, string>> = ordered(
  Object.values<StarTable>(STAR_TABLES).map(tableStatements),
);

/** Several tables' statements in one catalog. Moves come first: what a group says of a row finds it where it went. */
export function ordered(all: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  const entries = all.flatMap((statements) => Object.entries(statements));
  const isMove = ([name]: [string, string]): boolean => name.endsWith(moveOf(""));
  return Object.fromEntries([...entries.filter(isMove), ...entries.filter((entry) => !isMove(entry))]);
}

/** Reads rows of one table by some condition on `t`, in the order of their key. */
export function selectRows(db: D1Database, table: StarTable, where: string, values: readonly unknown[], limit: number) {
  const order = table.unique === "contact" ? "contact, source_id" : "source_id";
  const sql = `SELECT * FROM ${table.name} AS t WHERE ${where} ORDER BY ${order} LIMIT ?`;
  return db.prepare(sql).bind(...values, limit);
}

/** Whose the rows with these ids are: a JSON array of ids is given. */
export function selectOwners(db: D1Database, table: StarTable, ids: readonly string[]): D1PreparedStatement {
  const sql =
    `SELECT o.source_id AS id, o.source, coalesce(${standsFor("o")}, o.contact) AS contact FROM ${table.name} AS o ` +
    "WHERE o.source_id IN (SELECT value FROM json_each(?1))";
  return db.prepare(sql).bind(JSON.stringify(ids));
}

/** Statements for rows that hang on nobody, which need no ledger. */
export function rowStatements(db: D1Database, table: StarTable, buffer: RowBuffer): D1PreparedStatement[] {
  return Object.entries(tableStatements(table)).flatMap(([name, sql]) => {
    const rows = buffer.tables.get(name);
    return bulk(db, sql, [...(rows?.values() ?? [])]);
  });
}
