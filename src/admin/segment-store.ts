import type { Cause } from "../segments/transition";

/** A contact in a segment. Times are epoch ms. */
export interface MemberRow {
  readonly contact: number;
  readonly external_id: string | null;
  readonly email: string | null;
  readonly segment: string;
  readonly since: number;
}

export interface TransitionRow {
  readonly contact: number;
  readonly external_id: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly cause: Cause;
  readonly at: number;
}

/** How many moved between two segments for one cause; an empty text is none. */
export interface FlowRow {
  readonly from: string;
  readonly to: string;
  readonly cause: Cause;
  readonly contacts: number;
}

export interface DayRow {
  readonly day: string;
  readonly segment: string;
  readonly contacts: number | null;
  readonly entered: number;
  readonly left: number;
}

/** How many contacts are in each segment of some families now, by family. */
export async function countMembers(
  db: D1Database,
  families: readonly string[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, number>>> {
  const sql =
    "SELECT m.family, m.segment, count(*) AS contacts FROM json_each(?1) AS f " +
    "JOIN segment_members m ON m.family = f.value GROUP BY m.family, m.segment";
  const { results } = await db
    .prepare(sql)
    .bind(JSON.stringify(families))
    .all<{ family: string; segment: string; contacts: number }>();
  const groups = Map.groupBy(results, ({ family }) => family);
  return new Map(
    families.map((family) => [
      family,
      new Map((groups.get(family) ?? []).map(({ segment, contacts }) => [segment, contacts])),
    ]),
  );
}

/** Members of a family, or of one of its segments, by their row, behind one. */
export async function listMembers(
  db: D1Database,
  family: string,
  segment: string | null,
  after: number,
  limit: number,
): Promise<MemberRow[]> {
  const sql =
    "SELECT m.contact, c.external_id, c.email, m.segment, m.since FROM segment_members m " +
    "JOIN contacts c ON c.id = m.contact WHERE m.family = ?1 AND m.contact > ?3 AND (?2 IS NULL OR m.segment = ?2) " +
    "ORDER BY m.contact LIMIT ?4";
  return (await db.prepare(sql).bind(family, segment, after, limit).all<MemberRow>()).results;
}

/** Where a list of moves goes on: among what moved, the newest first, and then among first computations, by contact. */
export interface TransitionPlace {
  readonly isFirst: boolean;
  readonly at: number;
  readonly contact: number;
}

const TRANSITION =
  'SELECT t.contact, c.external_id, t.from_segment AS "from", t.to_segment AS "to", t.cause, t.at ' +
  "FROM segment_transitions t JOIN contacts c ON c.id = t.contact WHERE t.family = ?1 ";

/** Moves within a family, the newest first; first computations, which are in no index by time, behind them. */
export async function listTransitions(
  db: D1Database,
  family: string,
  place: TransitionPlace | null,
  limit: number,
): Promise<TransitionRow[]> {
  const { isFirst, at, contact } = place ?? { isFirst: false, at: Number.MAX_SAFE_INTEGER, contact: 0 };
  const moved = isFirst
    ? []
    : (
        await db
          .prepare(
            `${TRANSITION}AND t.cause <> 'first' AND (t.at, -t.contact) < (?2, ?3) ORDER BY t.at DESC, t.contact LIMIT ?4`,
          )
          .bind(family, at, -contact, limit)
          .all<TransitionRow>()
      ).results;
  if (moved.length === limit) return moved;
  const first = await db
    .prepare(`${TRANSITION}AND t.cause = 'first' AND t.contact > ?2 ORDER BY t.contact LIMIT ?3`)
    .bind(family, isFirst ? contact : 0, limit - moved.length)
    .all<TransitionRow>();
  return [...moved, ...first.results];
}

/** The moves of one contact within a family, the newest first. */
export async function transitionsOf(
  db: D1Database,
  family: string,
  contact: number,
  limit: number,
): Promise<TransitionRow[]> {
  const sql = `${TRANSITION}AND t.contact = ?2 ORDER BY t.at DESC LIMIT ?3`;
  return (await db.prepare(sql).bind(family, contact, limit).all<TransitionRow>()).results;
}

/** Sizes and moves by shop-local day, newest first, within days that are both in it; `below` is a row that was shown. */
export async function listDays(
  db: D1Database,
  family: string,
  { from, to }: { readonly from: string; readonly to: string },
  below: readonly [day: string, segment: string] | null,
  limit: number,
): Promise<DayRow[]> {
  const among = "family = ?1 AND day >= ?2 AND day <= ?3";
  const sql =
    `SELECT day, segment, max(size) AS contacts, sum(entered) AS entered, sum("left") AS "left" FROM (` +
    `SELECT day, segment, contacts AS size, 0 AS entered, 0 AS "left" FROM segment_sizes WHERE ${among} UNION ALL ` +
    `SELECT day, to_segment, NULL, contacts, 0 FROM segment_flows WHERE ${among} AND to_segment <> '' UNION ALL ` +
    `SELECT day, from_segment, NULL, 0, contacts FROM segment_flows WHERE ${among} AND from_segment <> '') ` +
    "WHERE ?4 IS NULL OR day < ?4 OR (day = ?4 AND segment > ?5) " +
    "GROUP BY day, segment ORDER BY day DESC, segment LIMIT ?6";
  const bound = db.prepare(sql).bind(family, from, to, below?.[0] ?? null, below?.[1] ?? null, limit);
  return (await bound.all<DayRow>()).results;
}

/** What moved between segments within days of the shop, both in it; of one segment where it is named. */
export async function sumFlows(
  db: D1Database,
  family: string,
  segment: string | null,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<FlowRow[]> {
  const sql =
    'SELECT from_segment AS "from", to_segment AS "to", cause, sum(contacts) AS contacts FROM segment_flows ' +
    "WHERE family = ?1 AND day >= ?2 AND day <= ?3 AND (?4 IS NULL OR from_segment = ?4 OR to_segment = ?4) " +
    "GROUP BY from_segment, to_segment, cause ORDER BY contacts DESC, from_segment, to_segment, cause";
  return (await db.prepare(sql).bind(family, from, to, segment).all<FlowRow>()).results;
}
