import type { Properties } from "../events/event";
import type { ApplyContext } from "../events/projection";
import type { Order, OrderSummary } from "./order";
import { netOf } from "./order";
import type { OrderLine } from "./order-line";
import { returnedOf } from "./refund";

/** What is told anew of an order beside its status. Null leaves what is there. */
interface Details {
  readonly deliveredAt?: number | null;
  readonly restated?: Order;
  /** Which of its amounts and lines the event states. */
  readonly stated?: Properties;
  /** Lines that come to those that are known. */
  readonly added?: readonly OrderLine[];
}

export type Changed = readonly [order: OrderSummary, details: Details];

/** Puts an order that is new, with its lines. */
export function putOrder(order: Order, context: ApplyContext): void {
  if (!context.rows.isKept) return;
  const money = [order.currency, order.total, order.discount, order.tax, order.shipping, order.refunded];
  const shown = JSON.stringify(order.shown);
  const fields = [order.status, order.placedAt, ...money, order.coupon, shown, context.event.trust];
  const more = [order.number, order.store, order.channel, order.gross, netOf(order), order.isGift ? 1 : 0];
  const last = [order.changedAt, order.deliveredAt, order.lined ?? null, order.statedAt ?? null];
  context.rows.put("orders", order.id, [order.id, context.record.id, ...fields, ...more, ...last]);
  putLines("order_lines", order, order.lines, context);
}

/** Where a change's cells begin that may be left out: those of an earlier change in the same group stay. */
const OPTIONAL = 7;

/** Puts what was told anew of an order. */
export function putChange(
  order: OrderSummary,
  { deliveredAt = null, restated, stated, added }: Details,
  context: ApplyContext,
): void {
  if (!context.rows.isKept) return;
  const told = <Value>(name: string, value: Value | undefined): Value | null =>
    stated?.[name] === undefined || value === undefined ? null : value;
  const lines = Array.isArray(stated?.["products"]) ? restated?.lines : undefined;
  const { id, status, refunded, refunds, changedAt } = order;
  const packed = refunds.length > 0 ? JSON.stringify(refunds) : null;
  const fixed = [id, order.origin ?? context.record.id, status, refunded, netOf(order), packed, changedAt];
  const optional = [
    deliveredAt,
    restated || added ? order.total : null,
    restated ? order.shipping : null,
    told("discount", restated?.discount),
    told("tax", restated?.tax),
    lines ? (restated?.gross ?? null) : added && order.lined === "made" ? order.total : null,
    lines || added ? JSON.stringify(order.shown) : null,
    restated?.number ?? null,
    restated?.store ?? null,
    told("channel", restated?.channel),
    told("is_gift", restated?.isGift === true ? 1 : 0),
    added ? order.placedAt : null,
    added || restated ? (order.lined ?? null) : null,
    restated ? (order.statedAt ?? null) : null,
  ];
  const before = context.rows.at("order_changes", id);
  const merged = optional.map((cell, index) => cell ?? before?.[OPTIONAL + index] ?? null);
  context.rows.put("order_changes", id, [...fixed, ...merged]);
  if (added) putLines("order_lines", order, added, context);
  if (!lines) return;
  putLines("order_line_changes", order, lines, context, [0]);
  context.rows.put("order_lines_cut", id, [id, lines.length]);
  putReturns(order, context);
}

function putLines(
  table: string,
  order: Pick<OrderSummary, "id" | "origin">,
  lines: readonly OrderLine[],
  context: ApplyContext,
  last: readonly unknown[] = [],
): void {
  lines.forEach((line, index) => {
    const { product_id, sku, name, category, brand, quantity, price, url, image } = line;
    const known = [product_id, sku, name, category, brand, quantity, price, url, image];
    const more = [line.unitPrice, line.total, line.discount, line.isGift ? 1 : 0, ...last];
    const contact = order.origin ?? context.record.id;
    const number = line.number ?? index;
    context.rows.put(table, `${order.id}|${number}`, [order.id, number, contact, ...known, ...more]);
  });
}

/** Puts how much of each line came back, over all refunds: said again, it is the same. */
export function putReturns(order: OrderSummary, context: ApplyContext): void {
  for (const [product, sku, quantity] of returnedOf(order.refunds, order.total)) {
    context.rows.put("order_returns", JSON.stringify([order.id, product, sku]), [order.id, product, sku, quantity]);
  }
}
