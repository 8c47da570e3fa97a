import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { launchBrowser } from "../support/browser";
import { startFaultyProxy } from "../support/chaos-proxy.mjs";
import type { Server } from "../support/server";
import { keys, startServer, until } from "../support/server";
import type { ShopPage } from "../support/shop-page";
import { openShop, serveShopPage } from "../support/shop-page";

let browser: Browser;
let server: Server;
let shop: ShopPage;
let asked: string[];

beforeAll(async () => {
  [browser, server, shop] = await Promise.all([launchBrowser(), startServer({ tick: 0 }), serveShopPage()]);
});

afterAll(async () => {
  await Promise.all([browser?.close(), server?.stop(), shop?.close()]);
});

beforeEach(() => {
  asked = [];
});

interface Kept {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly at: number;
  readonly trust: string;
  readonly user?: string;
  readonly anon?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly traits?: Readonly<Record<string, unknown>>;
  readonly bot?: true;
  readonly skewed?: string;
  readonly received: number;
}

/** What the journal holds of a shopper, whose every event says who they are in its properties or traits. */
async function journalOf(marker: string): Promise<Kept[]> {
  const db = await server.mf.getD1Database("DB");
  const sql = "SELECT e.value, j.received_at AS received FROM journal j, json_each(j.body) e ORDER BY j.seq";
  const { results } = await db.prepare(sql).all<{ value: string; received: number }>();
  const mine = results.filter(({ value }) => value.includes(marker));
  return mine.map(({ value, received }) => ({ ...(JSON.parse(value) as Kept), received }));
}

/** What the script in the page needs to know. */
interface Plan {
  readonly marker: string;
  readonly writeKey: string;
  readonly host: string;
  readonly options: object;
}

interface Sent {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly user: string | null;
  readonly anon: string;
}

const PRODUCT = { product_id: "lamp-1", name: "Lampe Galet", price: 48, quantity: 1 };

/** The events of one visit, as `runSegment` and `runRudder` call them. */
const VISIT = [
  { type: "page", name: "Home" },
  { type: "track", name: "Product Viewed" },
  { type: "identify", name: "" },
  { type: "track", name: "Product Added" },
  { type: "group", name: "" },
];

/** A visit with Segment's client; resolves with what it says it sent, delivered or not. */
function runSegment(page: Page, plan: Plan): Promise<Sent[]> {
  return page.evaluate(
    async ({ marker, writeKey, host, options, product }) => {
      // oxlint-disable-next-line typescript/no-explicit-any -- the package's own global
      const { AnalyticsBrowser } = (globalThis as any).AnalyticsNext;
      const apiHost = `${host.replace("http://", "")}/v1`;
      const segment = { apiHost, protocol: "http", ...options };
      const [analytics] = await AnalyticsBrowser.load(
        { writeKey, cdnURL: host },
        { integrations: { "Segment.io": segment } },
      );
      const calls = [
        () => analytics.page("Home", { marker }),
        () => analytics.track("Product Viewed", { ...product, marker }),
        () => analytics.identify(`user-${marker}`, { email: `${marker}@client.test`, marker }),
        () => analytics.track("Product Added", { ...product, cart_id: `cart-${marker}`, marker }),
        () => analytics.group(`group-${marker}`, { marker }),
      ];
      const sent: Sent[] = [];
      for (const call of calls) {
        const { event } = await call();
        const { messageId: id, type, userId, anonymousId: anon } = event;
        sent.push({ id, type, name: event.event ?? event.name ?? "", user: userId ?? null, anon });
      }
      return sent;
    },
    { ...plan, product: PRODUCT },
  );
}

/** The same with RudderStack's. */
function runRudder(page: Page, plan: Plan): Promise<Sent[]> {
  return page.evaluate(
    async ({ marker, writeKey, host, options, product }) => {
      // oxlint-disable-next-line typescript/no-explicit-any -- the package's own global
      const { RudderAnalytics } = (globalThis as any).rudderanalytics ?? (globalThis as any);
      const analytics = new RudderAnalytics();
      analytics.load(writeKey, host, { configUrl: host, logLevel: "ERROR", ...options });
      await new Promise<void>((ready) => analytics.ready(() => ready()));
      // oxlint-disable-next-line typescript/no-explicit-any -- what the package hands over
      type Callback = (event: any) => void;
      const calls: ((callback: Callback) => void)[] = [
        (callback) => analytics.page("Home", { marker }, null, callback),
        (callback) => analytics.track("Product Viewed", { ...product, marker }, null, callback),
        (callback) =>
          analytics.identify(`user-${marker}`, { email: `${marker}@client.test`, marker }, null, callback),
        (callback) => analytics.track("Product Added", { ...product, cart_id: `cart-${marker}`, marker }, null, callback),
        (callback) => analytics.group(`group-${marker}`, { marker }, null, callback),
      ];
      const sent: Sent[] = [];
      for (const call of calls) {
        // oxlint-disable-next-line typescript/no-explicit-any -- what the package hands over
        const event = await new Promise<any>((taken) => call(taken));
        const { messageId: id, type, userId, anonymousId: anon } = event;
        sent.push({ id, type, name: event.event ?? event.name ?? "", user: userId || null, anon });
      }
      return sent;
    },
    { ...plan, product: PRODUCT },
  );
}

/** Waits until everything that a client says it sent stands in the journal, and holds it against that. */
async function arrived(marker: string, sent: readonly Sent[], since: number): Promise<Kept[]> {
  const kept = await until(
    async () => {
      const found = await journalOf(marker);
      return found.length >= sent.length && found;
    },
    { what: `${sent.length} events of ${marker}`, timeout: 60_000 },
  );
  expect(kept.map(({ id }) => id).sort()).toEqual(sent.map(({ id }) => id).sort());
  for (const { id, type, name, user, anon } of sent) {
    const event = kept.find((one) => one.id === id);
    expect(event).toMatchObject({ type, name, trust: "write", anon });
    expect(event?.user ?? null).toBe(user);
    expect(event?.bot).toBeUndefined();
    expect(event?.skewed).toBeUndefined();
    // The client's clock is an hour slow; what counts is the time that passed on it. A second for rounding.
    expect(event?.at).toBeGreaterThanOrEqual(since - 1_000);
    expect(event?.at).toBeLessThanOrEqual(event?.received ?? 0);
  }
  return kept;
}

/** What came of the visit: a cart, and a browser that claims a user id and an address. */
async function effectOf(marker: string, anon: string): Promise<void> {
  const { data } = (await server.api(`/api/contacts?anonymous_id=${encodeURIComponent(anon)}`)).json as {
    data: { id: string; status: string; external_id: string | null }[];
  };
  expect(data).toHaveLength(1);
  const db = await server.mf.getD1Database("DB");
  const sql = "SELECT state, value, json_array_length(lines) AS lines FROM carts WHERE cart_id = ?1";
  const { results } = await db.prepare(sql).bind(`cart-${marker}`).all();
  expect(results).toEqual([{ state: "active", value: 4_800, lines: 1 }]);
}

/** A page talks to its own origin and to the product, and to nobody else. */
function strangers(...known: readonly string[]): string[] {
  const origins = new Set([shop.url, server.url, ...known].map((url) => new URL(url).origin));
  return asked.filter((url) => /^http/.test(url) && !origins.has(new URL(url).origin));
}

type Run = typeof runSegment;

const CLIENTS: readonly (readonly [string, Run, object, string])[] = [
  ["@segment/analytics-next", runSegment, {}, "/v1/t"],
  [
    "@segment/analytics-next in batches",
    runSegment,
    { deliveryStrategy: { strategy: "batching", config: { size: 2, timeout: 200 } } },
    "/v1/b",
  ],
  ["@rudderstack/analytics-js", runRudder, {}, "/v1/track"],
  [
    "@rudderstack/analytics-js in batches",
    runRudder,
    { queueOptions: { batch: { enabled: true, maxItems: 2, flushInterval: 500 } } },
    "/v1/batch",
  ],
  [
    "@rudderstack/analytics-js by beacon",
    runRudder,
    { useBeacon: true, beaconQueueOptions: { maxItems: 2, flushQueueInterval: 500 } },
    "/beacon/v1/batch",
  ],
];

describe("an unchanged client on a page of another origin", () => {
  test.each(CLIENTS)("%s delivers every event of a visit once", async (name, run, options, path) => {
    const marker = `m${CLIENTS.findIndex(([one]) => one === name)}x`;
    const page = await openShop(browser, shop.url, asked);
    const since = Date.now();
    const sent = await run(page, { marker, writeKey: keys.write, host: server.url, options });
    expect(sent.map(({ type, name: called }) => ({ type, name: called }))).toEqual(VISIT);
    await arrived(marker, sent, since);
    await effectOf(marker, sent[0]?.anon ?? "");
    expect(asked.map((url) => new URL(url).pathname)).toContain(path);
    expect(strangers()).toEqual([]);
    await page.context().close();
  });
});
