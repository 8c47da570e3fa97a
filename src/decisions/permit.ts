import { suppressedSql } from "../contacts/delivery";
import { FREQUENCY_MS } from "../contacts/preferences";
import { familyOf, headOf } from "../contacts/wanted";
import { HOUR, MINUTE } from "../shared/clock";
import { brakedSql } from "./brake";
import { CAMPAIGN_PAUSED, CAMPAIGN_VERDICTS } from "./campaign";
import type { CapRules } from "./caps";
import { addressSql, consentSql } from "./channel";
import { CAP_COLUMNS, capsSql, capValues, lastMomentSql } from "./permit-caps";
import { goneSql, openCaseSql } from "./permit-subject";
import type { MessageClass } from "./question";

/** A send that a queue consumer asks for. */
export interface SendKey {
  readonly contact: number;
  readonly id: string;
}

/**
 * A row of `sends` as the permit answers it: claimed to be sent now, settled with the reason why not, or put off
 * (`queued`) to the time that its row says.
 */
export interface PermitRow {
  readonly contact: number;
  readonly id: string;
  readonly state: "claimed" | "suppressed" | "unknown" | "queued";
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
/** When a message is looked at again that waits for a complaint to be settled. */
const CASE_LOOK = HOUR;
/** Providers keep idempotency keys for 24 hours: nothing is repeated later than this after its first attempt. */
const LAST_RETRY = 23 * HOUR;

/** SQL: how a send `s` ends whose first claim is too long ago. What could never be made in full was nobody called for. */
const TOO_OLD = "iif(s.state = 'queued' AND s.reason = 'not_complete', 'never_complete', 'too_old_to_repeat')";

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

/** SQL over `SEND_HEAD_JOIN`: true for a send that must wait, and whose row a permit leaves as it is; `now` is an expression. */
export const waitsSql = (now: string): string =>
  `(${killedSql("s.channel")} OR ${brakedSql("s.channel", now)} ` +
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
 * counts, what comes after is too late. Repeats points 1, 3, 4, 5, 6, 7, 10, 12, 13 and 17 of the gate, asks what only the
 * database knows of 4 and 14, and keeps to the pause and the frequency that a person chose. What may leave later is put
 * off. The confirmation of an address, and nothing else, may go to one that is only claimed.
 * A message of a merged contact is judged by whoever stands for them now, and waits while their scenario state is on its
 * way. Rows that must wait are left as they are and do not come back. ?1 keys, ?2 now, ?3 lease end, ?4 oldest first
 * attempt, ?5 the ledger's owner token, ?6 caps, ?7 their factors, ?8 messages whose hours are closed, with when they open.
 */
export const PERMIT_SQL = `
WITH asked AS (
  SELECT value ->> 0 AS contact, value ->> 1 AS id FROM json_each(?1) GROUP BY 1, 2
),
closed AS MATERIALIZED (
  SELECT value ->> 0 AS contact, value ->> 1 AS id, value ->> 2 AS opens FROM json_each(?8)
),
verdicts AS MATERIALIZED (
  SELECT s.contact, s.id, s.class, s.channel, s.attempts, coalesce(c.id, s.contact) AS head, q.opens,
    ${CAP_COLUMNS}, ${lastMomentSql("s")} AS last, s.reason AS held_for, CASE
    WHEN ${waitsSql("?2")} THEN 'wait'
    WHEN EXISTS (SELECT 1 FROM stops x WHERE x.contact = s.contact AND x.run = s.run) THEN 'run_stopped'
    ${CAMPAIGN_VERDICTS}
    WHEN EXISTS (SELECT 1 FROM scenarios z WHERE z.id = s.scenario AND z.state = 'archived') THEN 'run_stopped'
    WHEN c.status = 'erased' THEN 'erased'
    WHEN c.status = 'expired' THEN 'retention_over'
    WHEN s.run = 'optin' AND s.class = 'transactional' AND c.status = 'anonymous'
      AND CASE s.channel WHEN 'email' THEN c.claimed_email WHEN 'sms' THEN c.phone END IS s.address
      THEN CASE WHEN ${suppressedSql("c", "s")} IS NOT NULL THEN ${suppressedSql("c", "s")} WHEN s.first_attempt_at < ?4 THEN ${TOO_OLD} ELSE 'permitted' END
    WHEN ${openCaseSql("s", "c.id")} AND ${lastMomentSql("s")} > ?2 THEN 'hold: open_case'
    WHEN ${openCaseSql("s", "c.id")} THEN 'open_case'
    WHEN c.id IS NULL OR c.status <> 'verified' THEN 'identity_unverified'
    WHEN ${addressSql("s.channel", "s.address")} IS NOT s.address
      THEN 'address_changed'
    WHEN ${suppressedSql("c", "s")} IS NOT NULL THEN ${suppressedSql("c", "s")}
    WHEN s.class = 'marketing' AND coalesce(json_extract(c.consents, '$.' || ${consentSql("s.channel")} || '.state'), '') <> 'granted'
      THEN 'consent_withdrawn'
    WHEN s.class = 'marketing' AND json_extract(c.attributes, '$.preferences.snoozed_until') > ?2 THEN 'snoozed'
    WHEN s.attempts = 0 AND json_extract(s.data, '$.leave_by') < ?2
      THEN iif(s.reason = 'frequency_cap', 'lost_arbitration', 'too_late')
    WHEN s.class = 'marketing' AND s.attempts = 0 AND ${paceSql()} THEN 'frequency_chosen'
    WHEN s.first_attempt_at < ?4 THEN ${TOO_OLD}
    WHEN q.id IS NOT NULL AND (q.opens IS NULL OR s.attempts = 0 AND q.opens > ${lastMomentSql("s")}) THEN 'quiet_hours'
    WHEN q.id IS NOT NULL THEN 'hold: quiet_hours'
    WHEN s.attempts = 0 THEN coalesce(${goneSql("s")}, 'permitted')
    ELSE 'permitted'
  END AS verdict
  FROM asked a
  JOIN sends s ON s.contact = a.contact AND s.id = a.id
  ${SEND_HEAD_JOIN}
  LEFT JOIN closed q ON q.contact = a.contact AND q.id = a.id
  WHERE s.open > 0 AND s.next_at <= ?2 AND (s.state = 'queued' OR s.lease_until <= ?2)
    AND (SELECT owner FROM cursor WHERE id = 1) = ?5
    AND NOT EXISTS (SELECT 1 FROM side_journal)
),
${capsSql(killedSql("o.channel"))},
answers AS MATERIALIZED (
  SELECT v.contact, v.id, CASE
    WHEN f.id IS NULL THEN v.verdict
    WHEN v.attempts > 0 OR v.last > ?2 THEN 'hold: frequency_cap'
    ELSE iif(v.held_for = 'frequency_cap', 'lost_arbitration', 'frequency_cap')
  END AS verdict, CASE
    WHEN f.id IS NOT NULL THEN iif(v.attempts > 0, f.free, min(f.free, v.last + 1))
    ELSE coalesce(v.opens, min(?2 + ${CASE_LOOK}, v.last + 1))
  END AS again
  FROM verdicts v LEFT JOIN over f ON f.contact = v.contact AND f.id = v.id
)
UPDATE sends SET
  state = CASE WHEN v.verdict = 'permitted' THEN 'claimed' WHEN v.verdict = 'too_old_to_repeat' THEN 'unknown'
    WHEN v.verdict LIKE 'hold: %' THEN 'queued' ELSE 'suppressed' END,
  -- Whoever was claimed before and never settled may have gone out: a provider without keys is not asked again.
  -- Nor does a hold make anything surer, or less sure, than it was.
  reason = CASE WHEN v.verdict <> 'permitted' AND v.verdict NOT LIKE 'hold: %' THEN v.verdict
    WHEN sends.state = 'claimed' THEN 'lease_over'
    WHEN v.verdict = 'permitted' OR (sends.attempts > 0 AND sends.reason IS NOT NULL) THEN sends.reason
    ELSE substr(v.verdict, 7) END,
  attempts = sends.attempts + (v.verdict = 'permitted'),
  first_attempt_at = CASE v.verdict WHEN 'permitted' THEN coalesce(sends.first_attempt_at, ?2) ELSE sends.first_attempt_at END,
  attempted_at = CASE v.verdict WHEN 'permitted' THEN ?2 ELSE sends.attempted_at END,
  next_at = iif(v.verdict LIKE 'hold: %', v.again, sends.next_at),
  lease_until = ?3,
  updated_at = ?2
FROM answers v
WHERE sends.contact = v.contact AND sends.id = v.id AND v.verdict <> 'wait'
RETURNING sends.contact, sends.id, sends.state, sends.reason, sends.run, sends.scenario, sends.block, sends.channel,
  sends.class, sends.content, sends.content_version, sends.address, sends.data, sends.attempts,
  sends.first_attempt_at, sends.created_at`;

/**
 * Takes what a permit has settled out of the index of open sends, in the same batch. Were `open` set by the permit's own
 * statement, every claim would write that index anew, one row a message. ?1 as of the permit.
 */
export const CLOSE_SQL =
  "UPDATE sends SET open = 0 FROM json_each(?1) a WHERE sends.contact = a.value ->> 0 AND sends.id = a.value ->> 1 " +
  "AND sends.open > 0 AND sends.state NOT IN ('queued', 'claimed')";

/** What a permit goes by beside the database. */
export interface PermitLimits {
  readonly caps: CapRules;
  /** Messages whose hours are closed, and when those open (epoch ms); null where they never do. */
  readonly closed: readonly (SendKey & { readonly opens: number | null })[];
}

const NO_LIMITS: PermitLimits = { caps: { caps: [], factors: [] }, closed: [] };

/** The values of `PERMIT_SQL` in order. */
export function permitValues(
  keys: readonly SendKey[],
  owner: string,
  now: number,
  { caps, closed }: PermitLimits = NO_LIMITS,
): (string | number)[] {
  const asked = JSON.stringify(keys.map(({ contact, id }) => [contact, id]));
  const shut = JSON.stringify(closed.map(({ contact, id, opens }) => [contact, id, opens]));
  return [asked, now, now + LEASE, now - LAST_RETRY, owner, ...capValues(caps), shut];
}
