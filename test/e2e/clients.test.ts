import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "../support/browser";
import { startFaultyProxy } from "../support/chaos-proxy.mjs";
import type { Server } from "../support/server";
import { keys, startServer, until } from "../support/server";
import type { ShopPage } from "../support/shop-page";
import { AS_A_SHOPPER, openShop, serveShopPage } from "../support/shop-page";

let browser: Browser;
let server: Server;
let shop: ShopPage;

beforeAll(async () => {
  [browser, server, shop] = await Promise.all([
    launchBrowser([AS_A_SHOPPER]),
    startServer({ tick: 0 }),
    serveShopPage(),
  ]);
});

afterAll(async () => {
  await Promise.all([browser?.close(), server?.stop(), shop?.close()]);
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
  const sql = "SELECT e.value, j.received_at AS received FROM journal j, json_each(j.body) e ORDER BY j.seq";
  const rows = await server.rows<{ value: string; received: number }>(sql);
  const mine = rows.filter(({ value }) => value.includes(marker));
  return mine.map(({ value, received }) => ({ ...(JSON.parse(value) as Kept), received }));
}

/** What the script in the page needs to know. */
interface Plan {
  readonly marker: string;
  readonly writeKey: string;
  readonly host: string;
  readonly options: object;
  /** False where the page does not say to which host events go. */
  readonly stated?: boolean;
  /** Loads the client and calls nothing. */
  readonly quiet?: boolean;
}

/** What both clients hand over of an event that they made. */
interface Made {
  readonly messageId: string;
  readonly type: string;
  readonly userId?: string | null;
  readonly anonymousId: string;
  readonly event?: string;
  readonly name?: string;
}

/** The global of Segment's client, as far as a visit calls it. */
interface SegmentGlobal {
  readonly AnalyticsNext: {
    readonly AnalyticsBrowser: { load(settings: object, options: object): Promise<readonly [SegmentCalls]> };
  };
}

type SegmentCalls = Record<
  "page" | "track" | "identify" | "group",
  (subject: string, about: object) => Promise<{ readonly event: Made }>
>;

/** The global of RudderStack's, likewise: its bundles put the class in different places. */
interface RudderGlobal {
  readonly rudderanalytics?: RudderGlobal;
  readonly RudderAnalytics: new () => RudderCalls;
}

interface RudderCalls
  extends Record<
    "page" | "track" | "identify" | "group",
    (subject: string, about: object, options: null, taken: (event: Made) => void) => void
  > {
  load(writeKey: string, host: string, options: object): void;
  ready(callback: () => void): void;
}

interface Sent {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly user: string | null;
  readonly anon: string;
}

const PRODUCT = { product_id: "lamp-1", name: "Lampe Galet", price: 48, quantity: 1 };

/** The events of one visit, as both clients are made to call them. */
const VISIT = [
  { type: "page", name: "Home" },
  { type: "track", name: "Product Viewed" },
  { type: "identify", name: "" },
  { type: "track", name: "Product Added" },
  { type: "group", name: "" },
];

/** A visit with Segment's client; resolves with what it says it sent, delivered or not. */
function visitSegment(page: Page, plan: Plan): Promise<Sent[]> {
  return page.evaluate(
    async ({ marker, writeKey, host, options, product, quiet, stated = true }) => {
      const { AnalyticsBrowser } = (globalThis as unknown as SegmentGlobal).AnalyticsNext;
      // A shop may state where events go; where it does not, the settings that the client asks for say so.
      const segment = { apiHost: `${host.replace("http://", "")}/v1`, protocol: "http", ...options };
      const [analytics] = await AnalyticsBrowser.load(
        { writeKey, cdnURL: host },
        stated ? { integrations: { "Segment.io": segment } } : {},
      );
      const calls = [
        () => analytics.page("Home", { marker }),
        () => analytics.track("Product Viewed", { ...product, marker }),
        () => analytics.identify(`user-${marker}`, { email: `${marker}@client.test`, marker }),
        () => analytics.track("Product Added", { ...product, cart_id: `cart-${marker}`, marker }),
        () => analytics.group(`group-${marker}`, { marker }),
      ];
      const sent: Sent[] = [];
      for (const call of quiet ? [] : calls) {
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
function visitRudder(page: Page, plan: Plan): Promise<Sent[]> {
  return page.evaluate(
    async ({ marker, writeKey, host, options, product, quiet }) => {
      const page = globalThis as unknown as RudderGlobal;
      const { RudderAnalytics } = page.rudderanalytics ?? page;
      const analytics = new RudderAnalytics();
      analytics.load(writeKey, host, { configUrl: host, logLevel: "ERROR", ...options });
      await new Promise<void>((ready) => analytics.ready(() => ready()));
      const calls: ((callback: (event: Made) => void) => void)[] = [
        (callback) => analytics.page("Home", { marker }, null, callback),
        (callback) => analytics.track("Product Viewed", { ...product, marker }, null, callback),
        (callback) => analytics.identify(`user-${marker}`, { email: `${marker}@client.test`, marker }, null, callback),
        (callback) =>
          analytics.track("Product Added", { ...product, cart_id: `cart-${marker}`, marker }, null, callback),
        (callback) => analytics.group(`group-${marker}`, { marker }, null, callback),
      ];
      const sent: Sent[] = [];
      for (const call of quiet ? [] : calls) {
        const event = await new Promise<Made>((taken) => call(taken));
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
      return found.length >= sent.length ? found : null;
    },
    { what: `${sent.length} events of ${marker}` },
  );
  expect(kept.map(({ id }) => id).sort()).toEqual(sent.map(({ id }) => id).sort());
  for (const { id, type, name, user, anon } of sent) {
    const event = kept.find((one) => one.id === id);
    expect(event).toMatchObject({ type, name, trust: "write", anon });
    // What Segment's client sends again carries the user id of now, even where it happened before the person was known.
    expect([user, `user-${marker}`]).toContain(event?.user ?? null);
    if (user !== null) expect(event?.user).toBe(user);
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
  const sql = "SELECT state, value, json_array_length(lines) AS lines FROM carts WHERE cart_id = ?1";
  expect(await server.rows(sql, `cart-${marker}`)).toEqual([{ state: "active", value: 4_800, lines: 1 }]);
}

/** A page talks to its own origin and to the product, and to nobody else. */
function strangers(asked: readonly string[]): string[] {
  const origins = new Set([shop.url, server.url].map((url) => new URL(url).origin));
  return asked.filter((url) => url.startsWith("http") && !origins.has(new URL(url).origin));
}

/** How a client is loaded, with its options for few and for many events at a time. */
interface Client {
  readonly visit: typeof visitSegment;
  readonly options: (many: number, everyMs: number) => object;
  readonly path: string;
}

const CLIENTS: Readonly<Record<string, Client>> = {
  "@segment/analytics-next": { visit: visitSegment, options: () => ({}), path: "/v1/t" },
  "@segment/analytics-next in batches": {
    visit: visitSegment,
    options: (size, timeout) => ({ deliveryStrategy: { strategy: "batching", config: { size, timeout } } }),
    path: "/v1/b",
  },
  "@rudderstack/analytics-js": { visit: visitRudder, options: () => ({}), path: "/v1/track" },
  "@rudderstack/analytics-js in batches": {
    visit: visitRudder,
    options: (maxItems, flushInterval) => ({ queueOptions: { batch: { enabled: true, maxItems, flushInterval } } }),
    path: "/v1/batch",
  },
  "@rudderstack/analytics-js by beacon": {
    visit: visitRudder,
    options: (maxItems, flushQueueInterval) => ({
      useBeacon: true,
      beaconQueueOptions: { maxItems, flushQueueInterval },
    }),
    path: "/beacon/v1/batch",
  },
};

const names = Object.keys(CLIENTS);
const clientOf = (name: string): Client => CLIENTS[name] as Client;

// Together, as they wait for their own timers most of the time.
describe.concurrent("an unchanged client on a page of another origin", () => {
  test.each(names)("%s delivers every event of a visit once", async (name) => {
    const { visit, options, path } = clientOf(name);
    const marker = `once-${names.indexOf(name)}-`;
    const asked: string[] = [];
    const stated = name.includes("batches");
    const page = await openShop(browser, shop.url);
    page.on("request", (request) => asked.push(request.url()));
    const since = Date.now();
    const sent = await visit(page, {
      marker,
      writeKey: keys.write,
      host: server.url,
      options: options(2, 300),
      stated,
    });
    expect(sent.map(({ type, name: called }) => ({ type, name: called }))).toEqual(VISIT);
    await arrived(marker, sent, since);
    await effectOf(marker, sent[0]?.anon ?? "");
    expect(asked.map((url) => new URL(url).pathname)).toContain(path);
    expect(strangers(asked)).toEqual([]);
    await page.context().close();
  });

  // A beacon is never sent again: the browser tells nobody what became of it.
  test.each(names.filter((name) => !name.includes("beacon")))(
    "%s delivers every event once, though every first answer is an error",
    async (name) => {
      const { visit, options } = clientOf(name);
      const marker = `again-${names.indexOf(name)}-`;
      const proxy = await startFaultyProxy(server.url, 2);
      const page = await openShop(browser, shop.url);
      const since = Date.now();
      const sent = await visit(page, { marker, writeKey: keys.write, host: proxy.url, options: options(2, 300) });
      await arrived(marker, sent, since);
      // An answer that was lost behind the product's is asked for again, and changes nothing.
      await until(() => proxy.waiting() === 0, { what: "every repeat to be answered" });
      await page.context().close();
      await proxy.close();
      expect(proxy.failed["500 after"]).toBeGreaterThan(0);
      const kept = await journalOf(marker);
      expect(kept.map(({ id }) => id).sort()).toEqual(sent.map(({ id }) => id).sort());
      await effectOf(marker, sent[0]?.anon ?? "");
    },
  );

  test.each(names)("%s loses nothing when its page is left at once, and repeats nothing on the next", async (name) => {
    const { visit, options } = clientOf(name);
    const marker = `left-${names.indexOf(name)}-`;
    const page = await openShop(browser, shop.url);
    // Nothing is sent before the page goes: neither are there enough events nor has enough time passed.
    const plan = { marker, writeKey: keys.write, host: server.url, options: options(100, 60_000) };
    const since = Date.now();
    const sent = await visit(page, plan);
    await page.goto("about:blank");
    await page.goto(shop.url);
    await visit(page, { ...plan, options: options(2, 300), quiet: true });
    await arrived(marker, sent, since);
    await effectOf(marker, sent[0]?.anon ?? "");
    await page.context().close();
  });
});
