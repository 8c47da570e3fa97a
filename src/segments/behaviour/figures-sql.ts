import { inBaseSql } from "../../commerce/exchange";
import { SALE } from "../../commerce/order";
import type { Statement } from "../rfm/statement";
import { type Behaviour, FEWEST_ORDERS, FEWEST_VIEWS, FEWEST_VISITS, PATIENCE_DAYS, PROMOTED_SQL } from "./behaviour";
import type { Calendar } from "./calendar";
import { calendarSql, DAY_PARTS } from "./calendar";
import { oldestOf, periodOf, shiftedSql, unitsByAge, WEIGHTS } from "./engagement";

/** Whom a statement looks at: row ids above one and up to another, or a list of them. */
export type Scope = { readonly above: number; readonly upTo: number } | { readonly contacts: readonly number[] };

/** What rows are brought up to date with. */
export interface BehaviourTerms {
  readonly calendar: Calendar;
  /** The shop's currency, and whether there is a rate of any other. */
  readonly currency: string;
  readonly rated: boolean;
}

/** The parameters: units by age, the shop's currency, and the scope's one or two. */
const UNITS = "?1";
const CURRENCY = "?2";

function within(column: string, scope: Scope): string {
  return "contacts" in scope ? `${column} IN (SELECT value FROM json_each(?3))` : `${column} > ?3 AND ${column} <= ?4`;
}

const COLUMNS: readonly (keyof Behaviour)[] = [
  "units",
  "since_day",
  "acted_day",
  "mail_day",
  "mailed",
  "visit_day",
  "visits_30",
  "visits_90",
  "weekend_90",
  "day_part",
  "channel",
  "category",
  "orders",
  "spend",
  "promoted",
];

/**
 * The statement that brings the rows of a scope up to date and writes only what differs; whoever has nothing to keep any
 * more gets a row without anything, which `leaversSql` takes away. It says the same as `behaviourOf`.
 */
export function behaviourSql(scope: Scope, terms: BehaviourTerms): Statement {
  const { calendar, currency } = terms;
  const { today } = calendar;
  const since = "a.since_day";
  const units = `coalesce(${shiftedSql("a.units", periodOf(oldestOf(today)), since)}, 0)`;
  const none = (column: string): string => `coalesce(${column}, 0)`;
  const cells: Readonly<Record<keyof Behaviour, string>> = {
    units,
    since_day: since,
    acted_day: "a.acted_day",
    mail_day: "a.mail_day",
    mailed: "(m.head IS NOT NULL)",
    visit_day: "h.visit_day",
    visits_30: none("h.visits_30"),
    visits_90: none("h.visits_90"),
    weekend_90: none("h.weekend_90"),
    day_part: "u.day_part",
    channel: "u.channel",
    category: "l.category",
    orders: none("b.orders"),
    spend: none("b.spend"),
    promoted: none("b.promoted"),
  };
  const known = COLUMNS.map((name) => `x.${name} IS NOT ${cells[name]}`).join(" OR ");
  const text =
    `WITH RECURSIVE ${[...peopleSql(scope), ...actsSql(terms), ...habitsSql(terms), boughtSql(terms)].join(", ")} ` +
    `INSERT INTO contact_behaviour (contact, ${COLUMNS.join(", ")}) ` +
    `SELECT w.head, ${COLUMNS.map((name) => cells[name]).join(", ")} FROM who w ` +
    "LEFT JOIN summed a ON a.head = w.head LEFT JOIN mailed m ON m.head = w.head LEFT JOIN habits h ON h.head = w.head " +
    "LEFT JOIN usual u ON u.head = w.head LEFT JOIN liked l ON l.head = w.head LEFT JOIN bought b ON b.head = w.head " +
    "LEFT JOIN contact_behaviour x ON x.contact = w.head WHERE w.member = w.head AND " +
    `CASE WHEN x.contact IS NULL THEN a.acted_day IS NOT NULL OR m.head IS NOT NULL ELSE ${known} END ` +
    `ON CONFLICT (contact) DO UPDATE SET ${COLUMNS.map((name) => `${name} = excluded.${name}`).join(", ")}`;
  return { text, values: [JSON.stringify(unitsByAge(today)), currency, ...scopeValues(scope)] };
}

/** Takes away the rows of a scope that hold nothing, and of whoever does not stand for themselves. */
export function leaversSql(scope: Scope): Statement {
  const isSomebody =
    "EXISTS (SELECT 1 FROM contacts c WHERE c.id = contact_behaviour.contact AND c.status = 'verified')";
  const place = (text: string): string => text.replaceAll("?3", "?1").replaceAll("?4", "?2");
  const text =
    `DELETE FROM contact_behaviour WHERE ${place(within("contact", scope))} ` +
    `AND (acted_day IS NULL AND mailed = 0 OR NOT ${isSomebody})`;
  return { text, values: scopeValues(scope) };
}

function scopeValues(scope: Scope): (string | number)[] {
  return "contacts" in scope ? [JSON.stringify(scope.contacts)] : [scope.above, scope.upTo];
}

/** `who (head, member, refuses)`: verified contacts with themselves and with everybody who was merged into them. */
function peopleSql(scope: Scope): string[] {
  const refuses = "c.consents ->> '$.profiling.state' IS 'withdrawn'";
  return [
    `below(head, member) AS (SELECT m.merged_into, m.id FROM contacts m WHERE ${within("m.merged_into", scope)} ` +
      "UNION ALL SELECT b.head, m.id FROM below b JOIN contacts m ON m.merged_into = b.member)",
    `who(head, member, refuses) AS MATERIALIZED (SELECT c.id, c.id, ${refuses} FROM contacts c ` +
      `WHERE ${within("c.id", scope)} AND c.status = 'verified' UNION ALL SELECT b.head, b.member, ${refuses} ` +
      "FROM below b CROSS JOIN contacts c ON c.id = b.head WHERE c.status = 'verified')",
  ];
}

/** `seen`: visits, the open one among them; `summed`: what all acts come to; `mailed`: who was sent mail long ago. */
function actsSql({ calendar }: BehaviourTerms): string[] {
  const { today, days } = calendar;
  const { day, known } = calendarSql(calendar);
  const of = (table: string, at: string, weight: number | string, contact = "contact", more = ""): string =>
    `SELECT w.head, ${day(`t.${at}`)}, ${weight}, 0 FROM who w CROSS JOIN ${table} t ON t.${contact} = w.member ` +
    `WHERE ${known(`t.${at}`)}${more}`;
  const open = "i.star ->> '$[0][0]'";
  const first = oldestOf(today);
  return [
    `seen(head, at, day, channel, views, open) AS MATERIALIZED (SELECT w.head, v.started_at, ${day("v.started_at")}, v.channel, v.views, NULL ` +
      `FROM who w CROSS JOIN visits v ON v.contact = w.member WHERE NOT w.refuses AND ${known("v.started_at")} ` +
      `UNION ALL SELECT w.head, ${open}, ${day(`(${open})`)}, i.star ->> '$[0][1]', NULL, i.star -> '$[0][4]' FROM who w ` +
      `CROSS JOIN contacts i ON i.id = w.member WHERE NOT w.refuses AND i.star IS NOT NULL AND ${known(open)})`,
    `days(head, day) AS MATERIALIZED (SELECT DISTINCT head, day FROM seen WHERE channel IS NOT 'store')`,
    // D1 takes five terms of a UNION.
    `told(head, day, weight, mail) AS MATERIALIZED (SELECT w.head, ${day("t.at")}, iif(t.kind = 'clicked', ${WEIGHTS.click}, 0), ` +
      "coalesce(s.channel = 'email', 0) FROM who w CROSS JOIN message_acts t ON t.contact = w.member " +
      `LEFT JOIN sends s ON s.contact = t.contact AND s.id = t.send WHERE t.kind IN ('clicked', 'opened') AND ${known("t.at")} ` +
      `UNION ALL ${of("wishlist_items", "added_at", WEIGHTS.wishlist)} ` +
      `UNION ALL ${of("reviews", "reviewed_at", WEIGHTS.review)} ` +
      `UNION ALL ${of("referrals", "at", WEIGHTS.referral, "advocate", " AND t.friend = 0")} ` +
      `UNION ALL ${of("contact_metrics", "last_order_at", 0, "contact", " AND w.member = w.head")})`,
    `acts(head, day, weight, mail) AS (SELECT head, day, ${WEIGHTS.visit_day}, 0 FROM days ` +
      `UNION ALL SELECT head, day, ${WEIGHTS.store_visit}, 0 FROM seen WHERE channel = 'store' ` +
      "UNION ALL SELECT head, day, weight, mail FROM told)",
    `summed AS MATERIALIZED (SELECT head, sum(iif(day >= ${first} AND weight > 0, weight * (${UNITS} ->> (${today} - day)), 0)) AS units, ` +
      `min(iif(day >= ${first} AND weight > 0, day, NULL)) AS since_day, max(day) AS acted_day, ` +
      "max(iif(mail, day, NULL)) AS mail_day FROM acts GROUP BY head)",
    "mailed(head) AS MATERIALIZED (SELECT DISTINCT w.head FROM who w WHERE EXISTS (SELECT 1 FROM sends s WHERE s.contact = w.member " +
      "AND s.channel = 'email' AND s.class = 'marketing' AND s.state = 'sent' " +
      `AND coalesce(s.first_attempt_at, s.created_at) < ${days.start(today - PATIENCE_DAYS + 1)}))`,
  ];
}

/** `habits`: days with visits; `usual`: when and by what; `liked`: the category most looked at, by visits that are recent. */
function habitsSql({ calendar }: BehaviourTerms): string[] {
  const { today, recent } = calendar;
  const { part, weekend } = calendarSql(calendar);
  const first = oldestOf(today);
  const isMost = (count: string): string => `count(*) >= ${FEWEST_VISITS} AND sum(${count}) * 2 > count(*)`;
  const parts = DAY_PARTS.map((name, index) => `WHEN ${isMost(`part = ${index}`)} THEN '${name}'`);
  return [
    "habits AS MATERIALIZED (SELECT head, max(day) AS visit_day, " +
      `sum(day > ${today - 30}) AS visits_30, sum(day >= ${first}) AS visits_90, ` +
      `sum(day >= ${first} AND ${weekend("day")}) AS weekend_90 FROM days GROUP BY head)`,
    `usual AS MATERIALIZED (SELECT head, CASE ${parts.join(" ")} END AS day_part, CASE WHEN ${isMost("channel IS 'app'")} THEN 'app' ` +
      `WHEN ${isMost("channel IS NOT 'app'")} THEN 'web' END AS channel FROM (SELECT head, channel, ${part("at")} AS part FROM seen ` +
      `WHERE channel IS NOT 'store' AND at >= ${recent}) GROUP BY head)`,
    "looked(head, product, times) AS (SELECT s.head, e.value ->> 0, e.value ->> 1 FROM seen s, json_each(s.views) e " +
      `WHERE s.channel IS NOT 'store' AND s.at >= ${recent} UNION ALL ` +
      "SELECT s.head, e.value, s.open ->> ('$[' || (e.key + 1) || ']') FROM seen s, json_each(s.open) e " +
      `WHERE s.open IS NOT NULL AND s.at >= ${recent} AND e.key % 3 = 0)`,
    "liked AS MATERIALIZED (SELECT head, category FROM (SELECT k.head, p.category, sum(k.times) AS times, row_number() OVER " +
      "(PARTITION BY k.head ORDER BY sum(k.times) DESC, p.category) AS place FROM looked k CROSS JOIN products p " +
      "ON p.product_id = k.product WHERE p.category IS NOT NULL GROUP BY k.head, p.category) " +
      `WHERE place = 1 AND times >= ${FEWEST_VIEWS})`,
  ];
}

/**
 * `bought`: what was paid in twelve months, and how much of it with a discount. Whether there were orders enough is told by
 * an index alone.
 */
function boughtSql({ calendar: { year, now }, rated }: BehaviourTerms): string {
  const worth = rated ? inBaseSql(CURRENCY) : `iif(o.currency = ${CURRENCY}, o.net, NULL)`;
  const theirs = `FROM who w CROSS JOIN orders o ON o.contact = w.member WHERE NOT w.refuses AND o.placed_at BETWEEN ${year} AND ${now} AND ${SALE}`;
  return (
    `often(head) AS MATERIALIZED (SELECT w.head ${theirs} GROUP BY w.head HAVING count(*) >= ${FEWEST_ORDERS}), ` +
    "bought AS MATERIALIZED (SELECT head, count(*) AS orders, sum(worth) AS spend, sum(iif(promoted, worth, 0)) AS promoted FROM " +
    `(SELECT w.head, ${worth} AS worth, ${PROMOTED_SQL} AS promoted ${theirs} AND w.head IN (SELECT head FROM often)) ` +
    "WHERE worth IS NOT NULL GROUP BY head)"
  );
}
