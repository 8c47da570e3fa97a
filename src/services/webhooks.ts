import { guestOf } from "../commerce/order";
import { writeShopProduct, writeShopStock } from "../commerce/shop-product-store";
import { Budget } from "../events/budget";
import { CONNECTORS } from "../events/connectors";
import { id, part } from "../events/connectors/body";
import type { Connector, Occasion, Outcome } from "../events/connectors/connector";
import type { LedgerEvent } from "../events/event";
import type { Intake } from "../events/intake";
import { refuseUnstored } from "../events/intake";
import type { CarriedOut, WebhookDeps } from "../events/webhook-routes";
import { noteDelivery, wasDelivered } from "../events/webhook-store";
import { log } from "../platform/log";
import type { Services } from "../services";
import { parseExact } from "../shared/exact-json";
import { Fault } from "../shared/fault";
import { eraseNow } from "./keep";
import { carryOutWish } from "./shop-wishes";

/** Deliveries of one shop at once, and each second from then on. */
const BURST = 5_000;
const PER_SECOND = 1_000;

/** What the webhook routes are made of. A connector's secrets and shop are variables under its own name. */
export function webhookDeps(services: Services): WebhookDeps {
  const { env, config, clock, shop } = services;
  const variable = (source: string, name: string): string => {
    const value = env[`${source.toUpperCase()}_${name}`];
    return typeof value === "string" ? value.trim() : "";
  };
  return {
    secretsOf: (source) =>
      ["WEBHOOK_SECRET", "WEBHOOK_SECRET_NEXT"].map((name) => variable(source, name)).filter((secret) => secret !== ""),
    shopOf: (source) => variable(source, "SHOP"),
    wasDelivered: (delivery) => wasDelivered(env.DB, delivery),
    noteDelivery: (delivery, at) => noteDelivery(env.DB, delivery, at),
    carryOut: (outcome, occasion) => carryOut(services, outcome, occasion),
    async setAside(body, messageId, reason, occasion) {
      const { receivedAt, source } = occasion;
      const code = "invalid-input";
      const rejection = { receivedAt, stage: "input" as const, messageId, reason, body, source, code };
      await append(services, { receivedAt, source, events: [], rejections: [rejection], refused: { [code]: 1 } });
    },
    refused: (source, reason) => services.notes.refused(source, { [reason]: 1 }),
    budget: new Budget(BURST, PER_SECOND, Object.keys(CONNECTORS).length),
    currency: config.SHOP_CURRENCY,
    shopUrl: shop.url.replace(/\/+$/, ""),
    now: () => clock.now(),
    log,
  };
}

/** A delivery that was set aside, as its row has it. */
interface SetAside {
  readonly stage: string;
  readonly source: string | null;
  /** Its topic, then its own id. */
  readonly messageId: string;
  readonly body: string;
  readonly receivedAt: number;
}

/**
 * Reads a delivery again that was set aside: it bore the shop's signature when it came. False for what is no delivery.
 * Throws unprocessable where it still says nothing.
 */
export async function replayDelivery(services: Services, row: SetAside): Promise<boolean> {
  const { stage, source, messageId, body, receivedAt } = row;
  const connector = Object.entries<Connector>(CONNECTORS).find(([key]) => key === source)?.[1];
  const [topic = ""] = messageId.split(" ", 1);
  const read = connector && Object.hasOwn(connector.topics, topic) ? connector.topics[topic] : undefined;
  if (stage !== "input" || source === null || !read) return false;
  let parsed: unknown;
  try {
    parsed = parseExact(body);
  } catch {
    throw new Fault("unprocessable", "The delivery was kept only in part and cannot be read.");
  }
  const { currency, shopUrl } = webhookDeps(services);
  const occasion = { source, topic, sentAt: receivedAt, receivedAt, currency, shopUrl };
  await carryOut(services, read(part(parsed), occasion), occasion);
  return true;
}

/** Each part can be done again: whatever fails, the shop's repeat does the rest. */
async function carryOut(services: Services, outcome: Outcome, occasion: Occasion): Promise<CarriedOut> {
  const { DB } = services.env;
  const { events = [], products = [], stock, wish } = outcome;
  const { source, receivedAt, currency } = occasion;
  if (events.length > 0) {
    const named = await Promise.all(events.map((event) => withOwner(DB, event)));
    await append(services, { receivedAt, source, events: named });
  }
  for (const product of products) await writeShopProduct(DB, product, source, currency);
  if (stock) await writeShopStock(DB, stock, source);
  const erases = wish !== undefined && (await carryOutWish(services, wish, occasion));
  services.notes.taken(source, products.length + (stock ? 1 : 0));
  const accepted = events.length + products.length + (stock ? 1 : 0) + (wish ? 1 : 0);
  return erases ? { accepted, afterwards: () => eraseNow(services) } : { accepted };
}

/**
 * An event that names nobody, or an address alone, is its order's owner's; where the order has not come yet, its guest's. A
 * guest's order goes over to the address.
 */
async function withOwner(db: D1Database, event: LedgerEvent): Promise<LedgerEvent> {
  const order = id(event.properties?.["order_id"]);
  if (event.user !== undefined || order === null) return event;
  const row = await db
    .prepare(
      "SELECT contact, c.anonymous_id AS anon, c.status FROM orders JOIN contacts c ON c.id = contact WHERE order_id = ?1",
    )
    .bind(order)
    .first<{ contact: number; anon: string | null; status: string }>();
  const isGuests = row?.status === "anonymous" && row.anon === guestOf(order);
  if (row && (event.email === undefined || !isGuests)) {
    const { email: _email, ...rest } = event;
    return { ...rest, contact: row.contact };
  }
  return event.email === undefined ? { ...event, anon: guestOf(order) } : event;
}

async function append(services: Services, intake: Intake): Promise<void> {
  const caller = { key: `webhooks.${intake.source ?? ""}`, origin: `webhooks.${intake.source ?? ""}` };
  refuseUnstored(await services.append(intake, caller));
}
