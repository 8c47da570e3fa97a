export interface LineNote {
  readonly line: number;
  readonly reason: string;
}

/** How an import stands. Times are epoch ms. */
export interface ImportRow {
  readonly id: string;
  readonly kind: string;
  readonly status: "running" | "done" | "failed";
  readonly rows: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejectedCount: number;
  readonly rejected: readonly LineNote[];
  readonly warnings: readonly LineNote[];
  /** Why it failed. */
  readonly reason: string | null;
  readonly createdAt: number;
  readonly touchedAt: number;
  readonly finishedAt: number | null;
}

type Stored = Omit<ImportRow, "rejected" | "warnings"> & { readonly rejected: string; readonly warnings: string };

export async function findImport(db: D1Database, id: string): Promise<ImportRow | null> {
  const sql =
    "SELECT id, kind, status, rows, accepted, duplicates, rejected, rejected_count AS rejectedCount, warnings, " +
    "reason, created_at AS createdAt, touched_at AS touchedAt, finished_at AS finishedAt FROM imports WHERE id = ?1";
  const row = await db.prepare(sql).bind(id).first<Stored>();
  if (!row) return null;
  return {
    ...row,
    rejected: JSON.parse(row.rejected) as LineNote[],
    warnings: JSON.parse(row.warnings) as LineNote[],
  };
}

/** Writes down how an import stands; a new one, or one that is begun again, from the start. */
export function importWrite(db: D1Database, row: ImportRow): D1PreparedStatement {
  const sql =
    "INSERT INTO imports (id, kind, status, rows, accepted, duplicates, rejected, rejected_count, warnings, reason, " +
    "created_at, touched_at, finished_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) " +
    "ON CONFLICT (id) DO UPDATE SET status = ?3, rows = ?4, accepted = ?5, duplicates = ?6, rejected = ?7, " +
    "rejected_count = ?8, warnings = ?9, reason = ?10, touched_at = ?12, finished_at = ?13";
  const counts = [row.rows, row.accepted, row.duplicates];
  const notes = [JSON.stringify(row.rejected), row.rejectedCount, JSON.stringify(row.warnings), row.reason];
  return db
    .prepare(sql)
    .bind(row.id, row.kind, row.status, ...counts, ...notes, row.createdAt, row.touchedAt, row.finishedAt);
}

/** Which of these lines were imported before. */
export async function knownLines(db: D1Database, ids: readonly string[]): Promise<Set<string>> {
  const sql = "SELECT id FROM import_lines WHERE id IN (SELECT value FROM json_each(?1))";
  const { results } = await db.prepare(sql).bind(JSON.stringify(ids)).all<{ id: string }>();
  return new Set(results.map(({ id }) => id));
}

/** Remembers lines for ever. */
export function lineWrite(db: D1Database, ids: readonly string[]): D1PreparedStatement {
  const sql = "INSERT INTO import_lines (id) SELECT value FROM json_each(?1) WHERE true ON CONFLICT DO NOTHING";
  return db.prepare(sql).bind(JSON.stringify(ids));
}
