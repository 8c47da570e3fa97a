import type { Line } from "../commerce/cart";
import { cartValue } from "../commerce/cart";
import type { OrderSummary } from "../commerce/order";
import type { Intent } from "../decisions/gate";
import type { Facts } from "../segments/facts";
import type { MessageData, MessageLine } from "./message";

/** What is known of a content when a send is made of it. */
export interface ContentRef {
  readonly key: string;
  readonly version: number;
}

/** Columns of `sends` that are written once, in the order of `sendRow`. */
export const SEND_COLUMNS = [
  "contact",
  "id",
  "run",
  "scenario",
  "block",
  "channel",
  "class",
  "content",
  "content_version",
  "address",
  "data",
  "state",
  "open",
  "attempts",
  "next_at",
  "lease_until",
  "created_at",
  "updated_at",
];

/** The row of a permitted send, with everything its message will print frozen in it. */
export function sendRow(
  id: string,
  intent: Intent,
  content: ContentRef,
  facts: Facts,
  cartUrl: string,
  now: number,
): unknown[] {
  const address = intent.channel === "email" ? facts.profile.email : facts.profile.phone;
  const data = JSON.stringify(messageData(facts, cartUrl));
  const about = [facts.contact, id, intent.run, intent.scenario, intent.block, intent.channel, intent.class];
  return [...about, content.key, content.version, address, data, "queued", 1, 0, now, 0, now, now];
}

function messageData(facts: Facts, cartUrl: string): MessageData & { readonly tracking: boolean } {
  const { profile, commerce } = facts;
  const { cart } = commerce;
  const last = commerce.orders.reduce<OrderSummary | null>(
    (latest, order) => (latest && latest.placedAt > order.placedAt ? latest : order),
    null,
  );
  return {
    language: profile.language === "fr" ? "fr" : "en",
    contact: { first_name: profile.firstName, last_name: profile.lastName },
    cart: cart && {
      id: cart.id,
      total: cartValue(cart),
      currency: cart.currency,
      // Where the shop says that this very cart is gone on with, on any device.
      url: cart.url ?? cartUrl,
      lines: cart.lines.slice(0, 20).map((line) => messageLine(line, cart.currency)),
    },
    order: last
      ? { id: last.id, placed_at: last.placedAt, lines: last.shown.map((line) => messageLine(line, last.currency)) }
      : null,
    tracking: profile.consents.tracking?.state === "granted",
  };
}

function messageLine(line: Line, currency: string): MessageLine {
  const { product_id, name, quantity, price, url, image } = line;
  return { product_id, name, quantity, price, currency, url, image };
}
