import { IMPORT_KINDS } from "../admin/import/kinds";
import { activateScenario, createScenario, readSource } from "../admin/scenario-actions";
import type { LedgerEvent } from "../events/event";
import { readSetting } from "../platform/settings";
import { findScenario } from "../scenarios/admin-store";
import type { Services } from "../services";
import { DAY, HOUR } from "../shared/clock";
import type { Language } from "../shared/language";
import type { CartLine } from "./demo/order";
import { orderEvents } from "./demo/order";

/** The demo shop's scenarios: nobody is held back, so that whoever tries it is sure to see a message. */
const SCENARIOS = [
  { id: "scn_demo_cart", source: { template: "abandoned-cart", preset: "fast", params: { holdout: 0 } } },
  { id: "scn_demo_second", source: { template: "second-purchase", params: { holdout: 0 } } },
] as const;

interface Customer {
  readonly id: string;
  readonly first: string;
  readonly last: string;
  readonly language: Language;
  readonly consents: Readonly<Record<string, boolean>>;
  readonly phone?: string;
  /** Hours before the loading, and what was bought. */
  readonly orders: readonly { readonly hoursAgo: number; readonly lines: readonly CartLine[] }[];
}

/**
 * A few people to look at. None has exactly one order, and hardly ever had, should time be set back: nothing may fall
 * due for them by itself.
 */
const CUSTOMERS: readonly Customer[] = [
  {
    id: "demo-camille",
    first: "Camille",
    last: "Durand",
    language: "fr",
    consents: { consent_email: true, consent_sms: true },
    phone: "+33612345601",
    orders: [
      { hoursAgo: 34 * 24 + 1, lines: [{ sku: "ML-AUBE", quantity: 1 }] },
      { hoursAgo: 34 * 24, lines: [{ sku: "ML-NUIT", quantity: 2 }] },
    ],
  },
  {
    id: "demo-louis",
    first: "Louis",
    last: "Martin",
    language: "fr",
    consents: { consent_email: true, consent_sms: false },
    orders: [
      { hoursAgo: 96 * 24 + 1, lines: [{ sku: "ML-LAINE", quantity: 1 }] },
      { hoursAgo: 96 * 24, lines: [{ sku: "ML-NUIT", quantity: 1 }] },
      { hoursAgo: 12 * 24, lines: [{ sku: "ML-PERLE", quantity: 1 }] },
    ],
  },
  { id: "demo-emma", first: "Emma", last: "Clarke", language: "en", consents: { consent_email: true }, orders: [] },
  { id: "demo-hugo", first: "Hugo", last: "Petit", language: "fr", consents: {}, orders: [] },
];

/** Loads the demo shop once: its scenarios, and a little history. True where there was anything to do. */
export async function loadDemo(services: Services): Promise<boolean> {
  const { DB } = services.env;
  if ((await readSetting(DB, "demo_seq")) !== null) return false;
  for (const { id, source } of SCENARIOS) {
    const known = (await findScenario(DB, id)) ?? (await createScenario(services, id, readSource(source)));
    if (known.state === "draft") await activateScenario(services, id);
  }
  const now = services.clock.now();
  const { status } = await services.append({ receivedAt: now, events: historyEvents(services, now) }, null);
  if (status !== "stored") throw new Error(`the demo shop's history was not taken: ${status}`);
  await services.ledger.settled();
  // The journal up to here is the demo shop's: as long as nothing follows, time may still be set.
  const sql = "INSERT INTO settings (key, value) SELECT 'demo_seq', coalesce(max(seq), 0) FROM journal WHERE true";
  await DB.prepare(`${sql} ON CONFLICT DO NOTHING`).run();
  return true;
}

function historyEvents(services: Services, now: number): LedgerEvent[] {
  const shop = { origin: services.config.PUBLIC_URL, name: services.shop.name };
  return CUSTOMERS.flatMap((customer): LedgerEvent[] => {
    const { id, first, last, language, phone, consents } = customer;
    const email = `${first}.${last}@example.com`.toLowerCase();
    const since = new Date(now - 240 * DAY).toISOString();
    const proof = { consent_source: "demo shop", consent_at: since, consent_wording: "I agree to news." };
    const names = { first_name: first, last_name: last, language };
    const row = { external_id: id, email, phone, created_at: since, ...names, ...consents, ...proof };
    const orders = customer.orders.flatMap(({ hoursAgo, lines }, index) => {
      const order = {
        orderId: `${id}-${index + 1}`,
        cartId: `${id}-cart-${index + 1}`,
        lines,
        at: now - hoursAgo * HOUR,
      };
      const buyer = { userId: id, email, firstName: first, lastName: last };
      return orderEvents({ ...order, customer: buyer }, { ...shop, language });
    });
    return [read("contacts", row, id, now), ...orders.map((message) => read("events", message, id, now))];
  });
}

function read(kind: "contacts" | "events", value: object, id: string, now: number): LedgerEvent {
  const context = { id: `${id}.contact`, receivedAt: now, attested: null, currency: "EUR" };
  const line = IMPORT_KINDS[kind].read({ ...value }, context);
  if (!line.ok) throw new Error(`the demo shop's history is not well-formed: ${line.reason}`);
  return line.item;
}
