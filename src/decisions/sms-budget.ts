import { HOUR } from "../shared/clock";

/** How many text messages may leave within an hour (case K06); null where nothing is counted. */
export interface SmsBudget {
  /** To all countries together. */
  readonly hour: number | null;
  /** To any one country that is not named. */
  readonly country: number | null;
  readonly countries: Readonly<Record<string, number>>;
}

/** A text message that asks for its permit; `country` is that of its number, empty where it has none. */
export interface Texting {
  readonly contact: number;
  readonly id: string;
  readonly country: string;
}

/** Whether a budget holds anything back at all. */
export function isBudgeted({ hour, country, countries }: SmsBudget): boolean {
  return hour !== null || country !== null || Object.keys(countries).length > 0;
}

/**
 * SQL in front of the permit's statement, in one batch with it: puts off what is above the budget of its country or of all,
 * so that the permit does not see it. What somebody waits for goes first, then the oldest. ?1 keys with country and budget,
 * ?2 now, ?3 the hour, ?4 when the next begins, ?5 the budget of all.
 */
export const BUDGET_SQL = `
WITH asked AS (
  SELECT value ->> 0 AS contact, value ->> 1 AS id, value ->> 2 AS country, value ->> 3 AS most FROM json_each(?1)
),
line AS (
  SELECT a.contact, a.id, a.most,
    row_number() OVER (PARTITION BY a.country ORDER BY s.class = 'transactional' DESC, s.created_at, s.id)
      + coalesce((SELECT p.messages FROM sms_spend p WHERE p.hour = ?3 AND p.country = a.country), 0) AS used,
    row_number() OVER (ORDER BY s.class = 'transactional' DESC, s.created_at, s.id)
      + coalesce((SELECT sum(p.messages) FROM sms_spend p WHERE p.hour = ?3), 0) AS used_of_all
  FROM asked a JOIN sends s ON s.contact = a.contact AND s.id = a.id
  WHERE s.open > 0 AND s.next_at <= ?2 AND (s.state = 'queued' OR s.lease_until <= ?2)
)
UPDATE sends SET next_at = ?4, reason = iif(attempts = 0, 'sms_budget', reason), updated_at = ?2
FROM line l WHERE sends.contact = l.contact AND sends.id = l.id AND (l.used > l.most OR l.used_of_all > ?5)`;

/** SQL behind the permit's statement: counts what it claimed, a row for each country of a batch. ?1 to ?3 as of `BUDGET_SQL`. */
export const SPENT_SQL =
  "INSERT INTO sms_spend (hour, country, messages) SELECT ?3, a.value ->> 2, count(*) FROM json_each(?1) a " +
  "JOIN sends s ON s.contact = a.value ->> 0 AND s.id = a.value ->> 1 " +
  "WHERE s.state = 'claimed' AND s.attempted_at = ?2 AND s.updated_at = ?2 GROUP BY 2 " +
  "ON CONFLICT (hour, country) DO UPDATE SET messages = messages + excluded.messages";

/** The values of `BUDGET_SQL`; the first three are those of `SPENT_SQL`. */
export function budgetValues(
  texts: readonly Texting[],
  { hour, country, countries }: SmsBudget,
  now: number,
): (string | number | null)[] {
  const rows = texts.map(({ contact, id, country: of }) => [
    contact,
    id,
    of,
    Object.hasOwn(countries, of) ? countries[of] : country,
  ]);
  const current = Math.floor(now / HOUR) * HOUR;
  return [JSON.stringify(rows), now, current, current + HOUR, hour];
}
