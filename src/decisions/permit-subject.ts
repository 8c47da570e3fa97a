import { familyOf } from "../contacts/wanted";
import { DAY } from "../shared/clock";

/** A case that nobody closed in so long is forgotten by the shop, not open. */
const CASE_KEPT = 90 * DAY;

/**
 * SQL: true for a send of marketing while its person has an open case (ticket, complaint, return, undelivered order) about
 * the same thing: the order or product that the message is about, one in its cart, or nothing in particular, which is
 * about the shop. `head` is an expression for the row of whoever stands for the contact, ?2 now.
 */
export function openCaseSql(send: string, head: string): string {
  const at = (path: string): string => `json_extract(${send}.data, '$.${path}')`;
  return (
    `(${send}.class = 'marketing' AND EXISTS (SELECT 1 FROM crm_events e WHERE e.contact IN (${familyOf(head)}) ` +
    `AND e.closed_at IS NULL AND e.opened_at > ?2 - ${CASE_KEPT} ` +
    `AND ((e.order_id IS NULL AND e.product_id IS NULL) OR e.order_id = ${at("about.order")} ` +
    `OR e.product_id = ${at("about.product")} OR e.product_id IN (SELECT value ->> 'product_id' FROM json_each(${at("cart.lines")})))))`
  );
}

const at = (send: string, path: string): string => `json_extract(${send}.data, '$.${path}')`;

/** SQL for how many there are at ?2 of the product that a send is about; NULL where nobody counts them. */
export function stockSql(send: string): string {
  return (
    "(SELECT max(stock) FROM (SELECT h.stock, max(h.effective_from) FROM stock_history h " +
    `WHERE h.product_id = ${at(send, "about.product")} AND h.sku = coalesce(${at(send, "about.sku")}, h.sku) ` +
    "AND h.effective_from <= ?2 GROUP BY h.sku))"
  );
}

/** SQL for the price at ?2, minor units, of what a send is about. */
export function priceSql(send: string): string {
  return (
    `(SELECT h.price FROM price_history h WHERE h.product_id = ${at(send, "about.product")} ` +
    `AND h.sku = ${at(send, "about.sku")} AND h.effective_from <= ?2 ORDER BY h.effective_from DESC LIMIT 1)`
  );
}

/**
 * SQL: why a send's content holds no more (point 14), as far as the database knows; NULL where it does. A coupon that was
 * used or is over; a product that is sold out; a price that went up again since it was the news.
 */
export function goneSql(send: string): string {
  const of = (path: string): string => at(send, path);
  return (
    "CASE " +
    `WHEN ${of("coupon.until")} <= ?2 THEN 'coupon_over' ` +
    `WHEN EXISTS (SELECT 1 FROM coupons k WHERE k.code = ${of("coupon.code")} AND k.redeemed_at IS NOT NULL) THEN 'coupon_used' ` +
    `WHEN ${send}.class = 'marketing' AND ${of("about.product")} IS NOT NULL AND ${stockSql(send)} <= 0 THEN 'out_of_stock' ` +
    `WHEN ${send}.class = 'marketing' AND ${of("about.price")} < ${priceSql(send)} THEN 'price_changed_back' END`
  );
}
