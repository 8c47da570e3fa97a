import { DAY } from "../shared/clock";
import type { Sql, Terms } from "./compile";
import { number } from "./compile";
import type { Facts } from "./facts";
import type { Rule } from "./rule";
import { ruleSql, testRule } from "./rule";

/** Who of the contacts is looked at: the rule, among active profiles unless that filter is taken off. */
export interface Target {
  readonly rule: Rule;
  /** True where profiles that are not active count as well. */
  readonly everybody?: boolean | undefined;
}

/** A profile without any sign of life for three years is not active: hygiene anonymises prospects after as long. */
const ACTIVE_DAYS = 3 * 365;

/** SQL: `c` is a contact by themselves, not one whom another took over, nor an empty row, nor an unknown browser. */
const HEAD = "c.status = 'verified'";

/**
 * A target over `contacts AS c`, as `ruleSql`. Whoever stands for nobody any more, and who is not known, is in none.
 * Whether somebody can be written to is no matter of being active: conditions ask for it, and the gate decides.
 */
export function targetSql({ rule, everybody = false }: Target, now: number, terms: Terms, parameter = 1): Sql {
  const { text, values } = ruleSql(rule, now, terms, parameter);
  return { text: `${amongSql(everybody, now)} AND (${text})`, values };
}

/** SQL over `contacts AS c`: among whom a rule is asked. */
export function amongSql(everybody: boolean | undefined, now: number): string {
  return everybody === true ? HEAD : `${HEAD} AND ${activeSql(now)}`;
}

function activeSql(now: number): string {
  const since = number(now - ACTIVE_DAYS * DAY);
  return `(c.seen_at > ${since} OR c.created_at > ${since})`;
}

/**
 * One row about a target: `count`, the `inactive` who match besides and are left out, and in `sample` a JSON array of
 * some row ids. It is one pass: whoever matches is noted, counted, and the first ones are the sample.
 */
export function previewSql({ rule, everybody = false }: Target, now: number, terms: Terms, sample: number): Sql {
  const { text, values } = ruleSql(rule, now, terms);
  const active = everybody ? "1" : activeSql(now);
  const matched = `SELECT c.id, ${active} AS active FROM contacts c WHERE ${HEAD} AND (${text})`;
  const some = `SELECT json_group_array(id) FROM (SELECT id FROM matched WHERE active LIMIT ${number(sample)})`;
  const counts = "count(*) FILTER (WHERE active) AS count, count(*) FILTER (WHERE NOT active) AS inactive";
  return {
    text: `WITH matched AS MATERIALIZED (${matched}) SELECT ${counts}, (${some}) AS sample FROM matched`,
    values,
  };
}

/** The same for one contact. */
export function testTarget({ rule, everybody = false }: Target, facts: Facts, now: number): boolean {
  return isKnown(facts) && (everybody || isActive(facts, now)) && testRule(rule, facts, now);
}

/** Whether it is somebody known: an unknown browser, or whoever stands for nobody any more, is in no target. */
export function isKnown({ profile }: Facts): boolean {
  return profile.status === "verified";
}

/** Whether the default filter lets a contact pass. */
export function isActive({ profile, seenAt }: Facts, now: number): boolean {
  return Math.max(seenAt, profile.createdAt) > now - ACTIVE_DAYS * DAY;
}
