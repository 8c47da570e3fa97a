import { inBaseSql } from "../commerce/exchange";
import { SALE } from "../commerce/order";
import type { EarnedLine } from "./earned";
import { joinEarned } from "./earned";

const act = (kind: string): string =>
  `EXISTS (SELECT 1 FROM message_acts a WHERE a.contact = s.contact AND a.send = s.id AND a.kind = '${kind}')`;
// A message that a person has opened as well is theirs.
const machine = (kind: string, places: string): string =>
  `NOT ${act(kind)} AND EXISTS (SELECT 1 FROM message_hits h WHERE h.contact = s.contact AND h.send = s.id ` +
  `AND h.machine IS NOT NULL AND h.place ${places})`;

// By way of the scenario's runs, as messages have no index of their own by scenario.
const MESSAGES =
  "SELECT s.block, s.channel, s.content, count(*) AS sends, sum(s.state = 'sent') AS sent, " +
  `sum(${act("delivered")}) AS delivered, sum(${act("opened")}) AS opened, sum(${act("clicked")}) AS clicked, ` +
  `sum(${machine("opened", "= 'open'")}) AS machine_opened, sum(${machine("clicked", "<> 'open'")}) AS machine_clicked ` +
  "FROM runs r CROSS JOIN sends s ON s.contact = r.contact AND s.run = r.id WHERE r.scenario = ?1 " +
  "AND s.created_at >= ?2 AND s.created_at < ?3 GROUP BY 1, 2, 3";

const REFUNDED = inBaseSql("?4", { amount: "o.refunded", currency: "o.currency", at: "o.placed_at" });
const ORDERS =
  `SELECT a.block, a.channel, a.content, sum(${SALE}) AS orders, ` +
  `sum(iif(${SALE}, coalesce(${inBaseSql("?4")}, 0), 0)) AS revenue, sum(coalesce(${REFUNDED}, 0)) AS refunded, ` +
  `sum(${SALE} AND ${inBaseSql("?4")} IS NULL) AS unpriced FROM attributions a JOIN orders o ON o.order_id = a.order_id ` +
  "WHERE a.scenario = ?1 AND a.placed_at >= ?2 AND a.placed_at < ?3 GROUP BY 1, 2, 3";

/**
 * What a scenario's messages came to: messages made in a time, and orders placed in it (epoch ms, `to` left out). Orders
 * count by the last touch, as they stand now.
 */
export async function readEarned(
  db: D1Database,
  scenario: string,
  { from, to }: { readonly from: number; readonly to: number },
  currency: string,
): Promise<readonly EarnedLine[]> {
  const [messages, orders] = await db.batch([
    db.prepare(MESSAGES).bind(scenario, from, to),
    db.prepare(ORDERS).bind(scenario, from, to, currency),
  ]);
  return joinEarned([...(messages?.results ?? []), ...(orders?.results ?? [])] as Partial<EarnedLine>[]);
}
