import { negated, sumOf } from "../../shared/decimal";
import { MID, midIn } from "../../shared/mid";
import type { Body } from "./body";
import { id, named, needed, part, parts, text, time, whole } from "./body";
import type { Occasion } from "./connector";
import { lastOf, shippingOf } from "./shopify-shipment";
import type { LineStatement, OrderStatement, RefundStatement, Subject } from "./tell";

/**
 * Whom an order, a checkout or a customer record is about. A customer has the address of their record: an order may be
 * sent to any other. One that the shop calls unverified proves nothing.
 */
export function customerOf(body: Body, customer: Body = part(body["customer"])): Subject {
  const user = id(customer["id"]);
  const typed = user === null ? (text(body["email"]) ?? text(body["contact_email"])) : null;
  return { user, email: customer["verified_email"] === false ? null : (text(customer["email"]) ?? typed) };
}

/** A variant's key in the catalogue: its SKU, or its id where the shop gave none. */
function skuOf(line: Body): string {
  return text(line["sku"]) ?? id(line["variant_id"]) ?? id(line["id"]) ?? "none";
}

export function lineOf(line: Body): LineStatement {
  const allocated = sumOf(parts(line["discount_allocations"]).map(({ amount }) => amount));
  return {
    product_id: id(line["product_id"]) ?? `line-${skuOf(line)}`,
    sku: skuOf(line),
    name: text(line["title"]) ?? text(line["name"]),
    variant: text(line["variant_title"]),
    brand: text(line["vendor"]),
    quantity: whole(line["quantity"]) ?? 1,
    price: text(line["price"]),
    discount: allocated === "0" ? text(line["total_discount"]) : allocated,
  };
}

function statusOf(order: Body): OrderStatement["status"] {
  const { financial_status: paid, fulfillment_status: sent } = order;
  if (time(order["cancelled_at"]) !== null || paid === "voided" || paid === "expired") return "cancelled";
  if (paid === "refunded") return "refunded";
  if (sent !== "fulfilled") return paid === "pending" ? "pending" : "confirmed";
  return shippingOf(order);
}

/** Amounts are the shop's money, never those that the customer was shown in another currency. */
export function orderOf(order: Body, { sentAt, currency }: Occasion): OrderStatement {
  const placedAt = time(order["created_at"]) ?? sentAt;
  const status = statusOf(order);
  const to = part(order["shipping_address"]);
  const shipping = part(part(order["total_shipping_price_set"])["shop_money"])["amount"];
  return {
    id: needed(order, "id"),
    who: customerOf(order),
    number: text(order["name"]),
    placedAt,
    updatedAt: time(order["updated_at"]) ?? placedAt,
    status,
    deliveredAt: status === "delivered" ? lastOf(order, "updated_at") : null,
    currency: text(order["currency"]) ?? currency,
    total: order["total_price"],
    subtotal: order["subtotal_price"],
    shipping: shipping ?? sumOf(parts(order["shipping_lines"]).map(({ price }) => price)),
    tax: order["total_tax"],
    discount: order["total_discounts"],
    coupon: text(parts(order["discount_codes"])[0]?.["code"]),
    mid: named(order["note_attributes"], "name", MID) ?? midIn(text(order["landing_site"]) ?? ""),
    channel: order["source_name"] === "pos" ? "pos" : "web",
    store: id(order["location_id"]),
    lines: parts(order["line_items"]).map(lineOf),
    address: { street: to["address1"], zip: to["zip"], country: to["country_code"] },
  };
}

const REFUSED: ReadonlySet<unknown> = new Set(["failure", "error"]);

function paymentsBack(refund: Body): readonly Body[] {
  return parts(refund["transactions"]).filter(({ kind }) => kind === "refund");
}

/**
 * Whether a refund's money is on its way still, or never went. Its id is told once only, with what it comes to: the order
 * tells of it again when it did.
 */
export function isOpen(refund: Body): boolean {
  const states = paymentsBack(refund).map(({ status }) => status);
  const isSettled = states.every((status) => status === "success" || REFUSED.has(status));
  return !isSettled || (states.length > 0 && !states.includes("success"));
}

/** Whether a refund only tries the shop's payments out. */
export function isTrial(refund: Body): boolean {
  return parts(refund["transactions"]).some(({ test }) => test === true);
}

/** What was paid back, in the shop's money; of a payment in another currency it is worked out of the lines. */
export function refundOf(
  refund: Body,
  order: string,
  who: Subject,
  shopCurrency: string | null,
  at: number,
): RefundStatement {
  const lines = parts(refund["refund_line_items"]);
  const money = (set: unknown): Body => part(part(set)["shop_money"]);
  const stated = [...lines, ...parts(refund["order_adjustments"])]
    .map((line) => text(money(line["subtotal_set"] ?? line["amount_set"])["currency_code"]))
    .find((found) => found !== null);
  const currency = stated ?? shopCurrency;
  const paid = paymentsBack(refund).filter(({ status }) => status === "success");
  const isOurs = paid.every(({ currency: of }) => currency === null || text(of) === null || text(of) === currency);
  const worth = lines.flatMap((line) => [
    money(line["subtotal_set"])["amount"] ?? line["subtotal"] ?? 0,
    money(line["total_tax_set"])["amount"] ?? line["total_tax"] ?? 0,
  ]);
  // An adjustment of -5.00 for shipping means that 5.00 more went back.
  const adjusted = parts(refund["order_adjustments"]).flatMap((one) => [
    negated(money(one["amount_set"])["amount"] ?? one["amount"] ?? 0),
    negated(money(one["tax_amount_set"])["amount"] ?? one["tax_amount"] ?? 0),
  ]);
  const total = isOurs ? sumOf(paid.map(({ amount }) => amount)) : sumOf([...worth, ...adjusted]);
  return {
    id: needed(refund, "id"),
    order,
    who,
    at: time(refund["processed_at"]) ?? time(refund["created_at"]) ?? at,
    total: total === null || total.startsWith("-") ? "0" : total,
    lines: lines.map((line) => {
      const { product_id, sku } = lineOf(part(line["line_item"]));
      return { product_id, sku, quantity: whole(line["quantity"]) ?? 1 };
    }),
    reason: text(refund["note"]),
  };
}
