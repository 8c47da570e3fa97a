import type { News } from "./transition";

/** A move that is to be told by now. */
export interface DueNews extends News {
  readonly family: string;
  readonly contact: number;
}

/** Moves that are to be told by `now`, the oldest first. */
export async function dueNews(db: D1Database, now: number, limit: number): Promise<DueNews[]> {
  const sql =
    'SELECT family, contact, at, due, from_segment AS "from", to_segment AS "to", cause FROM segment_news ' +
    "WHERE due <= ?1 ORDER BY due, family, contact LIMIT ?2";
  return (await db.prepare(sql).bind(now, limit).all<DueNews>()).results;
}

/** Takes moves away that were told; one that moved on meanwhile stays. */
export function dropNews(db: D1Database, told: readonly DueNews[]): D1PreparedStatement {
  const rows = told.map(({ family, contact, at }) => [family, contact, at]);
  const sql =
    "DELETE FROM segment_news WHERE (family, contact, at) IN " +
    "(SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?1))";
  return db.prepare(sql).bind(JSON.stringify(rows));
}

/** When the next move is to be told, epoch ms; null where none waits. */
export async function nextNews(db: D1Database): Promise<number | null> {
  const row = await db.prepare("SELECT min(due) AS at FROM segment_news").first<{ at: number | null }>();
  return row?.at ?? null;
}
