import type { LedgerEvent } from "../event";
import type { Body } from "./body";
import { id, needed, part, parts, text, time, whole } from "./body";
import type { Connector, Occasion, Outcome, PrivacyWish, ProductStatement, Topic } from "./connector";
import { orderGone, productGone } from "./gone";
import { customerOf, isOpen, isTrial, lineOf, orderOf, refundOf } from "./shopify-order";
import { parcel, shipments } from "./shopify-shipment";
import type { OrderStatement, Subject } from "./tell";
import { consent, identify, NOBODY, orderCompleted, orderRefunded, orderUpdated, stateOf, track } from "./tell";

function refundsWithin(
  order: Body,
  { id: of, who, currency, updatedAt }: OrderStatement,
  occasion: Occasion,
): LedgerEvent[] {
  return parts(order["refunds"])
    .filter((refund) => !isOpen(refund))
    .map((refund) => orderRefunded(occasion, refundOf(refund, of, who, currency, updatedAt)));
}

const created: Topic = (body, occasion) => {
  const order = orderOf(body, occasion);
  return {
    events: [
      ...aboutCustomer(part(body["customer"]), occasion),
      orderCompleted(occasion, order),
      ...refundsWithin(body, order, occasion),
    ],
  };
};

/** The body is the whole order: where it was not known yet, it is from now on. */
const updated: Topic = (body, occasion) => {
  const order = orderOf(body, occasion);
  return {
    events: [
      orderUpdated(occasion, order),
      ...shipments(body, order, occasion),
      ...refundsWithin(body, order, occasion),
    ],
  };
};

const cancelled: Topic = (body, occasion) => {
  const { id: order, who, updatedAt } = orderOf(body, occasion);
  const at = time(body["cancelled_at"]) ?? updatedAt;
  const properties = { order_id: order, reason: text(body["cancel_reason"]) };
  const event = track(occasion, { name: "Order Cancelled", of: ["cancelled", order], at, who, properties });
  return { events: [...(updated(body, occasion).events ?? []), event] };
};

/** What tries the shop's payments out is no order of anybody. */
function real(topic: Topic): Topic {
  return (body, occasion) => (body["test"] === true ? {} : topic(body, occasion));
}

const refunded: Topic = (body, occasion) => {
  const order = needed(body, "order_id");
  if (isOpen(body) || isTrial(body)) return {};
  return { events: [orderRefunded(occasion, refundOf(body, order, NOBODY, null, occasion.sentAt))] };
};

const checkout: Topic = (body, occasion) => {
  const { sentAt, currency } = occasion;
  const who = customerOf(body);
  const token = text(body["token"]) ?? needed(body, "id");
  const nobody = who.user === null && who.email === null;
  // One that was completed is an order by now; one of nobody could remind nobody.
  if (time(body["completed_at"]) !== null || nobody) return {};
  const at = time(body["updated_at"]) ?? sentAt;
  const properties = {
    cart_id: text(body["cart_token"]) ?? token,
    checkout_id: token,
    currency: text(body["currency"]) ?? currency,
    value: body["total_price"],
    coupon: text(parts(body["discount_codes"])[0]?.["code"]),
    recovery_url: body["abandoned_checkout_url"],
    products: parts(body["line_items"]).map(lineOf),
  };
  const of = ["checkout", token, String(at), stateOf(properties)];
  return { events: [track(occasion, { name: "Checkout Started", of, at, who, properties })] };
};

/** What a customer record says of the person, and their words on consent with their own dates. */
function aboutCustomer(customer: Body, occasion: Occasion): LedgerEvent[] {
  const who = customerOf(customer, customer);
  if (who.user === null) return [];
  const at = time(customer["updated_at"]) ?? occasion.sentAt;
  const home = part(customer["default_address"]);
  const traits = {
    email: who.email,
    phone: text(customer["phone"]),
    first_name: text(customer["first_name"]),
    last_name: text(customer["last_name"]),
    language: text(customer["locale"]),
    country: text(home["country_code"]),
    tags: text(customer["tags"]),
  };
  const known = identify(occasion, ["customer", who.user, String(at)], at, who, traits);
  return [known, ...wordOf(occasion, who, "email", customer), ...wordOf(occasion, who, "sms", customer)];
}

const GIVEN: ReadonlyMap<unknown, boolean> = new Map([
  ["subscribed", true],
  ["unsubscribed", false],
]);

/** Only a dated yes or no is a word: pending, never asked and the old `accepts_marketing` are none. */
function wordOf(occasion: Occasion, who: Subject, key: "email" | "sms", body: Body): LedgerEvent[] {
  const stated = part(body[`${key}_marketing_consent`]);
  const given = GIVEN.get(stated["state"]);
  const at = time(stated["consent_updated_at"]);
  if (given === undefined || (given && at === null)) return [];
  return [consent(occasion, who, { key, given, at, level: text(stated["opt_in_level"]) })];
}

const customer: Topic = (body, occasion) => {
  needed(body, "id");
  return { events: aboutCustomer(body, occasion) };
};

function wish(kind: PrivacyWish["kind"], confirmed: boolean, orders: string): Topic {
  return (body) => {
    const about = body["customer"] === undefined ? body : part(body["customer"]);
    const user = kind === "shop" ? null : id(about["id"]);
    const of = id(part(body["data_request"])["id"]) ?? user ?? text(about["email"]) ?? needed(body, "shop_id");
    const named = Array.isArray(body[orders]) ? body[orders].flatMap((one) => id(one) ?? []) : [];
    return {
      wish: { kind, id: of, user, email: kind === "shop" ? null : text(about["email"]), orders: named, confirmed },
    };
  };
}

const product: Topic = (body, { shopUrl, sentAt }) => {
  const of = needed(body, "id");
  const at = time(body["updated_at"]) ?? sentAt;
  const image = text(part(body["image"])["src"]) ?? text(parts(body["images"])[0]?.["src"]);
  const handle = text(body["handle"]);
  const variants = parts(body["variants"]).map((variant) => ({
    sku: text(variant["sku"]) ?? id(variant["id"]) ?? of,
    title: text(variant["title"]),
    item: id(variant["inventory_item_id"]) ?? id(variant["id"]),
    prices: priceOf(variant, at),
    stock: variant["inventory_management"] === null ? null : whole(variant["inventory_quantity"]),
  }));
  const about: ProductStatement["about"] = {
    title: text(body["title"]) ?? of,
    url: handle === null ? null : `${shopUrl}/products/${encodeURIComponent(handle)}`,
    image,
    category: text(body["product_type"]),
    brand: text(body["vendor"]),
  };
  const gone = body["status"] === "draft" || body["status"] === "archived";
  return { products: [{ id: of, at, about, variants, gone }] };
};

function priceOf(variant: Body, from: number): ProductStatement["variants"][number]["prices"] {
  const price = text(variant["price"]);
  return price === null ? [] : [{ from, price, compareAt: text(variant["compare_at_price"]) }];
}

function level(read: (body: Body) => number | null): Topic {
  return (body, { sentAt }): Outcome => {
    const available = read(body);
    const item = needed(body, "inventory_item_id");
    const at = time(body["updated_at"]) ?? sentAt;
    return available === null ? {} : { stock: { item, location: needed(body, "location_id"), available, at } };
  };
}

/** Shopify's webhooks, of any API version since 2019. */
export const shopify: Connector = {
  name: "Shopify",
  description: "Settings, Notifications, Webhooks; or the webhooks of a custom app",
  signature: { header: "X-Shopify-Hmac-Sha256", encoding: "base64" },
  headers: {
    topic: "X-Shopify-Topic",
    delivery: ["X-Shopify-Webhook-Id", "X-Shopify-Event-Id"],
    time: "X-Shopify-Triggered-At",
    shop: "X-Shopify-Shop-Domain",
  },
  topics: {
    "orders/create": real(created),
    "orders/updated": real(updated),
    "orders/paid": real(updated),
    "orders/fulfilled": real(updated),
    "orders/partially_fulfilled": real(updated),
    "orders/cancelled": real(cancelled),
    "orders/delete": orderGone,
    "refunds/create": refunded,
    "fulfillments/create": parcel,
    "fulfillments/update": parcel,
    "checkouts/create": checkout,
    "checkouts/update": checkout,
    "customers/create": customer,
    "customers/update": customer,
    "customers/enable": customer,
    "customers/disable": customer,
    "customers/delete": wish("erasure", false, "none"),
    "customers/data_request": wish("access", true, "orders_requested"),
    "customers/redact": wish("erasure", true, "orders_to_redact"),
    "shop/redact": wish("shop", false, "none"),
    "products/create": product,
    "products/update": product,
    "products/delete": productGone,
    "inventory_levels/connect": level((body) => whole(body["available"])),
    "inventory_levels/update": level((body) => whole(body["available"])),
    "inventory_levels/disconnect": level(() => 0),
  },
};
