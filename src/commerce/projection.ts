import { profileOf } from "../contacts/profile";
import type { Properties } from "../events/event";
import { isBehaviour, isFromServer } from "../events/event";
import type { ApplyContext, ContactRecord, Projection } from "../events/projection";
import type { FieldError } from "../shared/fault";
import { parseMajor } from "../shared/money";
import type { Cart, Line } from "./cart";
import { addLine, cartValue, plainString, readLine, readLines, removeLine, sameLines } from "./cart";
import type { Order, OrderStatus, OrderSummary } from "./order";
import { currencyOf, metricsOf, readOrder } from "./order";

/** The commerce folder's slice: what is open and what was bought. */
export interface Commerce {
  cart: Cart | null;
  orders: readonly OrderSummary[];
  /** When the last order was placed that closed a cart; a cart event of before comes late and opens nothing. */
  closedAt: number | null;
}

/** The commerce slice of a record. */
export function commerceOf(record: ContactRecord): Commerce {
  return record.slices["commerce"] as Commerce;
}

type Change = (slice: Commerce, properties: Properties, context: ApplyContext, shopCurrency: string) => void;

/** What the events of Segment's Ecommerce Spec v2 change here, by lower-case name. The one place to add one. */
const CHANGES: Readonly<Record<string, Change>> = {
  "product added": (slice, properties, context, shopCurrency) => {
    const currency = currencyOf(properties, slice.cart?.currency ?? shopCurrency);
    const line = readLine(properties, currency);
    if (line) setLines(slice, properties, addLine(slice.cart?.lines ?? [], line), currency, context);
  },
  "product removed": (slice, properties, context) => {
    const id = plainString(properties["product_id"]) ?? plainString(properties["sku"]);
    if (!slice.cart || id === null) return;
    const quantity = typeof properties["quantity"] === "number" ? properties["quantity"] : null;
    setLines(slice, properties, removeLine(slice.cart.lines, id, quantity), slice.cart.currency, context);
  },
  "cart viewed": replaceLines,
  "cart updated": replaceLines,
  "checkout started": replaceLines,
  "cart emptied": (slice, properties, context) => {
    if (slice.cart) setLines(slice, properties, [], slice.cart.currency, context);
  },
  "order completed": (slice, properties, context, shopCurrency) =>
    takeOrder(
      slice,
      readOrder(properties, "confirmed", context.event.at, `ev-${context.event.id}`, shopCurrency),
      context,
      shopCurrency,
    ),
  "order updated": (slice, properties, context, shopCurrency) => {
    const status = statusOf(properties["status"]);
    changeOrder(slice, properties, context, shopCurrency, (order) => (status === null ? order : { ...order, status }));
  },
  "order cancelled": (slice, properties, context, shopCurrency) =>
    changeOrder(slice, properties, context, shopCurrency, (order) => ({ ...order, status: "cancelled" })),
  "order refunded": (slice, properties, context, shopCurrency) =>
    changeOrder(slice, properties, context, shopCurrency, (order) => {
      const stated = parseMajor(properties["total"] ?? properties["revenue"], order.currency);
      const refunded = Math.min(order.total, stated === null ? order.total : order.refunded + stated);
      return { ...order, refunded, status: refunded >= order.total ? "refunded" : "partially_refunded" };
    }),
};

/** An event may be called anything, `__proto__` too. */
function changeOf(event: string): Change | undefined {
  const name = event.toLowerCase();
  return Object.hasOwn(CHANGES, name) ? CHANGES[name] : undefined;
}

/** Carts and orders out of events, in the shop's currency where an event names none. */
export function commerceProjection(shopCurrency: string): Projection<Commerce> {
  return {
    empty: () => ({ cart: null, orders: [], closedAt: null }),
    copy: (slice) => ({ ...slice }),
    apply(slice, context) {
      const { event, record } = context;
      // Whoever became known with a cart open brings it along, as old as its last activity.
      if (profileOf(record).verifiedBy === event.id && slice.cart) handOver(slice.cart, record.seenAt, context);
      const change = event.type === "track" ? changeOf(event.name) : undefined;
      const before = slice.cart;
      if (change) change(slice, event.properties ?? {}, context, shopCurrency);
      if (isBehaviour(event) && before !== null && slice.cart === before)
        context.happen({ type: "activity", at: event.at });
      if (event.type === "track") {
        context.happen({
          type: "event",
          at: event.at,
          id: event.id,
          name: event.name,
          properties: event.properties ?? {},
        });
      }
    },
    absorb(slice, visitor, context) {
      const cart = visitor.cart;
      if (!cart || (slice.cart && slice.cart.changedAt > cart.changedAt)) return;
      if (slice.cart) putCart(slice.cart, "replaced", context);
      slice.cart = cart;
      visitor.cart = null;
      putCart(cart, "active", context);
      handOver(cart, context.record.seenAt, context);
    },
  };
}

function handOver(cart: Cart, seenAt: number, context: ApplyContext): void {
  context.happen({ type: "cart", at: cart.changedAt, seenAt: Math.max(seenAt, cart.changedAt), cart: cart.id });
}

function replaceLines(slice: Commerce, properties: Properties, context: ApplyContext, shopCurrency: string): void {
  const currency = currencyOf(properties, slice.cart?.currency ?? shopCurrency);
  const lines = readLines(properties, currency);
  // Looking at a cart is not changing it.
  if (lines === null || (slice.cart && sameLines(slice.cart.lines, lines))) return;
  if (lines.length > 0 || slice.cart) setLines(slice, properties, lines, currency, context);
}

function setLines(
  slice: Commerce,
  properties: Properties,
  lines: readonly Line[],
  currency: string,
  context: ApplyContext,
): void {
  const { event } = context;
  if (slice.cart === null && slice.closedAt !== null && event.at < slice.closedAt) return;
  const stated = plainString(properties["cart_id"]);
  const open = slice.cart !== null && (stated === null || stated === slice.cart.id) ? slice.cart : null;
  if (slice.cart && !open) putCart(slice.cart, "replaced", context);
  if (lines.length === 0) {
    slice.cart = null;
    if (open) {
      putCart({ ...open, lines, changedAt: event.at }, "emptied", context);
      context.happen({ type: "emptied", at: event.at, cart: open.id });
    }
    return;
  }
  const row = open?.row ?? context.nextId("carts");
  const id = open?.id ?? stated ?? `cart-${row}`;
  slice.cart = { row, id, openedAt: open?.openedAt ?? event.at, changedAt: event.at, currency, lines };
  putCart(slice.cart, "active", context);
  context.happen({ type: "cart", at: event.at, seenAt: event.at, cart: id });
}

function takeOrder(slice: Commerce, order: Order, context: ApplyContext, shopCurrency: string): void {
  const { event } = context;
  // The same order again, under another message id: known for ever by its own id.
  if (slice.orders.some((known) => known.id === order.id)) return;
  const cart = slice.cart;
  slice.closedAt = Math.max(slice.closedAt ?? 0, order.placedAt);
  if (cart && order.placedAt >= cart.openedAt) {
    putCart(cart, "converted", context);
    slice.cart = null;
  }
  const inCart =
    cart?.lines.some((line) => order.lines.some(({ product_id }) => product_id === line.product_id)) ?? false;
  context.happen({ type: "order", at: event.at, order: order.id, cart: cart?.id ?? null, inCart });
  // A public key only claims: its order ends what would bother the customer, and is no sale.
  if (!isFromServer(event)) return;
  slice.orders = [...slice.orders, summaryOf(order)];
  putOrder(order, context);
  order.lines.forEach((line, index) => {
    const fields = [
      line.product_id,
      line.sku,
      line.name,
      line.category,
      line.brand,
      line.quantity,
      line.price,
      line.url,
      line.image,
    ];
    context.rows.put("order_lines", `${order.id}|${index}`, [order.id, index, context.record.id, ...fields]);
  });
  putMetrics(slice, context, shopCurrency);
}

function changeOrder(
  slice: Commerce,
  properties: Properties,
  context: ApplyContext,
  shopCurrency: string,
  change: (order: OrderSummary) => OrderSummary,
): void {
  const id = plainString(properties["order_id"]);
  const known = slice.orders.find((order) => order.id === id);
  if (!isFromServer(context.event) || !known) return;
  const changed = change(known);
  slice.orders = slice.orders.map((order) => (order === known ? changed : order));
  context.rows.put("order_changes", changed.id, [
    changed.id,
    context.record.id,
    changed.status,
    changed.refunded,
    context.event.at,
  ]);
  putMetrics(slice, context, shopCurrency);
  context.happen({ type: "order_changed", at: context.event.at, order: changed.id, status: changed.status });
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
  };
  const name = typeof value === "string" ? value.toLowerCase() : "";
  return Object.hasOwn(known, name) ? (known[name] ?? null) : null;
}

function summaryOf(order: Order): OrderSummary {
  const { id, status, placedAt, currency, total, shipping, refunded, shown } = order;
  return { id, status, placedAt, currency, total, shipping, refunded, shown };
}

function putCart(cart: Cart, state: string, context: ApplyContext): void {
  const lines = JSON.stringify(cart.lines);
  const fields = [cart.id, state, cart.openedAt, cart.changedAt, cart.currency, cartValue(cart), lines];
  context.rows.put("carts", cart.row, [cart.row, context.record.id, ...fields]);
}

function putOrder(order: Order, context: ApplyContext): void {
  const money = [order.currency, order.total, order.discount, order.tax, order.shipping, order.refunded];
  const shown = JSON.stringify(order.shown);
  const fields = [order.status, order.placedAt, ...money, order.coupon, shown, context.event.trust];
  context.rows.put("orders", order.id, [order.id, context.record.id, ...fields]);
}

function putMetrics(slice: Commerce, context: ApplyContext, shopCurrency: string): void {
  const figures = metricsOf(slice.orders, shopCurrency);
  const row = [context.record.id, figures.orders, figures.netTotal, figures.firstOrderAt, figures.lastOrderAt];
  context.rows.put("contact_metrics", context.record.id, row);
}

const MONEY = ["price", "total", "revenue", "value", "subtotal", "shipping", "tax", "discount"] as const;

/** Amounts that are no amounts are refused at the door, with the field. Null when all is well. */
export function checkProperties(name: string, properties: Properties): FieldError | null {
  if (!changeOf(name)) return null;
  const currency = currencyOf(properties, "EUR");
  for (const field of MONEY) {
    const value = properties[field];
    if (value === undefined || value === null || parseMajor(value, currency) !== null) continue;
    return { pointer: `/properties/${field}`, detail: "is not an amount: a decimal number in major units, 0 or more" };
  }
  return null;
}
