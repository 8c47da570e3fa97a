import { inBaseSql } from "../../commerce/exchange";
import { SALE } from "../../commerce/order";
import type { RfmDefinition } from "./definition";
import type { ScoreTable } from "./figures-sql";
import { fits, Values } from "./figures-sql";
import { rowsOf } from "./rfm-store";

/** What was earned on orders of which all lines have a known margin, and how many those are. Minor units of the shop's currency. */
export interface Margin {
  readonly margin: number;
  readonly orders: number;
}

/** The orders whose margin is asked for: from one moment to another (epoch ms), by the shop's currency and definition. */
export interface MarginTerms {
  readonly from: number;
  readonly to: number;
  readonly base: string;
  readonly definition: Pick<RfmDefinition, "exclude_orders">;
}

const MARGIN = "sum(CAST(round((e.net - e.cost) * 1.0 * e.worth / e.net) AS INTEGER)) AS margin, count(*) AS orders";

/**
 * Of an order the margin is what is left of its net value after what its goods cost: their price before discounts, less
 * the margin of the product; what came back cost nothing. It is converted as the order's net value is. Orders are those
 * that the money of the scores counts.
 */
function earnedSql({ from, to, base, definition }: MarginTerms, values: Values): string {
  const excluded = definition.exclude_orders.map((condition) => ` AND NOT ${fits(condition, values)}`);
  return (
    `SELECT o.contact, o.net, ${inBaseSql(values.put(base))} AS worth, (SELECT iif(count(*) = count(p.margin_pct), ` +
    "sum(l.total * (1 - p.margin_pct / 100.0) * (l.quantity - l.returned_qty) / l.quantity), NULL) FROM order_lines l " +
    "LEFT JOIN products p ON p.product_id = l.product_id WHERE l.order_id = o.order_id) AS cost FROM orders o " +
    `WHERE ${SALE} AND o.placed_at >= ${values.put(from)} AND o.placed_at <= ${values.put(to)}${excluded.join("")}`
  );
}

/** Whether any product has a margin: without one there is nothing to add up. */
export async function hasMargins(db: D1Database): Promise<boolean> {
  return (await db.prepare("SELECT 1 FROM products WHERE margin_pct IS NOT NULL LIMIT 1").first()) !== null;
}

/**
 * The margin of contacts, by contact.
 *
 * @param contacts rows of heads
 */
export async function readMargins(
  db: D1Database,
  contacts: readonly number[],
  terms: MarginTerms,
): Promise<Map<number, Margin>> {
  const values = new Values();
  const heads = values.put(JSON.stringify(contacts));
  const text =
    `WITH RECURSIVE family(head, member) AS (SELECT value, value FROM json_each(${heads}) UNION ALL SELECT f.head, m.id ` +
    `FROM family f JOIN contacts m ON m.merged_into = f.member), earned AS (${earnedSql(terms, values)} ` +
    `AND o.contact IN (SELECT member FROM family)) SELECT f.head AS contact, ${MARGIN} FROM family f ` +
    "JOIN earned e ON e.contact = f.member WHERE e.cost IS NOT NULL AND e.worth IS NOT NULL GROUP BY f.head";
  const rows = await rowsOf<Margin & { readonly contact: number }>(db, { text, values: values.list });
  return new Map(rows.map(({ contact, margin, orders }) => [contact, { margin, orders }]));
}

/** The margin by segment of a table, over everybody. */
export async function readSegmentMargins(
  db: D1Database,
  table: ScoreTable,
  terms: MarginTerms,
): Promise<Map<string, Margin>> {
  const values = new Values();
  const text =
    "WITH RECURSIVE up(member, at) AS (SELECT id, merged_into FROM contacts WHERE merged_into IS NOT NULL UNION ALL " +
    "SELECT u.member, c.merged_into FROM up u JOIN contacts c ON c.id = u.at WHERE c.merged_into IS NOT NULL), " +
    `earned AS (${earnedSql(terms, values)}) SELECT s.segment, ${MARGIN} FROM earned e ` +
    `JOIN ${table} s ON s.contact = coalesce((SELECT u.at FROM up u JOIN contacts c ON c.id = u.at WHERE u.member = e.contact ` +
    "AND c.merged_into IS NULL), e.contact) WHERE e.cost IS NOT NULL AND e.worth IS NOT NULL AND s.segment IS NOT NULL " +
    "GROUP BY s.segment";
  const rows = await rowsOf<Margin & { readonly segment: string }>(db, { text, values: values.list });
  return new Map(rows.map(({ segment, margin, orders }) => [segment, { margin, orders }]));
}
