import { dividedBy, isPositive, negated, sumOf } from "../../shared/decimal";
import { MID, midIn } from "../../shared/mid";
import type { LedgerEvent } from "../event";
import type { Body } from "./body";
import { id, named, needed, part, parts, text, time, whole } from "./body";
import type { Connector, Occasion, PriceStatement, ProductStatement, Topic } from "./connector";
import { orderGone, productGone } from "./gone";
import type { LineStatement, OrderStatement, Subject } from "./tell";
import { guest, identify, orderCompleted, orderRefunded, orderUpdated, track } from "./tell";

/** A time of the field's twin in UTC, which comes without a zone. */
function utc(body: Body, field: string): number | null {
  const stated = text(body[`${field}_gmt`]);
  return stated === null ? time(body[field]) : time(/[zZ]|[+-]\d\d:?\d\d$/.test(stated) ? stated : `${stated}Z`);
}

/** Whoever is logged in may have an order billed to any address: only a guest is known by it. */
function buyerOf(order: Body): Subject {
  const user = id(order["customer_id"]);
  return { user, email: user === null ? text(part(order["billing"])["email"]) : null };
}

/** What a customer pays for one, with tax where the shop's prices hold it: `price` is always without. */
function lineOf(line: Body, withTax: boolean): LineStatement {
  const quantity = whole(line["quantity"]) ?? 1;
  const total = withTax ? sumOf([line["total"], line["total_tax"]]) : sumOf([line["total"]]);
  return {
    product_id: id(line["product_id"]) ?? `line-${text(line["id"]) ?? ""}`,
    sku: skuOf(line, id(line["variation_id"]) ?? id(line["product_id"])),
    name: text(line["name"]),
    quantity,
    price: dividedBy(total, quantity) ?? line["price"],
    image_url: text(part(line["image"])["src"]),
  };
}

function skuOf(body: Body, fallback: string | null): string {
  return text(body["sku"]) ?? fallback ?? "none";
}

/** The shop's states of an order. What is missing here (drafts, own states of plugins) says nothing. */
const STATUS: ReadonlyMap<unknown, OrderStatement["status"]> = new Map([
  ["pending", "pending"],
  ["failed", "pending"],
  // Placed, and waiting for a transfer.
  ["on-hold", "pending"],
  ["processing", "confirmed"],
  // The shop's own word for: sent, and nothing is left to do.
  ["completed", "shipped"],
  ["cancelled", "cancelled"],
  ["trash", "cancelled"],
  ["refunded", "refunded"],
]);
/** Where WooCommerce's own attribution keeps the address by which a buyer came. */
const CAME_BY = "_wc_order_attribution_session_entry";
/** Nothing was bought yet: a payment is being tried. */
const UNPAID: ReadonlySet<unknown> = new Set(["pending", "failed"]);

function orderOf(order: Body, status: OrderStatement["status"], occasion: Occasion): OrderStatement {
  const placedAt = utc(order, "date_created") ?? occasion.sentAt;
  const shipping = part(order["shipping"]);
  const to = text(shipping["address_1"]) === null ? part(order["billing"]) : shipping;
  return {
    id: needed(order, "id"),
    who: buyerOf(order),
    number: text(order["number"]),
    placedAt,
    updatedAt: utc(order, "date_modified") ?? placedAt,
    status,
    currency: text(order["currency"]) ?? occasion.currency,
    total: order["total"],
    shipping: sumOf([order["shipping_total"] ?? "0", order["shipping_tax"] ?? "0"]),
    tax: order["total_tax"],
    discount: order["discount_total"],
    coupon:
      parts(order["coupon_lines"])
        .map(({ code }) => text(code))
        .filter(Boolean)
        .join(",") || null,
    mid: named(order["meta_data"], "key", MID) ?? midIn(named(order["meta_data"], "key", CAME_BY) ?? ""),
    lines: parts(order["line_items"]).map((line) => lineOf(line, order["prices_include_tax"] === true)),
    address: { street: to["address_1"], zip: to["postcode"], country: to["country"] },
  };
}

/** Every delivery carries the whole order, so each tells all that follows from it; what was told before is the same event. */
const order: Topic = (body, occasion) => {
  const status = STATUS.get(body["status"]);
  if (status === undefined) return {};
  const stated = orderOf(body, status, occasion);
  if (UNPAID.has(body["status"])) return { events: [...triedToPay(body, stated, occasion), unpaid(stated, occasion)] };
  const paidAt = utc(body, "date_paid");
  if (status === "cancelled" && paidAt === null) return { events: [movedOf(stated, occasion, "Order Cancelled")] };
  const events = [...aboutGuest(body, stated, occasion)];
  if (status !== "cancelled") events.push(orderCompleted(occasion, stated, Math.max(stated.placedAt, paidAt ?? 0)));
  events.push(orderUpdated(occasion, stated), ...refundsOf(body, stated, occasion));
  if (status === "shipped") {
    events.push(movedOf(stated, occasion, "Order Shipped", utc(body, "date_completed") ?? stated.updatedAt));
  }
  if (status === "cancelled") events.push(movedOf(stated, occasion, "Order Cancelled"));
  return { events };
};

/**
 * Of an order that is known its new state; it makes none. The shop cancels what nobody paid for by itself: that was never
 * an order, and whoever tried to pay has a cart still.
 */
function movedOf(
  { id: of, who, number, updatedAt }: OrderStatement,
  occasion: Occasion,
  name: "Order Shipped" | "Order Cancelled",
  at = updatedAt,
): LedgerEvent {
  return track(occasion, { name, of: [name, of], at, who, properties: { order_id: of, order_number: number } });
}

/** Whoever tries to pay has a cart, and a page on which to go on. */
function triedToPay(
  body: Body,
  { id: of, who, placedAt, currency, total, lines }: OrderStatement,
  occasion: Occasion,
): LedgerEvent[] {
  if (who.user === null && who.email === null) return [];
  const properties = {
    cart_id: `order-${of}`,
    currency,
    value: total,
    recovery_url: body["payment_url"],
    products: lines,
  };
  return [track(occasion, { name: "Checkout Started", of: ["checkout", of], at: placedAt, who, properties })];
}

/** Of an order that is known the new state; it makes none. */
function unpaid({ id: of, who, updatedAt: at }: OrderStatement, occasion: Occasion): LedgerEvent {
  const properties = { order_id: of, status: "pending" };
  return track(occasion, { name: "Order Updated", of: ["order", of, "unpaid", String(at)], at, who, properties });
}

/** Refunds come with their order, without a date of their own. */
function refundsOf(body: Body, { id: of, who, updatedAt: at }: OrderStatement, occasion: Occasion): LedgerEvent[] {
  return parts(body["refunds"]).flatMap((refund) => {
    const total = negated(refund["total"]);
    if (!isPositive(total) || total === null) return [];
    const about = { id: needed(refund, "id"), order: of, who, at, total, lines: [] };
    return [orderRefunded(occasion, { ...about, reason: text(refund["reason"]) })];
  });
}

/** A guest has no customer record: what was typed at the checkout fills in what nobody has told. */
function aboutGuest(body: Body, { id: of, who, placedAt }: OrderStatement, occasion: Occasion): LedgerEvent[] {
  if (who.email === null) return [];
  return [guest(occasion, ["guest", of], placedAt, who, traitsOf(who, part(body["billing"]), {}))];
}

function traitsOf({ email }: Subject, billing: Body, own: Body): Body {
  return {
    email,
    phone: text(billing["phone"]),
    first_name: text(own["first_name"]) ?? text(billing["first_name"]),
    last_name: text(own["last_name"]) ?? text(billing["last_name"]),
    country: text(billing["country"]),
  };
}

const customer: Topic = (body, occasion) => {
  const who = { user: needed(body, "id"), email: text(body["email"]) };
  const at = utc(body, "date_modified") ?? utc(body, "date_created") ?? occasion.sentAt;
  const traits = traitsOf(who, part(body["billing"]), body);
  return { events: [identify(occasion, ["customer", who.user, occasion.topic, String(at)], at, who, traits)] };
};

/** The shop has no word for a person's rights: whether a deletion is one is for the operator to say. */
const customerGone: Topic = (body) => {
  const user = needed(body, "id");
  return { wish: { kind: "erasure", id: user, user, email: text(body["email"]), orders: [], confirmed: false } };
};

const product: Topic = (body, occasion) => {
  const of = needed(body, "id");
  const parent = id(body["parent_id"]);
  const at = utc(body, "date_modified") ?? occasion.sentAt;
  const isVariant = body["type"] === "variation" && parent !== null;
  const isHead = body["type"] === "variable" || body["type"] === "grouped";
  const variant = { sku: skuOf(body, of), title: isVariant ? text(body["name"]) : null, item: null };
  const variants = isHead ? [] : [{ ...variant, prices: pricesOf(body, at), stock: stockOf(body) }];
  const gone = !["publish", undefined, null].includes(body["status"] as string);
  return {
    products: [{ id: isVariant ? parent : of, at, about: isVariant ? null : aboutOf(body, of), variants, gone }],
  };
};

function aboutOf(body: Body, of: string): NonNullable<ProductStatement["about"]> {
  return {
    title: text(body["name"]) ?? of,
    url: text(body["permalink"]),
    image: text(parts(body["images"])[0]?.["src"]),
    category: text(parts(body["categories"])[0]?.["name"]),
    brand: text(parts(body["brands"])[0]?.["name"]),
  };
}

/** The price of now and, where a sale is announced, those to come. */
function pricesOf(body: Body, at: number): PriceStatement[] {
  const [price, regular, sale] = [text(body["price"]), text(body["regular_price"]), text(body["sale_price"])];
  const begins = utc(body, "date_on_sale_from");
  const ends = utc(body, "date_on_sale_to");
  const compareAt = regular !== price ? regular : null;
  const now: PriceStatement[] = price === null ? [] : [{ from: at, price, compareAt }];
  if (sale === null || regular === null) return now;
  const starts = begins !== null && begins > at ? [{ from: begins, price: sale, compareAt: regular }] : [];
  return [...now, ...starts, ...(ends !== null && ends > at ? [{ from: ends, price: regular, compareAt: null }] : [])];
}

/** Pieces where they are counted; none where the shop says that it is sold out. */
function stockOf(body: Body): number | "some" | null {
  if (body["stock_status"] === "outofstock") return 0;
  if (body["manage_stock"] === true) return whole(body["stock_quantity"]);
  return body["stock_status"] === "instock" ? "some" : null;
}

/** WooCommerce's webhooks, of version 3 of its API. */
export const woocommerce: Connector = {
  name: "WooCommerce",
  description: "WooCommerce, Settings, Advanced, Webhooks",
  signature: { header: "X-WC-Webhook-Signature", encoding: "base64" },
  headers: { topic: "X-WC-Webhook-Topic", delivery: ["X-WC-Webhook-Delivery-ID"], shop: "X-WC-Webhook-Source" },
  isPing: (body) => /^webhook_id=\d+$/.test(body.trim()),
  topics: {
    "order.created": order,
    "order.updated": order,
    "order.restored": order,
    "order.deleted": orderGone,
    "customer.created": customer,
    "customer.updated": customer,
    "customer.deleted": customerGone,
    "product.created": product,
    "product.updated": product,
    "product.restored": product,
    "product.deleted": productGone,
  },
};
