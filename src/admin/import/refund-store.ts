import type { Bought } from "./refund";

/** The contacts behind user ids, and everybody who was merged with them: `family (name, member)`. */
const FAMILIES =
  "WITH RECURSIVE up(name, id) AS (SELECT identity, contact FROM identities WHERE identity IN (SELECT value FROM json_each(?1)) " +
  "UNION SELECT u.name, c.merged_into FROM up u JOIN contacts c ON c.id = u.id WHERE c.merged_into IS NOT NULL), " +
  "family(name, member) AS (SELECT name, id FROM up UNION " +
  "SELECT f.name, m.id FROM family f JOIN contacts m ON m.merged_into = f.member)";

/** What customers bought of products and have not brought back, and the refunds that they had. */
export async function boughtBy(
  db: D1Database,
  users: readonly string[],
  skus: readonly string[],
): Promise<{ bought: Bought[]; refunds: ReadonlySet<string> }> {
  const names = JSON.stringify(users.map((user) => `u:${user}`));
  const lines =
    `${FAMILIES} SELECT substr(f.name, 3) AS user, o.order_id AS "order", o.placed_at AS placedAt, o.currency, ` +
    "l.product_id AS product, coalesce(l.sku, l.product_id) AS sku, sum(l.quantity - l.returned_qty) AS left, " +
    "json_group_array(l.unit_price) AS prices FROM family f JOIN orders o ON o.contact = f.member " +
    "JOIN order_lines l ON l.order_id = o.order_id WHERE l.quantity > 0 AND l.unit_price > 0 AND o.status <> 'cancelled' " +
    "AND coalesce(l.sku, l.product_id) IN (SELECT value FROM json_each(?2)) " +
    "GROUP BY f.name, o.order_id, l.product_id, coalesce(l.sku, l.product_id)";
  const refunds =
    `${FAMILIES} SELECT r.value ->> 'id' AS id FROM family f JOIN orders o ON o.contact = f.member, json_each(o.refunds) r ` +
    "WHERE o.refunds IS NOT NULL";
  const [found, known] = await db.batch([
    db.prepare(lines).bind(names, JSON.stringify(skus)),
    db.prepare(refunds).bind(names),
  ]);
  const rows = (found?.results ?? []) as (Omit<Bought, "prices"> & { prices: string })[];
  const bought = rows.map((row) => ({ ...row, prices: JSON.parse(row.prices) as number[] }));
  return { bought, refunds: new Set(((known?.results ?? []) as { id: string }[]).map(({ id }) => id)) };
}
