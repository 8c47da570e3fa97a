import { FREQUENCY_MS } from "../contacts/preferences";
import { familyOf, headOf } from "../contacts/wanted";
import { HOUR, MINUTE } from "../shared/clock";
import { CAMPAIGN_PAUSED, CAMPAIGN_VERDICTS } from "./campaign";
import { addressSql, consentSql } from "./channel";
import type { MessageClass } from "./gate";

/** A send that a queue consumer asks for. */
export interface SendKey {
  readonly contact: number;
  readonly id: string;
}

/** A row of `sends` as the permit answers it: claimed to be sent now, or settled with the reason why not. */
export interface PermitRow {
  readonly contact: number;
  readonly id: string;
  readonly state: "claimed" | "suppressed" | "unknown";
  readonly reason: string | null;
  readonly run: string;
  readonly scenario: string;
  readonly block: string;
  readonly channel: string;
  readonly class: MessageClass;
  readonly content: string;
  readonly content_version: number;
  readonly address: string;
  readonly data: string;
  readonly attempts: number;
  readonly first_attempt_at: number;
  readonly created_at: number;
}

/** How long a claim holds before the sweep may offer the row again. */
const LEASE = MINUTE;
/** Providers keep idempotency keys for 24 hours: nothing is repeated later than this after its first attempt. */
const LAST_RETRY = 23 * HOUR;

/** SQL: true where the messages of a channel, or all, are stopped; `channel` is an expression for its key. */
export function killedSql(channel: string): string {
  return (
    "EXISTS (SELECT 1 FROM settings k, json_each(k.value) e " +
    `WHERE k.key = 'kill' AND e.value IN ('all', ${channel}))`
  );
}

/** SQL: `o` is the row of a send's contact (alias `s`), `c` the row of whoever stands for it by now. */
export const SEND_HEAD_JOIN =
  "LEFT JOIN contacts o ON o.id = s.contact " +
  `LEFT JOIN contacts c ON c.id = CASE WHEN o.merged_into IS NULL THEN o.id ELSE ${headOf("o")} END`;

/** SQL over `SEND_HEAD_JOIN`: true for a send that must wait, and whose row a permit leaves as it is. */
export const WAITS_SQL =
  `(${killedSql("s.channel")} ` +
  "OR EXISTS (SELECT 1 FROM parked_contacts p WHERE p.contact IN (s.contact, c.id)) " +
  // Merges whose scenario state is on its way; the partial index over them is as good as empty.
  "OR EXISTS (SELECT 1 FROM merges m INDEXED BY merges_open WHERE m.step <> 'done' " +
  "AND (m.winner IN (s.contact, c.id) OR m.loser IN (s.contact, c.id))) " +
  `OR ${CAMPAIGN_PAUSED})`;

/**
 * True where a person asked for fewer messages and had one within that time, under any contact of theirs. Asked only of
 * those who did.
 */
function paceSql(): string {
  const pace = Object.entries(FREQUENCY_MS).map(([name, ms]) => (ms === null ? "" : `WHEN '${name}' THEN ${ms} `));
  const chosen = "json_extract(c.attributes, '$.preferences.frequency')";
  return (
    `${chosen} IN ('weekly', 'monthly') AND EXISTS (SELECT 1 FROM sends o ` +
    `WHERE o.contact IN (${familyOf("c.id")}) AND o.id <> s.id ` +
    "AND o.class = 'marketing' AND o.state NOT IN ('suppressed', 'failed') AND " +
    `(o.first_attempt_at > ?2 - CASE ${chosen} ${pace.join("")}END OR ` +
    // Two in one batch cannot see each other's claim: the first by its id goes.
    "(o.attempts = 0 AND o.id < s.id AND EXISTS (SELECT 1 FROM asked q WHERE q.contact = o.contact AND q.id = o.id))))"
  );
}

/**
 * The last look before a message leaves, and the claim of its row, in one statement: what was accepted before it ran
 * counts, what comes after is too late. Repeats points 1, 3, 4, 5, 7 and 10 of the gate, and keeps to the pause and the
 * frequency that a person chose. The confirmation of an address, and nothing else, may go to one that is only claimed.
 * A message of a merged contact is judged by whoever stands for them now, and waits while their scenario state is on its
 * way. Rows that must wait are left as they are and do not come back. ?1 keys, ?2 now, ?3 lease end, ?4 oldest first
 * attempt, ?5 the ledger's owner token.
 */
export const PERMIT_SQL = `
WITH asked AS (
  SELECT value ->> 0 AS contact, value ->> 1 AS id FROM json_each(?1) GROUP BY 1, 2
),
verdicts AS MATERIALIZED (
  SELECT s.contact, s.id, CASE
    WHEN ${WAITS_SQL} THEN 'wait'
    WHEN EXISTS (SELECT 1 FROM stops x WHERE x.contact = s.contact AND x.run = s.run) THEN 'run_stopped'
    ${CAMPAIGN_VERDICTS}
    WHEN EXISTS (SELECT 1 FROM scenarios z WHERE z.id = s.scenario AND z.state = 'archived') THEN 'run_stopped'
    WHEN c.status = 'erased' THEN 'erased'
    WHEN c.status = 'expired' THEN 'retention_over'
    WHEN s.run = 'optin' AND s.class = 'transactional' AND c.status = 'anonymous'
      AND CASE s.channel WHEN 'email' THEN c.claimed_email WHEN 'sms' THEN c.phone END IS s.address
      THEN CASE WHEN s.first_attempt_at < ?4 THEN 'too_old_to_repeat' ELSE 'permitted' END
    WHEN c.id IS NULL OR c.status <> 'verified' THEN 'identity_unverified'
    WHEN ${addressSql("s.channel", "s.address")} IS NOT s.address
      THEN 'address_changed'
    WHEN s.class = 'marketing' AND coalesce(json_extract(c.consents, '$.' || ${consentSql("s.channel")} || '.state'), '') <> 'granted'
      THEN 'consent_withdrawn'
    WHEN s.class = 'marketing' AND json_extract(c.attributes, '$.preferences.snoozed_until') > ?2 THEN 'snoozed'
    WHEN s.attempts = 0 AND json_extract(s.data, '$.leave_by') < ?2 THEN 'too_late'
    WHEN s.class = 'marketing' AND s.attempts = 0 AND ${paceSql()} THEN 'frequency_chosen'
    WHEN s.first_attempt_at < ?4 THEN 'too_old_to_repeat'
    ELSE 'permitted'
  END AS verdict
  FROM asked a
  JOIN sends s ON s.contact = a.contact AND s.id = a.id
  ${SEND_HEAD_JOIN}
  WHERE s.open > 0 AND s.next_at <= ?2 AND (s.state = 'queued' OR s.lease_until <= ?2)
    AND (SELECT owner FROM cursor WHERE id = 1) = ?5
    AND NOT EXISTS (SELECT 1 FROM side_journal)
)
UPDATE sends SET
  state = CASE v.verdict WHEN 'permitted' THEN 'claimed' WHEN 'too_old_to_repeat' THEN 'unknown' ELSE 'suppressed' END,
  reason = CASE v.verdict WHEN 'permitted' THEN sends.reason ELSE v.verdict END,
  open = CASE v.verdict WHEN 'permitted' THEN sends.open ELSE 0 END,
  attempts = sends.attempts + (v.verdict = 'permitted'),
  first_attempt_at = CASE v.verdict WHEN 'permitted' THEN coalesce(sends.first_attempt_at, ?2) ELSE sends.first_attempt_at END,
  lease_until = ?3,
  updated_at = ?2
FROM verdicts v
WHERE sends.contact = v.contact AND sends.id = v.id AND v.verdict <> 'wait'
RETURNING sends.contact, sends.id, sends.state, sends.reason, sends.run, sends.scenario, sends.block, sends.channel,
  sends.class, sends.content, sends.content_version, sends.address, sends.data, sends.attempts,
  sends.first_attempt_at, sends.created_at`;

/** The values of `PERMIT_SQL` in order. */
export function permitValues(keys: readonly SendKey[], owner: string, now: number): (string | number)[] {
  return [JSON.stringify(keys.map(({ contact, id }) => [contact, id])), now, now + LEASE, now - LAST_RETRY, owner];
}
