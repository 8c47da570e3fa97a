import { inBaseSql } from "../../commerce/exchange";
import { SALE } from "../../commerce/order";
import { daySql, monthsBefore, shiftsBetween } from "./days";
import type { OrderCondition } from "./definition";
import type { Terms } from "./figures";
import { windowStart } from "./figures";

import type { Statement } from "./statement";

/** Where scores are kept: those in force, or those of another moment that somebody asked for. */
export type ScoreTable = "rfm_scores" | "rfm_past";

/**
 * Whom a statement looks at: row ids above one and up to another, a JSON array of row ids, or whose oldest order is older
 * than a moment by now and so has left the window.
 */
export type Scope =
  | { readonly above: number; readonly upTo: number }
  | { readonly contacts: string }
  | { readonly leaving: number };

/** What figures are brought up to date with. Moments are epoch ms. */
export interface FigureTerms extends Omit<Terms, "exchange"> {
  /** The shop's currency. */
  readonly base: string;
  /** Whether there is any rate: without one, an order in another currency is no money. */
  readonly rated: boolean;
  /** Orders up to here count, epoch ms: later than `asOf` where a run goes on while people buy. */
  readonly until: number;
  /** The moment of the run, by which it knows what it changed. */
  readonly now: number;
  /** What was told of an order since then is news, and what changes figures otherwise is history that came late. */
  readonly since: number;
  /** What every change is put down to, where that is known beforehand. */
  readonly because: "first" | "rule" | null;
}

/** Collects the values of a statement, each once. */
export class Values {
  readonly list: (string | number | null)[] = [];

  put(value: string | number | null): string {
    const known = this.list.indexOf(value);
    return `?${known >= 0 ? known + 1 : this.list.push(value)}`;
  }
}

/** The condition that a scope puts on a column with row ids. */
export function scopeSql(scope: Scope, column: string, values: Values): string {
  if (!("above" in scope)) return `${column} IN (${contactsSql(scope, values)})`;
  return `${column} > ${values.put(scope.above)} AND ${column} <= ${values.put(scope.upTo)}`;
}

function contactsSql(scope: Exclude<Scope, { readonly above: number }>, values: Values): string {
  if ("contacts" in scope) return `SELECT value FROM json_each(${values.put(scope.contacts)})`;
  return `SELECT contact FROM rfm_scores WHERE oldest_at < ${values.put(scope.leaving)}`;
}

/** Stands for the last order of somebody who has none that counts, until their row is deleted. */
const NOBODY = -1;

/**
 * The statement that brings the figures of a scope up to date, writing only what differs. What the ledger keeps of a
 * contact anyway (`contact_metrics`, of whoever stands for a family) answers for everybody who has none or all of whose
 * orders lie in the window; only the others are added up, and everybody where the shop counts in a way of its own.
 */
export function figuresSql(table: ScoreTable, scope: Scope, terms: FigureTerms): Statement {
  const values = new Values();
  const [now, until, from] = [terms.now, terms.until, windowStart(terms)].map((value) => values.put(value));
  const { exclude_orders: excluded, subscriptions, merge_same_day: merged } = terms.definition;
  const isPlain = !terms.rated && excluded.length === 0 && subscriptions === null && !merged;
  const scoped = scopeSql(scope, "k.contact", values);
  const fast = isPlain ? `k.first_order_at >= ${from} AND k.last_order_at <= ${until}` : "0";
  const counted = [SALE, `o.placed_at <= ${until}`, ...excluded.map((condition) => `NOT ${fits(condition, values)}`)];
  const added = (source: string): string => addedUp(source, counted.join(" AND "), terms, values, { from, until });
  const known =
    "SELECT k.contact, iif(k.orders > 0, k.last_order_at, NULL), k.orders, iif(k.orders > 0, k.net_total, 0), " +
    `iif(k.orders > 0, k.first_order_at, NULL) FROM contact_metrics k WHERE ${scoped} AND (k.orders = 0 OR ${fast})`;
  const rest = `FROM contact_metrics k LEFT JOIN orders o ON o.contact = %member AND %counted WHERE ${scoped} AND k.orders > 0 AND NOT (${fast})`;
  const alone = added(`${rest.replace("%member", "k.contact")} AND k.contact NOT IN (SELECT head FROM family)`);
  const many = added(
    rest
      .replace("contact_metrics k", "family f CROSS JOIN contact_metrics k ON k.contact = f.head")
      .replace("%member", "f.member"),
  );
  const text =
    `WITH RECURSIVE ${familySql(scope, values)}, g(contact, last, orders, monetary, oldest) AS (` +
    `${[known, alone, many].join(" UNION ALL ")}) ` +
    `INSERT INTO ${table} (contact, last_order_at, orders, monetary, oldest_at, moved_at, moved_by) ` +
    `SELECT g.contact, coalesce(g.last, ${NOBODY}), g.orders, g.monetary, g.oldest, ${now}, ${movedBy(terms, values, from)} ` +
    `FROM g LEFT JOIN ${table} s ON s.contact = g.contact ` +
    "WHERE CASE WHEN s.contact IS NULL THEN g.last IS NOT NULL AND (SELECT c.status FROM contacts c WHERE c.id = g.contact) = 'verified' " +
    "ELSE s.last_order_at IS NOT g.last OR s.orders <> g.orders OR s.monetary <> g.monetary OR s.oldest_at IS NOT g.oldest END " +
    "ON CONFLICT (contact) DO UPDATE SET last_order_at = excluded.last_order_at, orders = excluded.orders, " +
    "monetary = excluded.monetary, oldest_at = excluded.oldest_at, moved_at = excluded.moved_at, moved_by = excluded.moved_by";
  return { text, values: values.list };
}

/** Takes whoever has no order any more that counts off the list. */
export function leaversSql(table: ScoreTable, scope: Scope): Statement {
  const values = new Values();
  return {
    text: `DELETE FROM ${table} INDEXED BY ${table}_leavers WHERE ${scopeSql(scope, "contact", values)} AND last_order_at = ${NOBODY}`,
    values: values.list,
  };
}

/** Those of whom others were merged into, and everybody of theirs: `family (head, member)`. */
function familySql(scope: Scope, values: Values): string {
  if (!("above" in scope)) {
    const heads = contactsSql(scope, values);
    return (
      `below(head, member) AS (SELECT m.merged_into, m.id FROM contacts m WHERE m.merged_into IN (${heads}) UNION ALL ` +
      "SELECT b.head, m.id FROM below b JOIN contacts m ON m.merged_into = b.member), " +
      "family(head, member) AS MATERIALIZED (SELECT head, member FROM below UNION SELECT head, head FROM below)"
    );
  }
  return (
    "up(member, at) AS (SELECT id, merged_into FROM contacts WHERE merged_into IS NOT NULL UNION ALL " +
    "SELECT u.member, c.merged_into FROM up u JOIN contacts c ON c.id = u.at WHERE c.merged_into IS NOT NULL), " +
    "family(head, member) AS MATERIALIZED (SELECT u.at, u.member FROM up u JOIN contacts c ON c.id = u.at " +
    `WHERE c.merged_into IS NULL AND ${scopeSql(scope, "u.at", values)} UNION SELECT u.at, u.at FROM up u)`
  );
}

/** SQL for an order (`o`) that a condition recognises. */
export function fits({ field, in: wanted }: OrderCondition, values: Values): string {
  return `coalesce(o.${field}, '') IN (SELECT value FROM json_each(${values.put(JSON.stringify(wanted))}))`;
}

/** Adds the orders of a source up by contact. Whoever has an order that is still to come is looked at again soon. */
function addedUp(
  source: string,
  counted: string,
  terms: FigureTerms,
  values: Values,
  { from, until }: { readonly from: string | undefined; readonly until: string | undefined },
): string {
  const { definition, base, rated, days } = terms;
  const { subscriptions, merge_same_day: merged } = definition;
  const shop = values.put(base);
  const worth = rated ? `coalesce(${inBaseSql(shop)}, 0)` : `iif(o.currency = ${shop}, o.net, 0)`;
  const weight = subscriptions
    ? `iif(${subscriptions.orders.map((one) => fits(one, values)).join(" OR ")}, ${values.put(subscriptions.weight)}, 1)`
    : "1";
  const rows = source.replace("%counted", counted);
  const inWindow = `o.placed_at >= ${from}`;
  const oldest = (least: string): string => `iif(k.last_order_at > ${until}, 0, ${least})`;
  if (!merged) {
    return (
      `SELECT k.contact, max(o.placed_at), sum(iif(${inWindow}, ${weight}, 0)), sum(iif(${inWindow}, ${worth}, 0)), ` +
      `${oldest(`min(iif(${inWindow}, o.placed_at, NULL))`)} ${rows} GROUP BY k.contact`
    );
  }
  const today = days.of(terms.asOf);
  const shifts = shiftsBetween(days, monthsBefore(today, definition.window_months) - 1, today + 1);
  return (
    "SELECT contact, max(last), sum(weight), sum(worth), min(oldest) FROM (SELECT k.contact, max(o.placed_at) AS last, " +
    `max(iif(${inWindow}, ${weight}, 0)) AS weight, sum(iif(${inWindow}, ${worth}, 0)) AS worth, ` +
    `${oldest(`min(iif(${inWindow}, o.placed_at, NULL))`)} AS oldest ${rows} ` +
    `GROUP BY k.contact, ${daySql("o.placed_at", shifts)}) GROUP BY contact`
  );
}

/** Why figures changed. A file that is loaded, a merge and what was told long ago are nothing that somebody just did. */
function movedBy({ because, since }: FigureTerms, values: Values, from: string | undefined): string {
  if (because) return values.put(because);
  const members = "SELECT g.contact UNION ALL SELECT member FROM family WHERE head = g.contact";
  const recent =
    `SELECT 1 FROM orders o WHERE o.contact IN (${members}) AND o.changed_at > ${values.put(since)} ` +
    "AND (o.source <> 'import' OR o.changed_at > o.placed_at)";
  // Most often it is a new order of their own, which is found at once by its time.
  const ordered =
    `g.last > ${values.put(since)} AND EXISTS (SELECT 1 FROM orders o WHERE o.contact = g.contact AND o.placed_at = g.last ` +
    "AND o.source <> 'import')";
  return `CASE WHEN ${ordered} OR EXISTS (${recent}) THEN 'act' WHEN s.oldest_at < ${from} THEN 'decay' ELSE 'import' END`;
}
