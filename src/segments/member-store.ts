import { bulk } from "../platform/d1";
import type { Family } from "./family";
import { HEADS } from "./family";
import type { Cause, Move, News, Standing } from "./transition";

/** Contacts that are looked at together: a list, or a range of rows (`after` is outside, `upTo` inside). */
export type Scope = { readonly contacts: readonly number[] } | { readonly after: number; readonly upTo: number };

/** A contact about which a family's computation and its row do not agree, or that waits to fall. */
export interface Difference {
  readonly contact: number;
  readonly to: string | null;
  readonly cause: Cause | null;
  /** False for who was merged into another or emptied. */
  readonly counts: boolean;
  readonly standing: Standing | null;
  /** The latest move, epoch ms. */
  readonly movedAt: number | null;
  readonly news: News | null;
  /** Somebody began to tell of it, and has not come to the end. */
  readonly isBeingTold: boolean;
  /** Journal number of the last request that changed the contact. */
  readonly seq: number;
  /** Moves in families that this one looks at: why, and when. */
  readonly before: readonly (readonly [cause: Cause, at: number])[];
}

interface DifferenceRow {
  contact: number;
  to_segment: string | null;
  cause: Cause | null;
  counts: number;
  segment: string | null;
  since: number;
  next: string | null;
  next_since: number | null;
  next_cause: Cause | null;
  next_night: number | null;
  seq: number | null;
  before: string | null;
  moved_at: number | null;
  news_told_at: number | null;
  being_told: number;
  news_at: number | null;
  news_due: number;
  news_from: string | null;
  news_to: string | null;
  news_cause: Cause;
}

/** The condition that a contact is looked at: `?2` and, of a range, `?3`. */
function within(column: string, scope: Scope): string {
  return "contacts" in scope ? `${column} IN (SELECT value FROM json_each(?2))` : `${column} > ?2 AND ${column} <= ?3`;
}

/** Moves of a contact in the families of a list, which is a parameter: there are few for one contact. */
function movesSql(parameter: number): string {
  return (
    "(SELECT json_group_array(json_array(d.cause, d.at)) FROM segment_transitions d " +
    `WHERE d.family IN (SELECT value FROM json_each(?${parameter})) AND d.contact = x.contact)`
  );
}

/** Selects what a family says of some contacts and its rows do not. */
export function selectDifferences(db: D1Database, family: Family, scope: Scope, now: number): D1PreparedStatement {
  const of = "contacts" in scope ? [JSON.stringify(scope.contacts)] : [scope.after, scope.upTo];
  const said = family.sql(now, 2 + of.length);
  const looks = family.dependsOn.length === 0 ? [] : [JSON.stringify(family.dependsOn)];
  const looked = looks.length === 0 ? "NULL" : movesSql(2 + of.length + said.values.length);
  const sql =
    // Once: its rule would be run for the row and for the comparison.
    `WITH said AS MATERIALIZED (SELECT f.contact, f.segment, f.cause FROM (${said.text}) AS f WHERE ${within("f.contact", scope)}), ` +
    "x AS (SELECT f.contact, f.segment AS to_segment, f.cause, m.segment, m.since, m.next, m.next_since, m.next_cause, m.next_night " +
    "FROM said AS f LEFT JOIN segment_members m ON m.family = ?1 AND m.contact = f.contact " +
    "WHERE f.segment IS NOT m.segment OR m.next_since IS NOT NULL UNION ALL " +
    "SELECT m.contact, NULL, NULL, m.segment, m.since, m.next, m.next_since, m.next_cause, m.next_night FROM segment_members m " +
    `WHERE m.family = ?1 AND ${within("m.contact", scope)} AND m.contact NOT IN (SELECT contact FROM said) UNION ALL ` +
    // Who went out of the segment before they went altogether: of them there is something to tell, and nobody to tell it of.
    "SELECT w.contact, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM segment_news w JOIN contacts c ON c.id = w.contact " +
    `WHERE w.family = ?1 AND ${within("w.contact", scope)} AND w.told_at IS NULL AND NOT (${HEADS}) ` +
    "AND NOT EXISTS (SELECT 1 FROM segment_members m WHERE m.family = ?1 AND m.contact = w.contact)) " +
    `SELECT x.*, c.seq, ${looked} AS before, coalesce(${HEADS}, 0) AS counts, (SELECT max(t.at) FROM segment_transitions t WHERE t.family = ?1 ` +
    "AND t.contact = x.contact) AS moved_at, n.at AS news_at, n.due AS news_due, coalesce(n.told_at, n.telling_at) AS news_told_at, " +
    "(n.told_at IS NULL AND n.telling_at IS NOT NULL) AS being_told, " +
    "n.from_segment AS news_from, n.to_segment AS news_to, n.cause AS news_cause " +
    "FROM x LEFT JOIN contacts c ON c.id = x.contact LEFT JOIN segment_news n ON n.family = ?1 AND n.contact = x.contact";
  return db.prepare(sql).bind(family.key, ...of, ...said.values, ...looks);
}

/** Selects what a family says of some contacts as of a moment, epoch ms. */
export function selectSaid(
  db: D1Database,
  family: Pick<Family, "sql">,
  contacts: readonly number[],
  at: number,
): D1PreparedStatement {
  const said = family.sql(at, 2);
  const sql = `SELECT f.contact, f.segment FROM (${said.text}) AS f WHERE f.contact IN (SELECT value FROM json_each(?1))`;
  return db.prepare(sql).bind(JSON.stringify(contacts), ...said.values);
}

export function readDifference(row: unknown): Difference {
  const { contact, to_segment: to, cause, counts, segment, since, moved_at: movedAt, ...rest } = row as DifferenceRow;
  const fall =
    rest.next_since === null
      ? null
      : {
          to: rest.next,
          since: rest.next_since,
          cause: rest.next_cause ?? ("decay" as const),
          night: rest.next_night,
        };
  const news =
    rest.news_at === null
      ? null
      : {
          from: rest.news_from,
          to: rest.news_to,
          cause: rest.news_cause,
          at: rest.news_at,
          due: rest.news_due,
          toldAt: rest.news_told_at,
        };
  const standing = segment === null ? null : { segment, since, fall };
  const before = rest.before === null ? [] : (JSON.parse(rest.before) as [Cause, number][]);
  const isBeingTold = rest.being_told === 1;
  return { contact, to, cause, counts: counts === 1, standing, movedAt, news, isBeingTold, seq: rest.seq ?? 0, before };
}

/** What is to be written of one contact and family. */
export interface MemberChange {
  readonly family: string;
  readonly contact: number;
  readonly standing: Standing | null;
  readonly moved: (Move & { readonly at: number }) | null;
  /** What is to be told by now, and what was before. */
  readonly news: News | null;
  readonly newsBefore: News | null;
}

/** Contacts are asked once more: what was emptied since it was looked at must not come back. */
const STILL = `JOIN contacts c ON c.id = v.value ->> 1 AND ${HEADS}`;
const MEMBERS_SQL =
  "INSERT INTO segment_members (family, contact, segment, since, next, next_since, next_cause, next_night) SELECT v.value ->> 0, " +
  "v.value ->> 1, v.value ->> 2, v.value ->> 3, v.value ->> 4, v.value ->> 5, v.value ->> 6, v.value ->> 7 " +
  `FROM json_each(?1) AS v ${STILL} WHERE true ON CONFLICT (family, contact) DO UPDATE SET segment = excluded.segment, ` +
  "since = excluded.since, next = excluded.next, next_since = excluded.next_since, next_cause = excluded.next_cause, " +
  "next_night = excluded.next_night";
const TRANSITIONS_SQL =
  "INSERT INTO segment_transitions (family, contact, at, from_segment, to_segment, cause) " +
  "SELECT v.value ->> 0, v.value ->> 1, v.value ->> 2, v.value ->> 3, v.value ->> 4, v.value ->> 5 " +
  `FROM json_each(?1) AS v ${STILL}`;
const NEWS_SQL =
  "INSERT INTO segment_news (family, contact, at, due, from_segment, to_segment, cause, told_at) SELECT v.value ->> 0, " +
  "v.value ->> 1, v.value ->> 2, v.value ->> 3, v.value ->> 4, v.value ->> 5, v.value ->> 6, v.value ->> 7 " +
  `FROM json_each(?1) AS v ${STILL} WHERE true ON CONFLICT (family, contact) DO UPDATE SET at = excluded.at, ` +
  "due = excluded.due, from_segment = excluded.from_segment, to_segment = excluded.to_segment, " +
  "cause = excluded.cause, told_at = excluded.told_at, telling_at = NULL";
const FLOWS_SQL =
  "INSERT INTO segment_flows (family, day, from_segment, to_segment, cause, contacts) " +
  "SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5 FROM json_each(?1) WHERE true " +
  "ON CONFLICT (family, day, from_segment, to_segment, cause) DO UPDATE SET contacts = contacts + excluded.contacts";
const dropSql = (table: string): string =>
  `DELETE FROM ${table} WHERE (family, contact) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?1))`;

/** The statements that write changes; `day` is the shop-local day that their moves count to. */
export function changeStatements(db: D1Database, changes: readonly MemberChange[], day: string): D1PreparedStatement[] {
  const keyOf = ({ family, contact }: MemberChange): unknown[] => [family, contact];
  const stands = changes.flatMap(({ family, contact, standing }) => {
    if (!standing) return [];
    const { segment, since, fall } = standing;
    const waits = fall ? [fall.to, fall.since, fall.cause, fall.night] : [null, null, null, null];
    return [[family, contact, segment, since, ...waits]];
  });
  const moves = changes.flatMap(({ family, contact, moved }) => (moved ? [{ family, contact, ...moved }] : []));
  const news = changes.flatMap(({ family, contact, news: now, newsBefore }) => {
    if (!now || now === newsBefore) return [];
    return [[family, contact, now.at, now.due, now.from, now.to, now.cause, now.toldAt]];
  });
  const flows = Map.groupBy(moves, ({ family, from, to, cause }) =>
    JSON.stringify([family, day, from ?? "", to ?? "", cause]),
  );
  return [
    ...bulk(db, MEMBERS_SQL, stands),
    ...bulk(db, dropSql("segment_members"), changes.filter(({ standing }) => standing === null).map(keyOf)),
    ...bulk(
      db,
      TRANSITIONS_SQL,
      moves.map(({ family, contact, at, from, to, cause }) => [family, contact, at, from, to, cause]),
    ),
    ...bulk(db, NEWS_SQL, news),
    ...bulk(
      db,
      dropSql("segment_news"),
      changes.filter(({ newsBefore, news: now }) => newsBefore && now === null).map(keyOf),
    ),
    ...bulk(
      db,
      FLOWS_SQL,
      [...flows].map(([key, some]) => [...(JSON.parse(key) as unknown[]), some.length]),
    ),
  ];
}
