import { SALE } from "../../commerce/order";
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

/** What was earned on orders of which all lines have a known margin, and how many those are. */
export interface Margin {
  readonly margin: number;
  readonly orders: number;
}

/**
 * Of an order the margin is what is left of its net value after what its goods cost: their price before discounts, less
 * the margin of the product; what came back cost nothing. In proportion to `worth`, so that currencies convert alike.
 */
const EARNED =
  "SELECT o.contact, o.net, (SELECT iif(count(*) = count(p.margin_pct), sum(l.total * (1 - p.margin_pct / 100.0) " +
  "* (l.quantity - l.returned_qty) / l.quantity), NULL) FROM order_lines l LEFT JOIN products p ON p.product_id = l.product_id " +
  "WHERE l.order_id = o.order_id) AS cost FROM orders o";

/** Whether any product has a margin: without one there is nothing to add up. */
export async function hasMargins(db: D1Database): Promise<boolean> {
  return (await db.prepare("SELECT 1 FROM products WHERE margin_pct IS NOT NULL LIMIT 1").first()) !== null;
}

/**
 * The margin of contacts over their orders from `from` to `to` (epoch ms) in the shop's currency, by contact.
 *
 * @param contacts rows of heads
 */
export async function readMargins(
  db: D1Database,
  contacts: readonly number[],
  { from, to, base }: { readonly from: number; readonly to: number; readonly base: string },
): Promise<Map<number, Margin>> {
  const sql =
    "WITH RECURSIVE family(head, member) AS (SELECT value, value FROM json_each(?1) UNION ALL SELECT f.head, m.id FROM family f " +
    `JOIN contacts m ON m.merged_into = f.member), earned AS (${EARNED} WHERE o.contact IN (SELECT member FROM family) ` +
    `AND ${SALE} AND o.currency = ?4 AND o.placed_at >= ?2 AND o.placed_at <= ?3) ` +
    "SELECT f.head AS contact, sum(CAST(round(e.net - e.cost) AS INTEGER)) AS margin, count(*) AS orders FROM family f " +
    "JOIN earned e ON e.contact = f.member WHERE e.cost IS NOT NULL GROUP BY f.head";
  type Row = Margin & { readonly contact: number };
  const { results } = await db.prepare(sql).bind(JSON.stringify(contacts), from, to, base).all<Row>();
  return new Map(results.map(({ contact, margin, orders }) => [contact, { margin, orders }]));
}

/** The margin by segment of a table, over everybody. */
export async function readSegmentMargins(
  db: D1Database,
  table: ScoreTable,
  { from, to, base }: { readonly from: number; readonly to: number; readonly base: string },
): Promise<Map<string, Margin>> {
  const sql =
    "WITH RECURSIVE up(member, at) AS (SELECT id, merged_into FROM contacts WHERE merged_into IS NOT NULL UNION ALL " +
    "SELECT u.member, c.merged_into FROM up u JOIN contacts c ON c.id = u.at WHERE c.merged_into IS NOT NULL), " +
    `earned AS (${EARNED} WHERE ${SALE} AND o.currency = ?3 AND o.placed_at >= ?1 AND o.placed_at <= ?2) ` +
    "SELECT s.segment, sum(CAST(round(e.net - e.cost) AS INTEGER)) AS margin, count(*) AS orders FROM earned e " +
    `JOIN ${table} s ON s.contact = coalesce((SELECT u.at FROM up u JOIN contacts c ON c.id = u.at WHERE u.member = e.contact ` +
    "AND c.merged_into IS NULL), e.contact) WHERE e.cost IS NOT NULL AND s.segment IS NOT NULL GROUP BY s.segment";
  type Row = Margin & { readonly segment: string };
  const { results } = await db.prepare(sql).bind(from, to, base).all<Row>();
  return new Map(results.map(({ segment, margin, orders }) => [segment, { margin, orders }]));
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

/** What was written down of the matrix up to a day, oldest first. */
export async function readHistory(db: D1Database, to: string, segment: string | undefined): Promise<HistoryRow[]> {
  const sql =
    "SELECT segment, cell, day, contacts, orders, revenue FROM rfm_history WHERE day <= ?1 AND (?2 IS NULL OR segment = ?2) " +
    "ORDER BY day, segment, cell";
  return (
    await db
      .prepare(sql)
      .bind(to, segment ?? null)
      .all<HistoryRow>()
  ).results;
}
