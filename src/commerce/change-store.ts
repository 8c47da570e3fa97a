import { raiseSetting, readSetting } from "../platform/settings";
import { MINUTE } from "../shared/clock";
import { BEGUN_SQL } from "./catalogue-sql";
import type { CatalogueChange, ChangeKind } from "./change";

const UNTIL = "catalogue:until";
/** A price that is said this moment to begin the next may be written after a look at that moment. */
const OVERLAP = 10 * MINUTE;

/**
 * Tells of announced prices that have come into force since the last time, up to `now`. The window moves in the same
 * batch and overlaps the one before; a change is kept once, so that neither a repeat nor a late run tells it twice.
 */
export async function catalogueNews(db: D1Database, now: number): Promise<void> {
  const until = await readSetting(db, UNTIL);
  const since = until === null ? 0 : Number(until) - OVERLAP;
  await db.batch([db.prepare(BEGUN_SQL).bind(since, now), raiseSetting(db, UNTIL, now)]);
}

/** When the next announced price comes into force; null where none is to come. */
export async function nextPrice(db: D1Database, after: number): Promise<number | null> {
  const sql = "SELECT min(effective_from) AS at FROM price_history WHERE announced IS NOT NULL AND effective_from > ?1";
  return (await db.prepare(sql).bind(Math.max(after, -1)).first<{ at: number | null }>())?.at ?? null;
}

/** Changes, the latest first, below an id. */
export async function listChanges(
  db: D1Database,
  wanted: { readonly kind: ChangeKind | null; readonly product: string | null; readonly below: number | null },
  limit: number,
): Promise<CatalogueChange[]> {
  const sql =
    "SELECT * FROM catalogue_changes WHERE (?1 IS NULL OR kind = ?1) AND (?2 IS NULL OR product_id = ?2) " +
    "AND (?3 IS NULL OR id < ?3) ORDER BY id DESC LIMIT ?4";
  const { kind, product, below } = wanted;
  return (await db.prepare(sql).bind(kind, product, below, limit).all<CatalogueChange>()).results;
}

/** Changes behind one, in the order in which we learned of them. */
export async function changesAfter(db: D1Database, after: number, limit: number): Promise<CatalogueChange[]> {
  const sql = "SELECT * FROM catalogue_changes WHERE id > ?1 ORDER BY id LIMIT ?2";
  return (await db.prepare(sql).bind(after, limit).all<CatalogueChange>()).results;
}

/** The last change that was seen before a time; 0 without one. */
export async function lastChange(db: D1Database, before: number): Promise<number> {
  const sql = "SELECT id FROM catalogue_changes WHERE seen_at < ?1 ORDER BY id DESC LIMIT 1";
  return (await db.prepare(sql).bind(before).first<{ id: number }>())?.id ?? 0;
}
