import { GUEST } from "../../contacts/identity";
import type { KnownOrder } from "./order-events";

/** What is known of orders, with the numbers of their lines. */
export async function knownOrders(db: D1Database, ids: readonly string[]): Promise<ReadonlyMap<string, KnownOrder>> {
  const among = "order_id IN (SELECT value FROM json_each(?1))";
  const bound = JSON.stringify(ids);
  const [orders, lines] = await db.batch([
    db
      .prepare(
        "SELECT order_id, contact, currency, total, placed_at, lined, " +
          `c.status = 'anonymous' AND c.anonymous_id = '${GUEST}' || order_id AS guest ` +
          `FROM orders JOIN contacts c ON c.id = contact WHERE ${among}`,
      )
      .bind(bound),
    db
      .prepare(`SELECT order_id, json_group_array(line) AS lines FROM order_lines WHERE ${among} GROUP BY order_id`)
      .bind(bound),
  ]);
  const numbers = new Map(
    ((lines?.results ?? []) as { order_id: string; lines: string }[]).map(({ order_id, lines: all }) => [
      order_id,
      new Set(JSON.parse(all) as number[]),
    ]),
  );
  const rows = (orders?.results ?? []) as {
    order_id: string;
    contact: number;
    currency: string;
    total: number;
    placed_at: number;
    lined: KnownOrder["lined"];
    guest: number;
  }[];
  return new Map(
    rows.map(({ order_id, guest, placed_at: placedAt, ...row }) => [
      order_id,
      { ...row, placedAt, isGuests: guest === 1, lines: numbers.get(order_id) ?? new Set<number>() },
    ]),
  );
}
