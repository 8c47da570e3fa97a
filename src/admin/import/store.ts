import type { Plan, Step } from "./plan";

export interface LineNote {
  readonly line: number;
  readonly reason: string;
}

/** What came of an import so far. */
export interface Tally {
  /** Records read. */
  readonly rows: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejectedCount: number;
  readonly rejected: readonly LineNote[];
  readonly warnings: readonly LineNote[];
  readonly ignored: number;
  /** Lines that say yes in the place of somebody who has said no. */
  readonly suppressed: number;
  /** Cancellations that became refunds, and those that nobody can say of what they cancel. */
  readonly tied: number;
  readonly untiedCount: number;
  readonly untied: readonly LineNote[];
}

/** How an import stands. Times are epoch ms. */
export interface ImportRow extends Tally {
  readonly id: string;
  readonly kind: string;
  readonly status: "running" | "done" | "failed";
  /** Records of the whole file; null until they are counted. */
  readonly total: number | null;
  /** Why it failed. */
  readonly reason: string | null;
  readonly createdAt: number;
  readonly touchedAt: number;
  readonly finishedAt: number | null;
  readonly plan: Plan;
  /** Null once nothing is left to do. */
  readonly step: Step | null;
  /** How many steps were noted. */
  readonly steps: number;
  /** How often in a row somebody began on a step without noting one. */
  readonly attempts: number;
}

type Json = "rejected" | "warnings" | "untied" | "plan" | "step";
type Stored = Omit<ImportRow, Json> & Record<Exclude<Json, "step">, string> & { readonly step: string | null };

const SELECT =
  "SELECT id, kind, status, rows, total, accepted, duplicates, rejected, rejected_count AS rejectedCount, warnings, " +
  "ignored, suppressed, tied, untied, untied_count AS untiedCount, reason, created_at AS createdAt, touched_at AS touchedAt, " +
  "finished_at AS finishedAt, plan, step, steps, attempts FROM imports";

export async function findImport(db: D1Database, id: string): Promise<ImportRow | null> {
  const row = await db.prepare(`${SELECT} WHERE id = ?1`).bind(id).first<Stored>();
  return row && read(row);
}

/** Imports behind a place, the latest first. */
export async function listImports(
  db: D1Database,
  after: readonly [number, string],
  most: number,
): Promise<ImportRow[]> {
  const sql = `${SELECT} WHERE (created_at, id) < (?1, ?2) ORDER BY created_at DESC, id DESC LIMIT ?3`;
  return (
    await db
      .prepare(sql)
      .bind(...after, most)
      .all<Stored>()
  ).results.map(read);
}

function read(row: Stored): ImportRow {
  return {
    ...row,
    rejected: JSON.parse(row.rejected) as LineNote[],
    warnings: JSON.parse(row.warnings) as LineNote[],
    untied: JSON.parse(row.untied) as LineNote[],
    plan: JSON.parse(row.plan) as Plan,
    step: JSON.parse(row.step ?? "null") as Step | null,
  };
}

/** Writes a new import down, or one that is begun again, from its start. */
export async function openImport(
  db: D1Database,
  { id, kind, plan, createdAt }: Pick<ImportRow, "id" | "kind" | "plan" | "createdAt">,
  lane: string,
): Promise<void> {
  const sql =
    "INSERT INTO imports (id, kind, status, rows, accepted, duplicates, rejected, created_at, touched_at, plan, step, lane) " +
    "VALUES (?1, ?2, 'running', 0, 0, 0, '[]', ?3, ?3, ?4, ?5, ?6) ON CONFLICT (id) DO UPDATE SET kind = ?2, " +
    "status = 'running', rows = 0, total = NULL, accepted = 0, duplicates = 0, rejected = '[]', rejected_count = 0, " +
    "warnings = '[]', ignored = 0, suppressed = 0, tied = 0, untied = '[]', untied_count = 0, reason = NULL, touched_at = ?3, " +
    "finished_at = NULL, plan = ?4, step = ?5, steps = steps + 1, lane = ?6, attempts = 0";
  const step: Step = { phase: "upload" };
  const forget = (table: string) => db.prepare(`DELETE FROM ${table} WHERE import = ?1`).bind(id);
  await db.batch([
    forget("import_parts"),
    forget("import_pieces"),
    db.prepare(sql).bind(id, kind, createdAt, JSON.stringify(plan), JSON.stringify(step), lane),
  ]);
}

/**
 * Notes how an import stands after a step, together with what the step wrote. False where another has noted a step since:
 * then what this one counted does not count.
 */
export async function noteStep(
  db: D1Database,
  row: ImportRow,
  before: ImportRow,
  writes: readonly D1PreparedStatement[] = [],
): Promise<boolean> {
  const sql =
    "UPDATE imports SET status = ?3, rows = ?4, total = ?5, accepted = ?6, duplicates = ?7, rejected_count = ?8, " +
    "ignored = ?9, tied = ?10, untied_count = ?11, reason = ?12, touched_at = ?13, finished_at = ?14, step = ?15, " +
    "plan = coalesce(?16, plan), rejected = coalesce(?17, rejected), warnings = coalesce(?18, warnings), " +
    "untied = coalesce(?19, untied), suppressed = ?20, attempts = 0, " +
    // NULL breaks the NOT NULL of `steps` and with it the whole batch: an UPDATE of no row would let the writes pass.
    "steps = CASE WHEN steps = ?2 THEN steps + 1 END WHERE id = ?1";
  const counts = [row.rows, row.total, row.accepted, row.duplicates, row.rejectedCount];
  const more = [row.ignored, row.tied, row.untiedCount, row.reason, row.touchedAt, row.finishedAt];
  const changed = (name: Json) => (row[name] === before[name] ? null : JSON.stringify(row[name]));
  const texts = [
    row.step && JSON.stringify(row.step),
    changed("plan"),
    changed("rejected"),
    changed("warnings"),
    changed("untied"),
  ];
  const update = db.prepare(sql).bind(row.id, before.steps, row.status, ...counts, ...more, ...texts, row.suppressed);
  try {
    const [done] = await db.batch([update, ...writes]);
    return (done?.meta.changes ?? 0) > 0;
  } catch (error) {
    // Another has noted a step, or this one is noted and its answer was lost: whoever goes on finds where it stands.
    if ((await findImport(db, row.id))?.steps !== before.steps) return false;
    throw error;
  }
}

/** Imports with something left to do, files included, in the order in which they came. */
export async function openImports(
  db: D1Database,
): Promise<{ readonly id: string; readonly uploading: boolean; readonly touchedAt: number }[]> {
  const sql =
    "SELECT id, step ->> 'phase' = 'upload' AS uploading, touched_at AS touchedAt FROM imports WHERE step IS NOT NULL ORDER BY created_at LIMIT 500";
  const { results } = await db.prepare(sql).all<{ id: string; uploading: number; touchedAt: number }>();
  return results.map((row) => ({ ...row, uploading: row.uploading === 1 }));
}

/** Real milliseconds that a lease holds, and so the time that an import waits after a crash. */
const LEASE = 30_000;

/**
 * Takes an import for oneself, which is an attempt, or holds it for longer; false while another has it, or another of its lane, or one of its
 * lane whose file came before is not done.
 */
export async function takeImport(db: D1Database, id: string, owner: string): Promise<boolean> {
  const sql =
    "UPDATE imports SET attempts = attempts + (leased_by IS NOT ?2), leased_by = ?2, leased_until = ?4 WHERE id = ?1 AND (leased_until < ?3 OR leased_by = ?2) " +
    "AND NOT EXISTS (SELECT 1 FROM imports o WHERE o.step IS NOT NULL AND o.lane = imports.lane AND o.id <> ?1 " +
    "AND (o.leased_until >= ?3 OR (o.status = 'running' AND o.step ->> 'phase' <> 'upload' " +
    "AND (o.created_at, o.id) < (imports.created_at, imports.id))))";
  const now = Date.now();
  return (
    (
      await db
        .prepare(sql)
        .bind(id, owner, now, now + LEASE)
        .run()
    ).meta.changes > 0
  );
}

/** The import of the same lane that may go on once this one is done. */
export async function waitingBehind(db: D1Database, { id }: Pick<ImportRow, "id">): Promise<readonly string[]> {
  const sql =
    "SELECT o.id FROM imports o JOIN imports i ON o.lane = i.lane AND o.id <> i.id WHERE i.id = ?1 AND i.step IS NULL " +
    "AND o.status = 'running' AND o.step ->> 'phase' <> 'upload' ORDER BY o.created_at, o.id LIMIT 1";
  return (await db.prepare(sql).bind(id).all<{ id: string }>()).results.map((row) => row.id);
}

export async function leaveImport(db: D1Database, id: string, owner: string): Promise<void> {
  await db.prepare("UPDATE imports SET leased_until = 0 WHERE id = ?1 AND leased_by = ?2").bind(id, owner).run();
}

/** Notes that a step failed; returns how often in a row one did. The attempt was counted where it was the first step. */
export async function noteFailure(db: D1Database, id: string): Promise<number> {
  const sql = "UPDATE imports SET attempts = max(attempts, 1) WHERE id = ?1 RETURNING attempts";
  return (await db.prepare(sql).bind(id).first<{ attempts: number }>())?.attempts ?? 0;
}

/** One part of an upload, once it lies in R2 as a whole. */
export interface Part {
  readonly part: number;
  readonly generation: string;
  readonly objects: number;
  readonly bytes: number;
}

export async function partsOf(db: D1Database, id: string): Promise<readonly Part[]> {
  const sql = "SELECT part, generation, objects, bytes FROM import_parts WHERE import = ?1 ORDER BY part";
  return (await db.prepare(sql).bind(id).all<Part>()).results;
}

/** Notes a part; one of the same number makes way. False where the import takes no parts any more. */
export async function notePart(
  db: D1Database,
  id: string,
  { part, generation, objects, bytes }: Part,
  now: number,
): Promise<boolean> {
  const uploading = "FROM imports WHERE id = ?1 AND step ->> 'phase' = 'upload'";
  const sql =
    `INSERT INTO import_parts (import, part, generation, objects, bytes) SELECT ?1, ?2, ?3, ?4, ?5 ${uploading} ` +
    "ON CONFLICT (import, part) DO UPDATE SET generation = ?3, objects = ?4, bytes = ?5";
  const [noted] = await db.batch([
    db.prepare(sql).bind(id, part, generation, objects, bytes),
    db.prepare("UPDATE imports SET touched_at = ?2 WHERE id = ?1").bind(id, now),
  ]);
  return (noted?.meta.changes ?? 0) > 0;
}

/** A piece of a file: the line that it begins on, its records, and where the lines of each bucket begin in bytes. */
export interface PieceRow {
  readonly piece: number;
  readonly line: number;
  readonly rows: number;
  readonly buckets: readonly number[] | null;
}

export async function piecesOf(db: D1Database, id: string): Promise<readonly PieceRow[]> {
  const sql = "SELECT piece, line, rows, buckets FROM import_pieces WHERE import = ?1 ORDER BY piece";
  const { results } = await db.prepare(sql).bind(id).all<Omit<PieceRow, "buckets"> & { buckets: string | null }>();
  return results.map((row) => ({ ...row, buckets: JSON.parse(row.buckets ?? "null") as number[] | null }));
}

export function pieceWrite(db: D1Database, id: string, { piece, line, rows }: PieceRow): D1PreparedStatement {
  const sql =
    "INSERT INTO import_pieces (import, piece, line, rows) VALUES (?1, ?2, ?3, ?4) " +
    "ON CONFLICT (import, piece) DO UPDATE SET line = ?3, rows = ?4";
  return db.prepare(sql).bind(id, piece, line, rows);
}

export function bucketsWrite(
  db: D1Database,
  id: string,
  piece: number,
  buckets: readonly number[],
): D1PreparedStatement {
  const sql = "UPDATE import_pieces SET buckets = ?3 WHERE import = ?1 AND piece = ?2";
  return db.prepare(sql).bind(id, piece, JSON.stringify(buckets));
}

/** Forgets where the files of an import were. */
export function forgetFiles(db: D1Database, id: string): D1PreparedStatement[] {
  return ["import_parts", "import_pieces"].map((table) =>
    db.prepare(`DELETE FROM ${table} WHERE import = ?1`).bind(id),
  );
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
