import { DAY, MINUTE } from "../shared/clock";
import { LATENESS, NEWSLETTER } from "./arbitration";
import type { CapRules } from "./caps";
import { LONGEST_CAP } from "./caps";

/** What else is ready of a person and has not been asked for within so long is not waited for. */
const READY = 10 * MINUTE;
/** What gave way to a better one of its own batch looks again after this. */
const SOON = MINUTE;
/** For how long a message waits that says nothing of when it is too late. */
const PATIENCE = DAY;

/** SQL for what a send counts for in caps; `of` is the alias of its row. */
function weightSql(of: string): string {
  return `coalesce(json_extract(${of}.data, '$.weight'), 1)`;
}

/** SQL for a send's score at ?2: see `scoreOf`. What nobody gave a priority is a campaign's. */
function scoreSql(of: string): string {
  const late = `max(0, ?2 - ${of}.created_at) / 3600000.0 * ${LATENESS.perHour}`;
  const value = `coalesce(json_extract(${of}.data, '$.value_points'), 0)`;
  return `coalesce(json_extract(${of}.data, '$.priority'), ${NEWSLETTER}) + ${value} - min(${LATENESS.most}, ${late})`;
}

/** SQL for the moment after which a send makes no more sense, epoch ms. A campaign's is not late by what a pause kept of it. */
export function lastMomentSql(of: string): string {
  const from = `max(${of}.created_at, coalesce((SELECT g.late_from FROM campaigns g WHERE g.id = ${of}.run), 0))`;
  return `coalesce(json_extract(${of}.data, '$.leave_by'), ${from} + ${PATIENCE})`;
}

/** SQL columns that the caps go by: what a send weighs, and what it is worth beside others. */
export const CAP_COLUMNS = `${weightSql("s")} AS weight, ${scoreSql("s")} AS score`;

/** SQL: whether the person `head` of an alias is in the segment that two expressions name. */
function isIn(head: string, family: string, segment: string): string {
  return (
    `EXISTS (SELECT 1 FROM segment_members m WHERE m.family = ${family} AND m.contact = ${head} ` +
    `AND m.segment = ${segment})`
  );
}

/**
 * Common tables behind `verdicts`, up to `over (contact, id, free)`: marketing that was permitted but meets a full cap,
 * and when there is room. Everything that was tried counts until it is known to have come to nothing; of several messages
 * of one person, one that was tried before ranks first, then whichever is worth most. What is ready of the same person but
 * not of this batch, because it came from elsewhere, ranks with them. ?2 now, ?6 caps, ?7 factors; no cap asks nothing.
 *
 * @param killed SQL: whether the channel of the row `o` is stopped
 */
export function capsSql(killed: string): string {
  return `
rules AS MATERIALIZED (
  SELECT key, value ->> 0 AS channel, value ->> 1 AS most, value ->> 2 AS span, value ->> 3 AS family,
    value ->> 4 AS segment, value ->> 5 AS moment FROM json_each(?6)
),
heads AS MATERIALIZED (
  SELECT DISTINCT head FROM verdicts WHERE verdict = 'permitted' AND class = 'marketing' AND ?6 <> '[]'
),
kin(head, member) AS (
  SELECT head, head FROM heads UNION ALL SELECT k.head, m.id FROM kin k CROSS JOIN contacts m ON m.merged_into = k.member
),
waiting AS MATERIALIZED (
  SELECT head, contact, id, channel, weight, score, attempts FROM verdicts
  WHERE verdict = 'permitted' AND class = 'marketing'
  UNION ALL
  SELECT h.head, o.contact, o.id, o.channel, ${weightSql("o")}, ${scoreSql("o")}, 0 FROM kin h
  CROSS JOIN sends o ON o.contact = h.member
  WHERE o.open > 0 AND o.state = 'queued' AND o.attempts = 0 AND o.class = 'marketing' AND o.next_at <= ?2
    AND o.next_at > ?2 - ${READY} AND NOT ${killed}
    AND NOT EXISTS (SELECT 1 FROM stops x WHERE x.contact = o.contact AND x.run = o.run)
    AND NOT EXISTS (SELECT 1 FROM asked a WHERE a.contact = o.contact AND a.id = o.id)
),
line AS MATERIALIZED (
  SELECT w.*, row_number() OVER (PARTITION BY head ORDER BY attempts > 0 DESC, score DESC, id) AS place,
    coalesce((SELECT max(f.value ->> 2) FROM json_each(?7) f WHERE ${isIn("w.head", "f.value ->> 0", "f.value ->> 1")}), 1)
      AS factor
  FROM waiting w
),
weighed AS MATERIALIZED (
  SELECT head, channel, weight, ?2 AS at, place FROM line
  UNION ALL
  SELECT h.head, o.channel, ${weightSql("o")}, coalesce(o.attempted_at, o.first_attempt_at), 0 FROM kin h
  CROSS JOIN sends o ON o.contact = h.member
  WHERE o.class = 'marketing' AND o.state NOT IN ('suppressed', 'failed')
    AND coalesce(o.attempted_at, o.first_attempt_at) > ?2 - ${LONGEST_CAP}
    AND NOT EXISTS (SELECT 1 FROM line l WHERE l.contact = o.contact AND l.id = o.id)
),
over AS MATERIALIZED (
  SELECT contact, id, max(free) AS free FROM (
    SELECT l.contact, l.id, l.weight, r.most * iif(r.moment, 1, l.factor) AS most, coalesce(sum(w.weight), 0) AS used,
      coalesce(min(iif(w.place = 0, w.at, NULL)) + r.span, ?2 + ${SOON}) AS free
    FROM line l CROSS JOIN rules r
    LEFT JOIN weighed w ON w.head = l.head AND w.place < l.place AND w.at > ?2 - r.span AND r.channel IN ('all', w.channel)
    WHERE r.channel IN ('all', l.channel) AND (r.family IS NULL OR ${isIn("l.head", "r.family", "r.segment")})
    GROUP BY l.contact, l.id, r.key
  ) WHERE used + weight > most GROUP BY contact, id
)`;
}

/** The values of ?6 and ?7. */
export function capValues({ caps, factors }: CapRules): [string, string] {
  const rules = caps.map(({ channel, count, withinMs, level, isMoment = false }) => {
    return [channel, count, withinMs, ...partsOf(level), isMoment ? 1 : 0];
  });
  return [JSON.stringify(rules), JSON.stringify(factors.map(({ level, factor }) => [...partsOf(level), factor]))];
}

function partsOf(level: string | undefined): [string | null, string | null] {
  if (level === undefined) return [null, null];
  const dot = level.indexOf(".");
  return [level.slice(0, dot), level.slice(dot + 1)];
}
