import type { PermitRow, SendKey } from "../decisions/permit";
import { SEND_HEAD_JOIN, waitsSql } from "../decisions/permit";
import { ASKED_SENDS, refusedSql } from "../decisions/refusal";
import { bulkInsert } from "../platform/d1";
import { KEPT_BY_CAMPAIGNS } from "./campaigns/kept";
import type { Settled } from "./deliver";
import { SEND_COLUMNS } from "./send-row";

/** The statement for new rows of `sends`. */
export const SENDS_SQL = bulkInsert({ name: "sends", columns: SEND_COLUMNS, conflict: "ON CONFLICT DO NOTHING" });

const SETTLE_SQL =
  "UPDATE sends SET state = v.value ->> 2, reason = v.value ->> 3, provider_id = v.value ->> 4, " +
  "open = v.value ->> 2 = 'queued', next_at = v.value ->> 5, lease_until = 0, updated_at = ?2 " +
  "FROM json_each(?1) AS v WHERE sends.contact = v.value ->> 0 AND sends.id = v.value ->> 1 AND sends.state = 'claimed'";

const REFUSED_SQL = refusedSql(ASKED_SENDS);

/** Writes how claimed sends ended, in one statement, and why those did that were stopped. */
export async function settleSends(db: D1Database, settled: readonly Settled[], now: number): Promise<void> {
  const rows = settled.map(({ contact, id, state, reason, providerId, nextAt }) => [
    contact,
    id,
    state,
    reason,
    providerId,
    nextAt,
  ]);
  const settle = db.prepare(SETTLE_SQL).bind(JSON.stringify(rows), now);
  const stopped = settled.filter(({ state }) => state === "suppressed").map(({ contact, id }) => [contact, id]);
  if (stopped.length === 0) await settle.run();
  else await db.batch([settle, db.prepare(REFUSED_SQL).bind(JSON.stringify(stopped), now, "[]", "[]")]);
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
 * Sends that nobody is working on and that may leave by now: those that somebody waits for first, then the oldest. Without those that a permit would leave as
 * they are: enough of them would keep the others from ever being offered.
 */
export async function openSends(
  db: D1Database,
  now: number,
  limit: number,
): Promise<(SendKey & { channel: string })[]> {
  const sql =
    `SELECT s.contact, s.id, s.channel FROM sends s ${SEND_HEAD_JOIN} WHERE s.open = 1 AND s.next_at <= ?1 ` +
    `AND (s.state = 'queued' OR s.lease_until <= ?1) AND NOT ${waitsSql("?1")} ORDER BY s.class = 'transactional' DESC, s.created_at LIMIT ?2`;
  return (await db.prepare(sql).bind(now, limit).all<SendKey & { channel: string }>()).results;
}

/** One send's row in the form of the permit, whatever its state. */
export async function readSend(db: D1Database, contact: number, id: string): Promise<PermitRow | null> {
  return db.prepare("SELECT * FROM sends WHERE contact = ?1 AND id = ?2").bind(contact, id).first<PermitRow>();
}

/** What a provider says of a message that it was given. */
interface ProviderWord {
  readonly contact: number;
  readonly id: string;
  readonly kind: string;
  readonly providerId: string;
}

/**
 * Settles a message by what its provider says: one that we knew nothing sure of was accepted; one that the provider then
 * failed to send, or left out, was not sent after all, unless it was delivered. Asked again it changes nothing.
 */
export async function settleByProvider(
  db: D1Database,
  { contact, id, kind, providerId }: ProviderWord,
  now: number,
): Promise<void> {
  const ended = kind === "failed" ? "failed" : kind === "suppressed" ? "suppressed" : "sent";
  const reason = ended === "sent" ? null : `provider_${ended}`;
  const isOpen =
    "(state <> 'sent' OR provider_id IS NULL) AND NOT (state IN ('failed', 'suppressed') AND reason LIKE 'provider_%')";
  const delivered =
    "EXISTS (SELECT 1 FROM message_acts a WHERE a.contact = ?1 AND a.send = ?2 AND a.kind = 'delivered')";
  const applies = ended === "sent" ? isOpen : `NOT ${delivered} AND state <> ?3`;
  await db
    .prepare(
      "UPDATE sends SET state = ?3, reason = ?4, provider_id = coalesce(provider_id, ?5), open = 0, lease_until = 0, updated_at = ?6 " +
        `WHERE contact = ?1 AND id = ?2 AND attempts > 0 AND ${applies}`,
    )
    .bind(contact, id, ended, reason, providerId, now)
    .run();
}

/** How many messages of each channel are to leave. */
export async function waitingByChannel(db: D1Database): Promise<ReadonlyMap<string, number>> {
  const sql =
    "SELECT channel, count(*) AS n FROM (SELECT channel FROM sends WHERE open = 1 " +
    `UNION ALL SELECT s.channel FROM ${KEPT_BY_CAMPAIGNS}) GROUP BY channel`;
  const { results } = await db.prepare(sql).all<{ channel: string; n: number }>();
  return new Map(results.map(({ channel, n }) => [channel, n]));
}
