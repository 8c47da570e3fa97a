import type { ExportFilter } from "./list";

/** What was asked for beside the list and the form. */
export interface ExportOptions extends ExportFilter {
  readonly columns?: readonly string[] | undefined;
  readonly bom?: boolean | undefined;
}

/** One export, as it is kept to tell who took data out. Times are epoch ms. */
export interface ExportRow {
  readonly id: string;
  /** Id of the admin key that asked. */
  readonly key: string;
  readonly name: string;
  readonly format: "csv" | "ndjson";
  readonly options: ExportOptions;
  readonly createdAt: number;
  readonly expiresAt: number;
  /** When its link was used: it opens once. */
  readonly openedAt: number | null;
  readonly finishedAt: number | null;
  readonly rows: number | null;
  /** How it ended; null while it is on its way, and where it was cut off. */
  readonly ended: string | null;
}

const COLUMNS =
  "id, key, name, format, options, created_at AS createdAt, expires_at AS expiresAt, opened_at AS openedAt, " +
  "finished_at AS finishedAt, rows, ended";

type Stored = Omit<ExportRow, "options"> & { readonly options: string };

const read = (row: Stored): ExportRow => ({ ...row, options: JSON.parse(row.options) as ExportOptions });

/** Notes that an export was asked for. Noted again, it stays as it is. */
export async function noteExport(
  db: D1Database,
  row: Pick<ExportRow, "id" | "key" | "name" | "format" | "options" | "createdAt" | "expiresAt">,
): Promise<void> {
  const sql =
    "INSERT INTO exports (id, key, name, format, options, created_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) " +
    "ON CONFLICT DO NOTHING";
  const { id, key, name, format, options, createdAt, expiresAt } = row;
  await db.prepare(sql).bind(id, key, name, format, JSON.stringify(options), createdAt, expiresAt).run();
}

export async function findExport(db: D1Database, id: string): Promise<ExportRow | null> {
  const row = await db.prepare(`SELECT ${COLUMNS} FROM exports WHERE id = ?1`).bind(id).first<Stored>();
  return row && read(row);
}

/** Opens an export for whoever asked for it; false where it was opened before, has run out or is somebody else's. */
export async function takeExport(db: D1Database, id: string, key: string, now: number): Promise<boolean> {
  const sql = "UPDATE exports SET opened_at = ?3 WHERE id = ?1 AND key = ?2 AND opened_at IS NULL AND expires_at > ?3";
  return (await db.prepare(sql).bind(id, key, now).run()).meta.changes > 0;
}

export async function endExport(db: D1Database, id: string, rows: number, how: string, now: number): Promise<void> {
  const sql = "UPDATE exports SET finished_at = ?2, rows = ?3, ended = ?4 WHERE id = ?1 AND finished_at IS NULL";
  await db.prepare(sql).bind(id, now, rows, how).run();
}

/** Exports, the newest first, behind a place. */
export async function listExports(
  db: D1Database,
  after: { readonly createdAt: number; readonly id: string } | null,
  limit: number,
): Promise<ExportRow[]> {
  const behind = after === null ? "true" : "(created_at, id) < (?2, ?3)";
  const sql = `SELECT ${COLUMNS} FROM exports WHERE ${behind} ORDER BY created_at DESC, id DESC LIMIT ?1`;
  const values = after === null ? [limit] : [limit, after.createdAt, after.id];
  const { results } = await db
    .prepare(sql)
    .bind(...values)
    .all<Stored>();
  return results.map(read);
}
