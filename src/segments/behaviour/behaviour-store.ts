import type { Statement } from "../rfm/statement";
import type { BehaviourTerms, Scope } from "./figures-sql";
import { behaviourSql, leaversSql } from "./figures-sql";
import type { Ruler } from "./ruler";
import { percentilePlace, thousandthsSql } from "./ruler";

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

/** The run and the ruler that it measured; null where there was none yet. */
export async function readBehaviourRun(
  db: D1Database,
): Promise<{ readonly run: BehaviourRun; readonly ruler: (Ruler & { readonly night: string }) | null } | null> {
  const sql =
    "SELECT night, at, after, done_at AS doneAt, ruler_night, ruler_at, ruler, ruler_before FROM behaviour_runs WHERE id = 1";
  type Row = BehaviourRun & { ruler_night: string | null; ruler_at: number; ruler: number; ruler_before: number };
  const row = await db.prepare(sql).first<Row>();
  if (!row) return null;
  const { ruler_night: night, ruler_at: at, ruler: value, ruler_before: before, ...run } = row;
  return { run, ruler: night === null ? null : { night, at, value, before } };
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
export function endBehaviourRun(
  db: D1Database,
  at: number,
  ruler: (Ruler & { readonly night: string }) | null,
): D1PreparedStatement[] {
  const ended = db.prepare("UPDATE behaviour_runs SET after = NULL, done_at = coalesce(done_at, ?1) WHERE id = 1");
  const sql = "UPDATE behaviour_runs SET ruler_night = ?1, ruler_at = ?2, ruler = ?3, ruler_before = ?4 WHERE id = 1";
  const measured = ruler ? [db.prepare(sql).bind(ruler.night, ruler.at, ruler.value, ruler.before)] : [];
  return [...measured, ended.bind(at)];
}

/** Brings the rows of some contacts up to date. */
export function refreshStatements(db: D1Database, scope: Scope, terms: BehaviourTerms): D1PreparedStatement[] {
  const bound = ({ text, values }: Statement) => db.prepare(text).bind(...values);
  return [bound(behaviourSql(scope, terms)), bound(leaversSql(scope))];
}

/** The 90th percentile of the scores that there are, in thousandths; 0 without any. */
export async function measureRuler(db: D1Database, today: number): Promise<number> {
  const count = "SELECT count(*) AS n FROM contact_behaviour b WHERE b.since_day IS NOT NULL";
  const n = (await db.prepare(count).first<number>("n")) ?? 0;
  const sql = `SELECT ${thousandthsSql(today)} AS score FROM contact_behaviour b WHERE b.since_day IS NOT NULL ORDER BY 1 LIMIT 1 OFFSET ?1`;
  return (await db.prepare(sql).bind(percentilePlace(n)).first<number>("score")) ?? 0;
}

/** Whether anybody did anything that behaviour is told by. */
export async function hasBehaviour(db: D1Database): Promise<boolean> {
  const tables = ["visits", "message_acts", "wishlist_items", "reviews", "contact_metrics"];
  const some = tables.map((table) => `EXISTS (SELECT 1 FROM ${table})`).join(" OR ");
  return (await db.prepare(`SELECT ${some} AS found`).first<number>("found")) === 1;
}
