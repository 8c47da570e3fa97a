import type { Statement } from "../rfm/statement";
import { periodOf } from "./engagement";
import type { BehaviourTerms, Scope } from "./figures-sql";
import { behaviourSql, leaversSql } from "./figures-sql";
import type { Mark, Ruler } from "./ruler";
import { comparableSql, NO_MARK, percentilePlace } from "./ruler";

/** The computation over everybody: the last one, or how far the one under way is. */
export interface BehaviourRun {
  /** The shop-local day of its night. */
  readonly night: string;
  /** As of when, epoch ms. */
  readonly at: number;
  /** Contacts up to this row are done; null at its end. */
  readonly after: number | null;
  /** When one first came to its end; null while none has. */
  readonly doneAt: number | null;
}

/** A ruler with the shop-local day of the night that it was measured in. */
export type NightRuler = Ruler & { readonly night: string };

/** The run and the ruler that it measured; null where there was none yet. */
export async function readBehaviourRun(
  db: D1Database,
): Promise<{ readonly run: BehaviourRun; readonly ruler: NightRuler | null } | null> {
  const sql = "SELECT night, at, after, done_at AS doneAt, ruler FROM behaviour_runs WHERE id = 1";
  const row = await db.prepare(sql).first<BehaviourRun & { ruler: string | null }>();
  if (!row) return null;
  const { ruler, ...run } = row;
  return { run, ruler: ruler === null ? null : (JSON.parse(ruler) as NightRuler) };
}

/** Begins a run of a night, in place of any that did not come to its end. */
export function beginBehaviourRun(db: D1Database, night: string, at: number): D1PreparedStatement {
  const sql =
    "INSERT INTO behaviour_runs (id, night, at, after) VALUES (1, ?1, ?2, 0) " +
    "ON CONFLICT (id) DO UPDATE SET night = excluded.night, at = excluded.at, after = 0";
  return db.prepare(sql).bind(night, at);
}

/** Moves a run on. */
export function moveBehaviourRun(db: D1Database, after: number): D1PreparedStatement {
  return db.prepare("UPDATE behaviour_runs SET after = ?1 WHERE id = 1").bind(after);
}

/** Ends a run, with the ruler of its night where that is another one. */
export function endBehaviourRun(db: D1Database, at: number, ruler: NightRuler | null): D1PreparedStatement {
  const sql =
    "UPDATE behaviour_runs SET after = NULL, done_at = coalesce(done_at, ?1), ruler = coalesce(?2, ruler) WHERE id = 1";
  return db.prepare(sql).bind(at, ruler === null ? null : JSON.stringify(ruler));
}

/** Brings the rows of some contacts up to date. */
export function refreshStatements(db: D1Database, scope: Scope, terms: BehaviourTerms): D1PreparedStatement[] {
  const bound = ({ text, values }: Statement) => db.prepare(text).bind(...values);
  return [bound(behaviourSql(scope, terms)), bound(leaversSql(scope))];
}

/** The 90th percentile of the scores that there are. */
export async function measureRuler(db: D1Database, today: number): Promise<Mark> {
  const count = "SELECT count(*) AS n FROM contact_behaviour b WHERE b.since_day IS NOT NULL";
  const n = (await db.prepare(count).first<number>("n")) ?? 0;
  const sql =
    "SELECT b.units, b.since_day AS since FROM contact_behaviour b WHERE b.since_day IS NOT NULL " +
    `ORDER BY ${comparableSql(today)} LIMIT 1 OFFSET ?1`;
  const row = await db.prepare(sql).bind(percentilePlace(n)).first<{ units: number; since: number }>();
  return row ? { units: row.units, period: periodOf(row.since) } : NO_MARK;
}

/** Whether anybody did anything that behaviour is told by. */
export async function hasBehaviour(db: D1Database): Promise<boolean> {
  const tables = ["visits", "message_acts", "wishlist_items", "reviews", "contact_metrics"];
  const some = tables.map((table) => `EXISTS (SELECT 1 FROM ${table})`).join(" OR ");
  return (await db.prepare(`SELECT ${some} AS found`).first<number>("found")) === 1;
}
