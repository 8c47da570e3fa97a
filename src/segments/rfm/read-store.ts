import type { ScoreTable } from "./figures-sql";
import { segmentKey } from "./map";
import { TABLE_OF } from "./rfm-store";

/** A scored contact. Times are epoch ms, money minor units of the shop's currency. */
export interface ScoreRow {
  readonly contact: number;
  readonly externalId: string | null;
  readonly lastOrderAt: number;
  readonly orders: number;
  readonly monetary: number;
  readonly r: number;
  readonly f: number;
  readonly m: number;
  /** Its key. */
  readonly segment: string;
  readonly name: string;
  readonly cause: string | null;
  readonly changedAt: number | null;
}

/** Which scored contacts are looked for; what is stated must all hold. */
export interface ScoreSearch {
  readonly segment?: string | undefined;
  readonly cell?: string | undefined;
  /** Of a score alone. */
  readonly r?: number | undefined;
  readonly f?: number | undefined;
  readonly m?: number | undefined;
  readonly externalId?: string | undefined;
}

function scored(table: ScoreTable): string {
  const kind = table === TABLE_OF.live ? "live" : "past";
  return (
    "SELECT s.contact, c.external_id AS externalId, s.last_order_at AS lastOrderAt, s.orders, s.monetary, s.r, s.f, s.m, " +
    "s.segment, s.cause, s.changed_at AS changedAt, coalesce((SELECT n.done ->> ('$.names.\"' || s.segment || '\"') FROM rfm_runs n " +
    `WHERE n.kind = '${kind}'), s.segment) AS name FROM ${table} s JOIN contacts c ON c.id = s.contact WHERE s.segment IS NOT NULL`
  );
}

/** Scored contacts in the order of their rows, behind one. */
export async function listScores(
  db: D1Database,
  table: ScoreTable,
  { segment, cell, externalId, ...scores }: ScoreSearch,
  after: number,
  limit: number,
): Promise<ScoreRow[]> {
  const values: (string | number)[] = [];
  const put = (value: string | number): string => `?${values.push(value)}`;
  const conditions = [`s.contact > ${put(after)}`];
  if (segment !== undefined) conditions.push(`s.segment = ${put(segmentKey(segment))}`);
  if (cell !== undefined) conditions.push(`s.r * 100 + s.f * 10 + s.m = ${put(Number(cell))}`);
  for (const axis of ["r", "f", "m"] as const) {
    const wanted = scores[axis];
    if (wanted !== undefined) conditions.push(`s.${axis} = ${put(wanted)}`);
  }
  if (externalId !== undefined) {
    conditions.push(`s.contact IN (SELECT contact FROM identities WHERE identity = ${put(`u:${externalId}`)})`);
  }
  const sql = `${scored(table)} AND ${conditions.join(" AND ")} ORDER BY s.contact LIMIT ${put(limit)}`;
  return (
    await db
      .prepare(sql)
      .bind(...values)
      .all<ScoreRow>()
  ).results;
}

/** The live scores of contacts, by a JSON array of their rows. */
export function selectScores(db: D1Database, contacts: string): D1PreparedStatement {
  return db.prepare(`${scored(TABLE_OF.live)} AND s.contact IN (SELECT value FROM json_each(?1))`).bind(contacts);
}

/** A cell of the matrix from a shop-local day on. */
export interface HistoryRow {
  readonly segment: string;
  readonly cell: number;
  readonly day: string;
  readonly contacts: number;
  readonly orders: number;
  readonly revenue: number;
}

/** What was written down of the matrix between two days, and before them what was last, oldest first. */
export async function readHistory(
  db: D1Database,
  from: string,
  to: string,
  segment: string | undefined,
): Promise<HistoryRow[]> {
  const rows = (where: string): string => `rfm_history WHERE (?3 IS NULL OR segment = ?3) AND ${where}`;
  const last = `SELECT *, row_number() OVER (PARTITION BY segment, cell ORDER BY day DESC) AS age FROM ${rows("day < ?1")}`;
  const sql =
    `SELECT segment, cell, day, contacts, orders, revenue FROM (${last}) WHERE age = 1 UNION ALL ` +
    `SELECT segment, cell, day, contacts, orders, revenue FROM ${rows("day >= ?1 AND day <= ?2")} ORDER BY day, segment, cell`;
  return (
    await db
      .prepare(sql)
      .bind(from, to, segment ?? null)
      .all<HistoryRow>()
  ).results;
}
