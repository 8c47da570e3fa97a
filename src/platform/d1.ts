import { TEXT_SIZE } from "../shared/slices";

/** One statement over a JSON array of rows: D1 takes 100 parameters, a JSON text holds thousands of rows. */
export interface BulkTable {
  readonly name: string;
  /** Columns in the order of the row arrays. */
  readonly columns: readonly string[];
  /** What follows the SELECT, e.g. `ON CONFLICT …`. */
  readonly conflict: string;
}

/** `INSERT … SELECT … FROM json_each(?1)` for a table. */
export function bulkInsert(table: BulkTable): string {
  const values = table.columns.map((_, index) => `value ->> ${index}`).join(", ");
  const head = `INSERT INTO ${table.name} (${table.columns.join(", ")})`;
  // `WHERE true` keeps the parser from reading ON CONFLICT as a join.
  return `${head} SELECT ${values} FROM json_each(?1) WHERE true ${table.conflict}`;
}

/** Rows as JSON arrays that are each small enough for one value, in their order: a statement is run for each. */
export function jsonParts(rows: readonly unknown[]): string[] {
  if (rows.length === 0) return [];
  const text = JSON.stringify(rows);
  if (text.length <= TEXT_SIZE || rows.length === 1) return [text];
  const half = rows.length >> 1;
  return [...jsonParts(rows.slice(0, half)), ...jsonParts(rows.slice(half))];
}

/** A statement over `json_each(?1)` for each part of some rows, in their order; `values` follow as ?2, ?3… No rows, no statement. */
export function bulk(
  db: D1Database,
  sql: string,
  rows: readonly unknown[],
  ...values: readonly unknown[]
): D1PreparedStatement[] {
  return jsonParts(rows).map((part) => db.prepare(sql).bind(part, ...values));
}

/** Makes the statement for some rows, and the rows as it wants them. */
export type RowStatement = (rows: readonly (readonly unknown[])[]) => {
  readonly sql: string;
  readonly rows: readonly (readonly unknown[])[];
};

/**
 * The same for a wide table. Columns that no row has a value for are left to their default, which must be NULL: to read
 * a value out of JSON costs SQLite more than to store it.
 */
export function sparseInsert(table: BulkTable): RowStatement {
  const statements = new Map<string, string>();
  return (rows) => {
    const used = table.columns.flatMap((_, index) => (rows.some((row) => row[index] !== null) ? [index] : []));
    const columns = used.map((index) => table.columns[index] ?? "");
    const key = columns.join(" ");
    const sql = statements.get(key) ?? bulkInsert({ ...table, columns });
    statements.set(key, sql);
    return { sql, rows: rows.map((row) => used.map((index) => row[index])) };
  };
}

/** The upsert clause that sets every column but the keys, and writes only where a value differs. */
export function updateChanged(keys: readonly string[], columns: readonly string[], table: string): string {
  const rest = columns.filter((column) => !keys.includes(column));
  const sets = rest.map((column) => `${column} = excluded.${column}`).join(", ");
  const differs = rest.map((column) => `${table}.${column} IS NOT excluded.${column}`).join(" OR ");
  return `ON CONFLICT (${keys.join(", ")}) DO UPDATE SET ${sets} WHERE ${differs}`;
}

/** True for failures that say nothing about the statement: the same one may well pass later. */
export function isTransient(error: unknown): boolean {
  const message = error instanceof Error ? error.message : String(error);
  if (/constraint|syntax error|no such (table|column)|malformed|too big|datatype mismatch/i.test(message)) return false;
  return /overloaded|network|timed? ?out|reset|internal error|connection|disconnected|storage|unavailable|starting up|busy|locked/i.test(
    message,
  );
}
