import { type Definition, MOST_TABLES, tableOfDefinition } from "./definition";
import { tableSql } from "./store";
import type { StarTable } from "./table";
import { physicalColumns } from "./table";

/** `making`: there is no table yet. `ready`: there is. `dropping`: it is on its way out. */
export type TableState = "making" | "ready" | "dropping";

/** A table that a shop defined. Times are epoch ms. */
export interface CustomTable {
  readonly key: string;
  readonly state: TableState;
  readonly definition: Definition;
  /** What it is to be, while columns are added. */
  readonly pending: Definition | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

interface CustomRow {
  key: string;
  state: TableState;
  definition: string;
  pending: string | null;
  created_at: number;
  updated_at: number;
}

const COLUMNS = "key, state, definition, pending, created_at, updated_at";

/** Every custom table, by key; there are at most as many as `MOST_TABLES`. */
export async function listCustomTables(db: D1Database): Promise<CustomTable[]> {
  const { results } = await db.prepare(`SELECT ${COLUMNS} FROM custom_tables ORDER BY key`).all<CustomRow>();
  return results.map(readRow);
}

export async function findCustomTable(db: D1Database, key: string): Promise<CustomTable | null> {
  const row = await db.prepare(`SELECT ${COLUMNS} FROM custom_tables WHERE key = ?1`).bind(key).first<CustomRow>();
  return row && readRow(row);
}

/** Those whose rows can be written and read, by key. */
export async function readyTables(db: D1Database): Promise<Map<string, StarTable>> {
  const all = await listCustomTables(db);
  const ready = all.filter(({ state }) => state === "ready");
  return new Map(ready.map(({ key, definition }) => [key, tableOfDefinition(definition)]));
}

/** Notes what is to be made, unless the key is taken or there are too many. */
export async function noteTable(db: D1Database, definition: Definition, now: number): Promise<void> {
  const sql =
    "INSERT INTO custom_tables (key, state, definition, created_at, updated_at) " +
    "SELECT ?1, 'making', ?2, ?3, ?3 WHERE (SELECT count(*) FROM custom_tables) < ?4 ON CONFLICT (key) DO NOTHING";
  await db.prepare(sql).bind(definition.key, JSON.stringify(definition), now, MOST_TABLES).run();
}

/** Notes what a table is to be. False where somebody else is changing it. */
export async function noteChange(db: D1Database, from: CustomTable, to: Definition, now: number): Promise<boolean> {
  const sql =
    "UPDATE custom_tables SET pending = ?3, updated_at = ?4 WHERE key = ?1 AND definition = ?2 AND state = 'ready' " +
    "AND (pending IS NULL OR pending = ?3)";
  const values = [from.key, JSON.stringify(from.definition), JSON.stringify(to), now];
  const { meta } = await db
    .prepare(sql)
    .bind(...values)
    .run();
  return meta.changes > 0;
}

/** From here on nobody sees the table. */
export function noteDrop(db: D1Database, key: string, now: number): D1PreparedStatement {
  return db.prepare("UPDATE custom_tables SET state = 'dropping', updated_at = ?2 WHERE key = ?1").bind(key, now);
}

/** Brings the database to what a definition says: makes the table, or adds what it lacks. */
export async function shapeTable(db: D1Database, definition: Definition): Promise<void> {
  const table = tableOfDefinition(definition);
  const [make = "", ...indexes] = tableSql(table);
  await db.prepare(make).run();
  const { results } = await db.prepare(`PRAGMA table_info(${table.name})`).all<{ name: string }>();
  const known = new Set(results.map(({ name }) => name));
  const missing = physicalColumns(table).filter(({ name }) => !known.has(name));
  const added = missing.map(({ name, sql }) => db.prepare(`ALTER TABLE ${table.name} ADD COLUMN "${name}" ${sql}`));
  const all = [...added, ...indexes.map((sql) => db.prepare(sql))];
  if (all.length > 0) await db.batch(all);
}

/** Makes a finished table known: `changeSettings` tells everybody. */
export function settleTable(db: D1Database, { key, pending, definition }: CustomTable): D1PreparedStatement {
  const sql =
    "UPDATE custom_tables SET state = 'ready', definition = ?2, pending = NULL " +
    "WHERE key = ?1 AND state <> 'dropping' AND coalesce(pending, definition) = ?2";
  return db.prepare(sql).bind(key, JSON.stringify(pending ?? definition));
}

/** Takes a table away with all its rows, and then its definition. */
export async function dropTable(db: D1Database, { key, definition }: CustomTable): Promise<void> {
  const { name } = tableOfDefinition(definition);
  await db.prepare(`DROP TABLE IF EXISTS ${name}`).run();
  await db.prepare("DELETE FROM custom_tables WHERE key = ?1 AND state = 'dropping'").bind(key).run();
}

function readRow(row: CustomRow): CustomTable {
  return {
    key: row.key,
    state: row.state,
    definition: JSON.parse(row.definition) as Definition,
    pending: row.pending === null ? null : (JSON.parse(row.pending) as Definition),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
