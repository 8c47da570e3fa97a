import { familyOf, headOf } from "../contacts/wanted";
import { bulkInsert } from "../platform/d1";
import { DAY } from "../shared/clock";
import { windowSql } from "./settings-store";

/** SQL over `json_each(?1)` of [contact, send, from, until, sign]: true where a row of a table falls within one. */
const within = (table: string): string =>
  `${table}.contact = v.value ->> 0 AND ${table}.send = v.value ->> 1 ` +
  `AND ${table}.at >= v.value ->> 2 AND ${table}.at <= v.value ->> 3`;

/** Of everybody who stands for a contact by now, or is stood for: the one who clicked may have been merged. */
const everybodyOf = (contact: string): string =>
  familyOf(`(SELECT coalesce(${headOf("h")}, h.id) FROM contacts h WHERE h.id = ${contact})`);

/** Clicks of a person, on any link, within the channel's window before an order of `orders`, as `v`. */
const clicked = (orders: string): string =>
  "SELECT v.value ->> 0 AS order_id, v.value ->> 1 AS contact, v.value ->> 2 AS placed_at, 'click' AS cause, " +
  "a.at AS touched_at, s.contact AS sender, s.id, s.run, s.scenario, s.block, s.channel, s.content " +
  `FROM ${orders} v JOIN message_hits a ON a.machine IS NULL AND a.place <> 'open' ` +
  `AND a.contact IN (${everybodyOf("v.value ->> 1")}) JOIN sends s ON s.contact = a.contact AND s.id = a.send ` +
  `WHERE a.at <= v.value ->> 2 AND a.at > v.value ->> 2 - ${windowSql("s.channel")}`;

/** The message that brought the code which the order names: it was in its buyer's hands at the order itself. */
const REDEEMED =
  "SELECT v.value ->> 0, v.value ->> 1, v.value ->> 2, 'coupon', v.value ->> 2, s.contact, s.id, s.run, s.scenario, " +
  "s.block, s.channel, s.content FROM json_each(?1) v JOIN json_each(v.value ->> 3) k JOIN coupons c ON c.code = k.value " +
  `JOIN sends s ON s.contact IN (${familyOf("c.contact")}) AND json_extract(s.data, '$.coupon.code') = c.code ` +
  "WHERE s.state = 'sent' AND s.created_at <= v.value ->> 2";

/** The message whose `mid` the order brought back, whoever it was placed as. */
const BROUGHT =
  "SELECT v.value ->> 0, v.value ->> 1, v.value ->> 2, 'mid', v.value ->> 6, s.contact, s.id, s.run, s.scenario, " +
  "s.block, s.channel, s.content FROM json_each(?1) v JOIN sends s ON s.contact = v.value ->> 4 AND s.id = v.value ->> 5 " +
  `WHERE v.value ->> 6 <= v.value ->> 2 AND v.value ->> 6 > v.value ->> 2 - ${windowSql("s.channel")}`;

const COLUMNS = "order_id, contact, placed_at, cause, touched_at, sender, send, run, scenario, block, channel, content";

/** Of several touches the last one; a coupon is one at the moment of the order. An order counts once, for ever. */
const attribute = (touches: string): string =>
  `INSERT INTO attributions (${COLUMNS}) SELECT order_id, contact, placed_at, cause, touched_at, sender, id, run, ` +
  "scenario, block, channel, content FROM (SELECT *, row_number() OVER (PARTITION BY order_id " +
  `ORDER BY touched_at DESC, cause = 'coupon' DESC, id DESC) AS place FROM (${touches})) ` +
  "WHERE place = 1 ON CONFLICT DO NOTHING";

/** Orders that a disowned click may have had: those of its contact until the longest window is over. */
const LONGEST = 90 * DAY;
const HAD =
  "(SELECT json_array(o.order_id, o.contact, o.placed_at) AS value FROM json_each(?1) AS v " +
  `JOIN orders o ON o.contact IN (${everybodyOf("v.value ->> 0")}) ` +
  `WHERE o.placed_at >= v.value ->> 2 AND o.placed_at <= v.value ->> 3 + ${LONGEST})`;

/**
 * The statements behind the rows of what people do about messages, in the order in which they run. Of several times the
 * first one counts; what a person does counts before what a machine did at the same place.
 */
export const ACT_TABLES: Readonly<Record<string, string>> = {
  message_acts: bulkInsert({
    name: "message_acts",
    columns: ["contact", "send", "kind", "at"],
    conflict: "ON CONFLICT (contact, send, kind) DO UPDATE SET at = excluded.at WHERE excluded.at < message_acts.at",
  }),
  message_hits: bulkInsert({
    name: "message_hits",
    columns: ["contact", "send", "place", "at", "machine"],
    conflict:
      "ON CONFLICT (contact, send, place) DO UPDATE SET at = excluded.at, machine = NULL " +
      "WHERE message_hits.machine IS NOT NULL AND excluded.machine IS NULL",
  }),
  disowned_hits:
    `UPDATE message_hits SET machine = v.value ->> 4 FROM json_each(?1) AS v WHERE ${within("message_hits")} ` +
    "AND message_hits.machine IS NULL",
  disowned_acts:
    "DELETE FROM message_acts WHERE (contact, send, kind) IN (SELECT a.contact, a.send, a.kind FROM json_each(?1) AS v " +
    `JOIN message_acts a ON ${within("a")} WHERE a.kind IN ('clicked', 'opened'))`,
  // What a person did at another time stays theirs.
  disowned_left:
    "INSERT INTO message_acts (contact, send, kind, at) SELECT h.contact, h.send, " +
    "iif(h.place = 'open', 'opened', 'clicked') AS kind, min(h.at) FROM json_each(?1) v JOIN message_hits h " +
    "ON h.contact = v.value ->> 0 AND h.send = v.value ->> 1 WHERE h.machine IS NULL GROUP BY 1, 2, 3 " +
    "ON CONFLICT DO NOTHING",
  disowned_orders:
    // By way of the contact's orders, as messages have no index here.
    "DELETE FROM attributions WHERE cause = 'click' AND order_id IN (SELECT a.order_id FROM json_each(?1) AS v " +
    `JOIN orders o ON o.contact IN (${everybodyOf("v.value ->> 0")}) JOIN attributions a ON a.order_id = o.order_id ` +
    "WHERE a.send = v.value ->> 1 AND a.touched_at BETWEEN v.value ->> 2 AND v.value ->> 3)",
  // What a person had clicked before counts again.
  disowned_touches: attribute(clicked(HAD)),
  // Retention counts from what a person did.
  disowned_clicks:
    "DELETE FROM last_clicks WHERE (contact, at) IN (SELECT h.contact, h.at FROM json_each(?1) AS v " +
    `JOIN message_hits h ON ${within("h")} WHERE h.machine IS NOT NULL AND h.place <> 'open')`,
  disowned_last:
    "INSERT INTO last_clicks (contact, at) SELECT a.contact, max(a.at) FROM message_acts a WHERE a.kind = 'clicked' " +
    "AND a.contact IN (SELECT value ->> 0 FROM json_each(?1)) GROUP BY a.contact ON CONFLICT DO NOTHING",
  attributions: attribute(`${clicked("json_each(?1)")} UNION ALL ${REDEEMED} UNION ALL ${BROUGHT}`),
};
