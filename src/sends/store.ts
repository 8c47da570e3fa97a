import type { PermitRow, SendKey } from "../decisions/permit";
import { SEND_HEAD_JOIN, WAITS_SQL } from "../decisions/permit";
import { bulkInsert } from "../platform/d1";
import type { Settled } from "./deliver";
import { SEND_COLUMNS } from "./send-row";

/** The statement for new rows of `sends`. */
export const SENDS_SQL = bulkInsert({ name: "sends", columns: SEND_COLUMNS, conflict: "ON CONFLICT DO NOTHING" });

const SETTLE_SQL =
  "UPDATE sends SET state = v.value ->> 2, reason = v.value ->> 3, provider_id = v.value ->> 4, " +
  "open = v.value ->> 2 = 'queued', next_at = v.value ->> 5, lease_until = 0, updated_at = ?2 " +
  "FROM json_each(?1) AS v WHERE sends.contact = v.value ->> 0 AND sends.id = v.value ->> 1 AND sends.state = 'claimed'";

/** Writes how claimed sends ended, in one statement. */
export async function settleSends(db: D1Database, settled: readonly Settled[], now: number): Promise<void> {
  const rows = settled.map(({ contact, id, state, reason, providerId, nextAt }) => [
    contact,
    id,
    state,
    reason,
    providerId,
    nextAt,
  ]);
  await db.prepare(SETTLE_SQL).bind(JSON.stringify(rows), now).run();
}

const FREEZE_SQL =
  "UPDATE sends SET data = v.value ->> 2 FROM json_each(?1) AS v " +
  "WHERE sends.contact = v.value ->> 0 AND sends.id = v.value ->> 1";

/** Keeps what some rows print in full, so that their next attempt prints the same. */
export async function freezeSends(db: D1Database, rows: readonly PermitRow[]): Promise<void> {
  const values = rows.map(({ contact, id, data }) => [contact, id, data]);
  await db.prepare(FREEZE_SQL).bind(JSON.stringify(values)).run();
}

/**
 * Sends that nobody is working on and that may leave by now, oldest first. Without those that a permit would leave as
 * they are: enough of them would keep the others from ever being offered.
 */
export async function openSends(
  db: D1Database,
  now: number,
  limit: number,
): Promise<(SendKey & { channel: string })[]> {
  const sql =
    `SELECT s.contact, s.id, s.channel FROM sends s ${SEND_HEAD_JOIN} WHERE s.open = 1 AND s.next_at <= ?1 ` +
    `AND (s.state = 'queued' OR s.lease_until <= ?1) AND NOT ${WAITS_SQL} ORDER BY s.created_at LIMIT ?2`;
  return (await db.prepare(sql).bind(now, limit).all<SendKey & { channel: string }>()).results;
}

/** One send's row in the form of the permit, whatever its state. */
export async function readSend(db: D1Database, contact: number, id: string): Promise<PermitRow | null> {
  return db.prepare("SELECT * FROM sends WHERE contact = ?1 AND id = ?2").bind(contact, id).first<PermitRow>();
}
