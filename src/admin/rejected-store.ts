/** An event that was not taken, with why. Times are epoch ms. */
export interface RejectedRow {
  readonly id: number;
  readonly receivedAt: number;
  /** `input`: refused at the door; `apply`: taken, and no row could be made of it. */
  readonly stage: "input" | "apply";
  readonly messageId: string;
  readonly reason: string;
  readonly source: string | null;
  readonly code: string | null;
  readonly body: string;
  readonly replayedAt: number | null;
}

const COLUMNS =
  "id, received_at AS receivedAt, stage, message_id AS messageId, reason, source, code, body, replayed_at AS replayedAt";

/** Events that were not taken, newest first, below an id. */
export async function listRejected(db: D1Database, below: number | null, limit: number): Promise<RejectedRow[]> {
  const sql = `SELECT ${COLUMNS} FROM rejected_events WHERE ?1 IS NULL OR id < ?1 ORDER BY id DESC LIMIT ?2`;
  return (await db.prepare(sql).bind(below, limit).all<RejectedRow>()).results;
}

export async function findRejected(db: D1Database, id: number): Promise<RejectedRow | null> {
  return db.prepare(`SELECT ${COLUMNS} FROM rejected_events WHERE id = ?1`).bind(id).first<RejectedRow>();
}

export async function markReplayed(db: D1Database, id: number, now: number): Promise<void> {
  await db.prepare("UPDATE rejected_events SET replayed_at = ?2 WHERE id = ?1").bind(id, now).run();
}
