import type { PermitRow, SendKey } from "../decisions/permit";
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

// Rows that the permit would leave as they are: enough of them would keep the others from ever being offered.
const HELD_SQL =
  "EXISTS (SELECT 1 FROM settings k, json_each(k.value) e WHERE k.key = 'kill' AND e.value IN ('all', sends.channel)) " +
  "OR EXISTS (SELECT 1 FROM parked_contacts p WHERE p.contact = sends.contact) " +
  "OR EXISTS (SELECT 1 FROM merges m WHERE m.step <> 'done' AND sends.contact IN (m.winner, m.loser))";

/** Sends that nobody is working on and that may leave by now, oldest first. */
export async function openSends(
  db: D1Database,
  now: number,
  limit: number,
): Promise<(SendKey & { channel: string })[]> {
  const sql =
    "SELECT contact, id, channel FROM sends WHERE open = 1 AND next_at <= ?1 AND (state = 'queued' OR lease_until <= ?1) " +
    `AND NOT (${HELD_SQL}) ORDER BY created_at LIMIT ?2`;
  return (await db.prepare(sql).bind(now, limit).all<SendKey & { channel: string }>()).results;
}

/** One send's row in the form of the permit, whatever its state. */
export async function readSend(db: D1Database, contact: number, id: string): Promise<PermitRow | null> {
  return db.prepare("SELECT * FROM sends WHERE contact = ?1 AND id = ?2").bind(contact, id).first<PermitRow>();
}
