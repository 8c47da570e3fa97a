import type { SegmentDefinition } from "./segment";

/** A segment or family as it was defined. Times are epoch ms. */
export interface StoredSegment {
  readonly key: string;
  readonly name: string;
  readonly definition: SegmentDefinition;
  /** `removing`: its rows are being deleted. */
  readonly state: "ready" | "removing";
  readonly createdAt: number;
  readonly updatedAt: number;
}

type Row = Omit<StoredSegment, "definition"> & { definition: string };

const SELECT_SQL =
  "SELECT key, name, definition, state, created_at AS createdAt, updated_at AS updatedAt FROM segments";

function readRow(row: Row): StoredSegment {
  return { ...row, definition: JSON.parse(row.definition) as SegmentDefinition };
}

/** Selects every segment, those that are being removed among them, by key. */
export function selectSegments(db: D1Database): D1PreparedStatement {
  return db.prepare(`${SELECT_SQL} ORDER BY key`);
}

export function readSegments(rows: readonly unknown[]): StoredSegment[] {
  return (rows as Row[]).map(readRow);
}

export async function listSegments(db: D1Database): Promise<StoredSegment[]> {
  return readSegments((await selectSegments(db).all()).results);
}

export async function findSegment(db: D1Database, key: string): Promise<StoredSegment | null> {
  const row = await db.prepare(`${SELECT_SQL} WHERE key = ?1`).bind(key).first<Row>();
  return row && readRow(row);
}

/** Puts a segment. One that is being removed stays as it is. */
export function putSegment(
  db: D1Database,
  { key, name, definition }: Pick<StoredSegment, "key" | "name" | "definition">,
  now: number,
): D1PreparedStatement {
  const sql =
    "INSERT INTO segments (key, name, definition, state, created_at, updated_at) VALUES (?1, ?2, ?3, 'ready', ?4, ?4) " +
    "ON CONFLICT (key) DO UPDATE SET name = excluded.name, definition = excluded.definition, " +
    "updated_at = excluded.updated_at WHERE segments.state = 'ready'";
  return db.prepare(sql).bind(key, name, JSON.stringify(definition), now);
}

/** Marks a segment as going: from then on it is no segment, and its rows are deleted in steps. */
export function markRemoving(db: D1Database, key: string): D1PreparedStatement[] {
  return [
    // Whoever computes it at the moment cannot write any more.
    db.prepare("UPDATE segment_progress SET version = version + 1 WHERE id = 1"),
    db.prepare("UPDATE segments SET state = 'removing' WHERE key = ?1").bind(key),
    db.prepare("DELETE FROM segment_families WHERE family = ?1").bind(key),
  ];
}

/** What a family has rows of contacts in, and the rows that tell of nobody. */
const OF_CONTACTS = ["segment_members", "segment_transitions", "segment_news"] as const;
const OF_FAMILY = ["segment_sizes", "segment_flows"] as const;

/** Deletes up to `limit` rows of each table of a family that goes; true when nothing is left of it. */
export async function removeRows(db: D1Database, key: string, limit: number): Promise<boolean> {
  const results = await db.batch(
    OF_CONTACTS.map((table) => {
      const some = `SELECT contact FROM ${table} WHERE family = ?1 ORDER BY contact LIMIT ?2`;
      // By the contacts of a page: all rows of the last one go with it.
      return db.prepare(`DELETE FROM ${table} WHERE family = ?1 AND contact IN (${some})`).bind(key, limit);
    }),
  );
  if (results.some(({ meta }) => meta.changes > 0)) return false;
  await db.batch([
    ...OF_FAMILY.map((table) => db.prepare(`DELETE FROM ${table} WHERE family = ?1`).bind(key)),
    db.prepare("DELETE FROM segments WHERE key = ?1 AND state = 'removing'").bind(key),
  ]);
  return true;
}
