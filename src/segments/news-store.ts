import { overtake } from "./progress-store";
import type { News } from "./transition";

/** A move that is to be told by now. */
export interface DueNews extends News {
  readonly family: string;
  readonly contact: number;
}

const keysOf = (news: readonly DueNews[]): string =>
  JSON.stringify(news.map(({ family, contact, at }) => [family, contact, at]));

const OF_KEYS =
  "FROM json_each(?1) AS v WHERE segment_news.family = v.value ->> 0 AND segment_news.contact = v.value ->> 1 " +
  "AND segment_news.at = v.value ->> 2";

/** Moves that are to be told by `now`, the oldest first; what somebody began to tell and did not end is among them. */
export async function dueNews(db: D1Database, now: number, limit: number): Promise<DueNews[]> {
  const sql =
    'SELECT family, contact, at, due, from_segment AS "from", to_segment AS "to", cause, told_at AS toldAt FROM segment_news ' +
    "WHERE told_at IS NULL AND due <= ?1 ORDER BY due, family, contact LIMIT ?2";
  return (await db.prepare(sql).bind(now, limit).all<DueNews>()).results;
}

/** Notes of moves that they were told; one that moved on meanwhile is still to be. */
export function noteTold(db: D1Database, told: readonly DueNews[], now: number): D1PreparedStatement {
  return db.prepare(`UPDATE segment_news SET told_at = ?2 ${OF_KEYS}`).bind(keysOf(told), now);
}

/**
 * Marks moves as being told (`now`), or as not being told after all (null), and returns those that had not moved on.
 * Whoever has read them as waiting cannot write any more.
 */
export async function markTelling(
  db: D1Database,
  news: readonly DueNews[],
  now: number | null,
): Promise<readonly DueNews[]> {
  const sql = `UPDATE segment_news SET telling_at = ?2 ${OF_KEYS} AND told_at IS NULL RETURNING family, contact`;
  const [marked] = await db.batch<DueNews>([db.prepare(sql).bind(keysOf(news), now), overtake(db)]);
  const keys = new Set(marked?.results.map(({ family, contact }) => `${family} ${contact}`));
  return news.filter(({ family, contact }) => keys.has(`${family} ${contact}`));
}

/** Forgets what was told before a time: nobody waits for it any more. */
export function forgetNews(db: D1Database, before: number): D1PreparedStatement {
  return db.prepare("DELETE FROM segment_news WHERE told_at <= ?1").bind(before);
}

/** When the next move is to be told, epoch ms; null where none waits. */
export async function nextNews(db: D1Database): Promise<number | null> {
  const row = await db
    .prepare("SELECT min(due) AS at FROM segment_news WHERE told_at IS NULL")
    .first<{ at: number | null }>();
  return row?.at ?? null;
}
