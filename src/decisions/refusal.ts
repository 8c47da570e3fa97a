import { EMPTIED } from "../contacts/profile";
import { familyOf } from "../contacts/wanted";
import { addressSql, consentSql } from "./channel";
import { DECISION_COLUMNS, RULE_VERSION } from "./gate";
import { SEND_HEAD_JOIN } from "./permit";
import { lastMomentSql } from "./permit-caps";
import { priceSql, stockSql } from "./permit-subject";

/** SQL: `s`, the sends whose keys are ?1. */
export const ASKED_SENDS = "json_each(?1) a JOIN sends s ON s.contact = a.value ->> 0 AND s.id = a.value ->> 1";

const frozen = (path: string): string => `json_extract(s.data, '$.${path}')`;
const only = (reason: string, sql: string): string => `CASE WHEN s.reason ${reason} THEN ${sql} END`;

/** The cap that is full, of ?3: the one that is the furthest above what it allows. */
const CAP = `(
  SELECT json_object('cap_channel', channel, 'cap_count', most, 'cap_ms', span, 'weight', weight, 'used', used) FROM (
    SELECT r.value ->> 0 AS channel, r.value ->> 1 AS most, r.value ->> 2 AS span, coalesce(${frozen("weight")}, 1) AS weight, (
      SELECT coalesce(sum(coalesce(json_extract(o.data, '$.weight'), 1)), 0) FROM sends o
      WHERE o.contact IN (${familyOf("c.id")}) AND o.id <> s.id AND o.class = 'marketing'
        AND o.state NOT IN ('suppressed', 'failed') AND r.value ->> 0 IN ('all', o.channel)
        AND coalesce(o.attempted_at, o.first_attempt_at) > ?2 - (r.value ->> 2)
    ) AS used FROM json_each(?3) r
    WHERE r.value ->> 0 IN ('all', s.channel) AND (r.value ->> 3 IS NULL OR EXISTS (
      SELECT 1 FROM segment_members m WHERE m.family = r.value ->> 3 AND m.contact = c.id AND m.segment = r.value ->> 4
    ))
  ) WHERE used + weight > most ORDER BY used + weight - most DESC, span DESC LIMIT 1
)`;

/** What the last look looked at, by the names that the gate's own decisions use. What there was nothing of is left out. */
const INPUTS = `json_patch(json_patch('{}', json_object(
  'planned_at', (SELECT json_extract(d.inputs, '$.planned_at') FROM decisions d
    WHERE d.contact = s.contact AND d.id > s.id AND d.id < s.id || '/' AND d.send = s.id ORDER BY d.id LIMIT 1),
  'attempts', s.attempts,
  'late_ms', max(0, ?2 - s.created_at),
  'leave_until', ${lastMomentSql("s")},
  'status', c.status,
  'has_address', json(iif(${addressSql("s.channel", "s.address")} IS s.address, 'true', 'false')),
  'consent', iif(s.class = 'marketing', coalesce(json_extract(c.consents, '$.' || ${consentSql("s.channel")} || '.state'), 'none'), NULL),
  'snoozed_until', ${only("= 'snoozed'", "json_extract(c.attributes, '$.preferences.snoozed_until')")},
  'frequency', ${only("= 'frequency_chosen'", "json_extract(c.attributes, '$.preferences.frequency')")},
  'stopped_for', (SELECT x.reason FROM stops x WHERE x.contact = s.contact AND x.run = s.run),
  'campaign', (SELECT g.state FROM campaigns g WHERE g.id = s.run),
  'opens_at', ${only("= 'quiet_hours'", "(SELECT q.value ->> 2 FROM json_each(?4) q WHERE q.value ->> 0 = s.contact AND q.value ->> 1 = s.id)")},
  'coupon_until', ${frozen("coupon.until")},
  'coupon_redeemed_at', ${only("= 'coupon_used'", `(SELECT k.redeemed_at FROM coupons k WHERE k.code = ${frozen("coupon.code")})`)},
  'stock', ${only("= 'out_of_stock'", stockSql("s"))},
  'announced_price', ${only("= 'price_changed_back'", frozen("about.price"))},
  'price', ${only("= 'price_changed_back'", priceSql("s"))},
  'content', ${only("LIKE 'content%'", "s.content || ' ' || s.content_version")}
)), coalesce(${only("IN ('frequency_cap', 'lost_arbitration')", CAP)}, '{}'))`;

/**
 * SQL: writes down as decisions why sends have been suppressed at ?2, after the gate had let them through: by the permit,
 * or by whoever had its claim. In one batch with the statement that suppresses them, so that neither is without the other;
 * it costs two rows for each message that does not leave, and none for one that does. Nothing is kept of who is erased.
 *
 * @param from SQL for the sends `s` to look at; ?3 caps and ?4 closed hours as of the permit
 */
export function refusedSql(from: string): string {
  return (
    `INSERT INTO decisions (${DECISION_COLUMNS.join(", ")}) ` +
    // Behind every earlier decision about the send, by id as well.
    "SELECT s.contact, s.id || '.' || ?2 || '.last', s.id, s.run, s.scenario, s.block, s.channel, 'suppressed', s.reason, " +
    `${RULE_VERSION}, ${INPUTS}, ?2 FROM ${from} ${SEND_HEAD_JOIN} ` +
    `WHERE s.state = 'suppressed' AND s.updated_at = ?2 AND coalesce(c.status, '') NOT IN ${EMPTIED} ` +
    "ON CONFLICT DO NOTHING"
  );
}
