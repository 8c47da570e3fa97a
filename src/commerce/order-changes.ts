import type { Properties } from "../events/event";
import { isFromServer, isHistory } from "../events/event";
import type { ApplyContext } from "../events/projection";
import { parseTime } from "../events/time";
import { parseMajor } from "../shared/money";
import { plainString } from "./cart";
import type { Order, OrderStatus, OrderSummary } from "./order";
import { ORDER_STATUSES, orderIdentity, readOrder, summaryOf } from "./order";
import type { Changed } from "./order-rows";
import { putChange, putOrder, putReturns } from "./order-rows";
import { addRefund, readRefund, refundedOf, restateRefunds } from "./refund";
import type { Change, Commerce } from "./slice";
import { commerceOf, putCart, putMetrics } from "./slice";
import { awaitOrder, takeWaiting } from "./waiting";

/** What events change of an order, by lower-case name. */
export const ORDER_CHANGES: Readonly<Record<string, Change>> = {
  "order completed": (slice, properties, context, shopCurrency) => {
    const order = statedOrder(properties, context, shopCurrency);
    const isKnown = knows(slice, order.id) || context.ownerOf(orderIdentity(order.id)) !== null;
    takeOrder(slice, order, context, shopCurrency);
    const { restates, refunded } = properties;
    const isAnew = isHistory(context.event) && restates === true && (isKnown || refunded !== undefined);
    // Totals that somebody states count before those that were made of imported lines.
    const change = (one: OrderSummary) => (isAnew || one.lined === "made" ? restate(one, properties, context) : null);
    if (isAnew || isKnown) changeOrder(slice, properties, context, shopCurrency, change);
  },
  "order updated": (slice, properties, context, shopCurrency) =>
    changeOrder(slice, properties, context, shopCurrency, (order) => update(order, properties, context)),
  "order shipped": moves("shipped"),
  "order delivered": moves("delivered"),
  "order cancelled": moves("cancelled"),
  "order refunded": (slice, properties, context, shopCurrency) =>
    changeOrder(slice, properties, context, shopCurrency, (order) => refund(order, properties, context)),
};

function moves(status: OrderStatus): Change {
  return (slice, properties, context, shopCurrency) =>
    changeOrder(slice, properties, context, shopCurrency, (order) => withStatus(order, status, properties, context));
}

function knows(slice: Commerce, id: string): boolean {
  return slice.orders.some((order) => order.id === id);
}

/** A whole order. It was placed when it says so, or at the event's own time. */
function statedOrder(properties: Properties, { event }: ApplyContext, shopCurrency: string): Order {
  const status = statusOf(properties["status"]) ?? "confirmed";
  const order = readOrder(properties, status, event.at, `ev-${event.id}`, shopCurrency);
  const placedAt = isFromServer(event) ? parseTime(properties["placed_at"]) : null;
  return placedAt === null ? order : { ...order, placedAt: Math.min(placedAt, event.at) };
}

/** Whether an event tells a whole order, of which one can be made: a shop's webhook says when it was placed. */
function isWhole({ event }: ApplyContext, properties: Properties): boolean {
  return event.name.toLowerCase() === "order updated" && parseTime(properties["placed_at"]) !== null;
}

/** Takes an order in that is not known yet. */
export function takeOrder(slice: Commerce, order: Order, context: ApplyContext, shopCurrency: string): void {
  const { event } = context;
  // The same order again, under another message id: known for ever by its own id.
  if (knows(slice, order.id)) return;
  const cart = slice.cart;
  slice.closedAt = Math.max(slice.closedAt ?? 0, order.placedAt);
  if (cart && order.placedAt >= cart.openedAt) {
    putCart(cart, "converted", context);
    slice.cart = null;
  }
  const inCart =
    cart?.lines.some((line) => order.lines.some(({ product_id }) => product_id === line.product_id)) ?? false;
  context.happen({ type: "order", at: order.placedAt, order: order.id, cart: cart?.id ?? null, inCart });
  // A public key only claims: its order ends what would bother the customer, and is no sale. Nor is an order that
  // another contact holds: it is known for ever as theirs.
  const identity = orderIdentity(order.id);
  if (!isFromServer(event) || context.ownerOf(identity) !== null) return;
  context.claim(identity);
  slice.orders = [...slice.orders, summaryOf(order)];
  putOrder(order, context);
  putMetrics(slice, context, shopCurrency);
  for (const waited of takeWaiting(order.id, context)) {
    const { name, properties, ...rest } = waited;
    ORDER_CHANGES[name.toLowerCase()]?.(
      slice,
      properties,
      { ...context, event: { ...event, ...waited } },
      shopCurrency,
    );
    context.happen({ type: "event", ...rest, name, properties });
  }
}

function changeOrder(
  slice: Commerce,
  properties: Properties,
  context: ApplyContext,
  shopCurrency: string,
  change: (order: OrderSummary) => Changed | null,
): void {
  const id = plainString(properties["order_id"]);
  if (!isFromServer(context.event) || id === null) return;
  // Whoever the event is about: an order is its owner's.
  const owner = knows(slice, id) ? context : context.ownerOf(orderIdentity(id));
  if (owner) changeOwn(commerceOf(owner.record), id, owner, shopCurrency, change);
  else if (!isWhole(context, properties)) awaitOrder(slice, id, context);
  else takeOrder(slice, statedOrder(properties, context, shopCurrency), context, shopCurrency);
}

/** Changes an order of the contact whose context it is. */
export function changeOwn(
  slice: Commerce,
  id: string,
  context: ApplyContext,
  shopCurrency: string,
  change: (order: OrderSummary) => Changed | null,
): void {
  const known = slice.orders.find((order) => order.id === id);
  if (!known) return;
  const result = change(known);
  if (result === null) return;
  const [changed, details] = result;
  slice.orders = slice.orders.map((order) => (order === known ? changed : order));
  putChange(changed, details, context);
  if (changed.refunds !== known.refunds) putReturns(changed, context);
  putMetrics(slice, context, shopCurrency);
  context.happen({ type: "order_changed", at: context.event.at, order: changed.id, status: changed.status });
}

/** The status of an event, unless the order's is newer. A delivery has its date whenever it is heard of. */
function withStatus(
  order: OrderSummary,
  status: OrderStatus | null,
  properties: Properties,
  { event }: ApplyContext,
): Changed {
  const stated = parseTime(properties["delivered_at"]);
  const deliveredAt = stated ?? (status === "delivered" ? event.at : null);
  if (status === null || event.at < order.changedAt) return [order, { deliveredAt }];
  // Of two that were told of the same second the further one counts, whichever came first.
  if (event.at === order.changedAt && rankOf(status) < rankOf(order.status)) return [order, { deliveredAt }];
  return [{ ...order, status, changedAt: event.at }, { deliveredAt }];
}

function rankOf(status: OrderStatus): number {
  return ORDER_STATUSES.indexOf(status);
}

function update(order: OrderSummary, properties: Properties, context: ApplyContext): Changed {
  const { event } = context;
  const [moved, details] = withStatus(order, statusOf(properties["status"]), properties, context);
  if (event.at < (order.statedAt ?? order.changedAt)) return [moved, details];
  const restated = readOrder(
    { ...properties, currency: order.currency },
    moved.status,
    order.placedAt,
    order.id,
    order.currency,
  );
  const isStated = (name: string): boolean => parseMajor(properties[name], order.currency) !== null;
  const isTotalled = isStated("total") || isStated("revenue");
  const total = isTotalled ? restated.total : order.total;
  const shipping = isStated("shipping") ? restated.shipping : order.shipping;
  const isLined = Array.isArray(properties["products"]);
  const shown = isLined ? restated.shown : order.shown;
  // Lines that are stated take the place of imported ones; a total that is stated no longer follows from those.
  const kept = isTotalled && order.lined === "made" ? "added" : order.lined;
  const lined = isLined && order.lined ? "own" : kept;
  const refunded = refundedOf(order.refunds, total);
  const times = { changedAt: Math.max(order.changedAt, event.at), statedAt: event.at };
  const changed = { ...moved, total, shipping, shown, refunded, lined, ...times };
  return [changed, { ...details, restated, stated: properties }];
}

function refund(order: OrderSummary, properties: Properties, { event }: ApplyContext): Changed | null {
  const refund = readRefund(properties, order, event.id);
  // The same refund under another message id.
  if (order.refunds.some(({ id }) => id === refund.id)) return null;
  const refunds = addRefund(order.refunds, refund, event.at);
  const refunded = refundedOf(refunds, order.total);
  const status = refunded >= order.total ? "refunded" : "partially_refunded";
  const isNews = event.at >= order.changedAt || status === "refunded";
  const changedAt = Math.max(order.changedAt, event.at);
  return [{ ...order, refunds, refunded, ...(isNews && { status, changedAt }) }, {}];
}

/** An order as a file of orders states it anew, with what came back of it in all; nothing older undoes anything. */
function restate(order: OrderSummary, properties: Properties, context: ApplyContext): Changed | null {
  if (context.event.at < order.changedAt) return null;
  const [updated, details] = update(order, properties, context);
  const changed = { ...updated, status: statusOf(properties["status"]) ?? updated.status };
  const stated = parseMajor(properties["refunded"], order.currency);
  if (stated === null) return [changed, details];
  const refunds = restateRefunds(changed.refunds, Math.min(stated, changed.total), context.receivedAt);
  const refunded = refundedOf(refunds, changed.total);
  const part = refunded >= changed.total ? "refunded" : "partially_refunded";
  const status = refunded === 0 || changed.status === "cancelled" ? changed.status : part;
  return [{ ...changed, refunds, refunded, status }, details];
}

function statusOf(value: unknown): OrderStatus | null {
  const known: Readonly<Record<string, OrderStatus>> = {
    pending: "pending",
    confirmed: "confirmed",
    completed: "confirmed",
    paid: "confirmed",
    shipped: "shipped",
    in_transit: "in_transit",
    delivered: "delivered",
    cancelled: "cancelled",
    refunded: "refunded",
    partially_refunded: "partially_refunded",
  };
  const name = typeof value === "string" ? value.toLowerCase() : "";
  return Object.hasOwn(known, name) ? (known[name] ?? null) : null;
}
