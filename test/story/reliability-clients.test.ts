import { readdirSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import RudderAnalytics from "@rudderstack/rudder-sdk-node";
import { Analytics } from "@segment/analytics-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startFaultyProxy } from "../support/chaos-proxy.mjs";
import { hasData, readData } from "../support/data";
import { keys, type Server, startServer, until } from "../support/server";

let server: Server;

beforeAll(async () => {
  server = await startServer({ tick: 0 });
});

afterAll(async () => {
  await server.stop();
});

/** The messageIds of the journal, each as often as it stands there. */
async function journalIds(): Promise<string[]> {
  const sql = "SELECT e.value ->> 'id' AS id FROM journal j, json_each(j.body) e ORDER BY j.seq";
  return (await server.rows<{ id: string }>(sql)).map(({ id }) => id);
}

interface Kept {
  readonly id: string;
  readonly type: string;
  readonly at: number;
  readonly trust: string;
  readonly user: string;
  readonly received: number;
}

/** Events of the journal whose user id begins so. */
async function journalOf(prefix: string): Promise<Kept[]> {
  const sql = "SELECT e.value, j.received_at AS received FROM journal j, json_each(j.body) e ORDER BY j.seq";
  const rows = await server.rows<{ value: string; received: number }>(sql);
  const all = rows.map(({ value, received }) => ({ ...(JSON.parse(value) as Kept), received }));
  return all.filter(({ user }) => user?.startsWith(prefix));
}

test("Segment's own package delivers every event once, though every first answer is an error", async () => {
  const proxy = await startFaultyProxy(server.url);
  const analytics = new Analytics({ writeKey: keys.secret, host: proxy.url, flushAt: 10, flushInterval: 50 });
  const failures: unknown[] = [];
  analytics.on("error", (error) => failures.push(error));
  const sent: string[] = [];
  const note = (messageId: string) => {
    sent.push(messageId);
    return messageId;
  };
  for (let number = 0; number < 20; number++) {
    const userId = `segment-${number}`;
    const product = { product_id: "lamp", price: 10, quantity: 1 };
    analytics.identify({ userId, traits: { email: `${userId}@client.test` }, messageId: note(`i-${number}`) });
    // Batches overtake each other when they are sent again, so that nobody both fills a cart and orders.
    if (number % 2 === 0) {
      const properties = { order_id: `order-${userId}`, total: 20, products: [product] };
      analytics.track({ userId, event: "Order Completed", properties, messageId: note(`o-${number}`) });
      continue;
    }
    for (const time of ["a", "b", "c"]) {
      const properties = { ...product, cart_id: `cart-${userId}` };
      analytics.track({ userId, event: "Product Added", properties, messageId: note(`${time}-${number}`) });
    }
  }
  await analytics.closeAndFlush({ timeout: 60_000 });
  await proxy.close();
  console.log("answers in the place of the product's:", proxy.failed);
  expect(failures).toEqual([]);
  for (const [failure, times] of Object.entries(proxy.failed)) expect(times, failure).toBeGreaterThan(0);
  expect((await journalIds()).sort()).toEqual(sent.sort());

  const carts = "SELECT count(*) AS carts, sum(value) AS value FROM carts WHERE cart_id LIKE 'cart-segment-%'";
  expect(await server.rows(carts)).toEqual([{ carts: 10, value: 10 * 3 * 1_000 }]);
  const orders = "SELECT count(*) AS orders, sum(total) AS total FROM orders WHERE order_id LIKE 'order-segment-%'";
  expect(await server.rows(orders)).toEqual([{ orders: 10, total: 10 * 2_000 }]);
});

test("RudderStack's own package, which packs its batches, delivers every event once as well", async () => {
  const proxy = await startFaultyProxy(server.url);
  const failures: unknown[] = [];
  const analytics = new RudderAnalytics(keys.secret, {
    dataPlaneUrl: proxy.url,
    flushAt: 5,
    flushInterval: 50,
    errorHandler: (error: unknown) => failures.push(error),
  });
  const since = Date.now();
  for (let number = 0; number < 10; number++) {
    const userId = `rudder-${number}`;
    analytics.identify({ userId, traits: { email: `${userId}@client.test`, first_name: "Ada" } });
    const products = [{ product_id: "lamp", price: 10, quantity: 2 }];
    analytics.track({
      userId,
      event: "Order Completed",
      properties: { order_id: `order-${userId}`, total: 20, products },
    });
    analytics.page({ userId, name: "Account", properties: { path: "/account" } });
  }
  await until(async () => (await journalOf("rudder-")).length >= 30, { what: "thirty events" });
  // What is under way a second time is waited for: it must change nothing.
  await until(() => proxy.waiting() === 0, { what: "the repeats to be answered" });
  await proxy.close();
  expect(failures).toEqual([]);
  for (const [failure, times] of Object.entries(proxy.failed)) expect(times, failure).toBeGreaterThan(0);

  const sent = proxy.requests.filter(({ ids }) => ids.length > 0);
  // The first event is on its way before a second one is there.
  expect(sent[0]?.ids).toHaveLength(1);
  for (const { headers } of sent) {
    expect(headers["content-type"]).toBe("application/x-www-form-urlencoded");
    expect(headers["content-encoding"]).toBe("gzip");
  }
  const kept = await journalOf("rudder-");
  expect(kept.map(({ id }) => id).sort()).toEqual([...new Set(sent.flatMap(({ ids }) => ids))].sort());
  expect(kept).toHaveLength(30);
  for (const type of ["identify", "track", "page"])
    expect(kept.filter((event) => event.type === type)).toHaveLength(10);
  for (const { at, received, trust } of kept) {
    expect(trust).toBe("secret");
    expect(at).toBeGreaterThanOrEqual(since - 1_000);
    expect(at).toBeLessThanOrEqual(received);
  }
  const { data } = (await server.api("/api/contacts?email=rudder-3@client.test")).json;
  expect(data).toMatchObject([
    {
      external_id: "rudder-3",
      first_name: "Ada",
      status: "verified",
      metrics: { orders: 1, net_total: { amount: 2_000 } },
    },
  ]);
});

test("an event that Segment's package lets through although it is too large is refused alone", async () => {
  const analytics = new Analytics({ writeKey: keys.write, host: server.url, flushAt: 3, flushInterval: 50 });
  const failures: unknown[] = [];
  analytics.on("error", (error) => failures.push(error));
  const big = "x".repeat(40 * 1024);
  for (const [number, note] of ["small", big, "small"].entries()) {
    const properties = { note };
    analytics.track({ userId: "large-1", event: "Note Written", properties, messageId: `large-${number}` });
  }
  await analytics.closeAndFlush({ timeout: 30_000 });
  expect(failures).toEqual([]);
  expect((await journalOf("large-")).map(({ id }) => id)).toEqual(["large-0", "large-2"]);
  const { data } = (await server.api("/api/rejected-events?limit=200")).json;
  expect(data.filter((one: { message_id: string }) => one.message_id === "large-1")).toMatchObject([
    { reason: expect.stringContaining("too-large") },
  ]);
});

test("a batch that comes again is known by its message ids, and no answer is a redirection", async () => {
  const event = { type: "track", event: "Note Written", messageId: "twice-1", anonymousId: "twice-browser" };
  const body = JSON.stringify({ batch: [event], sentAt: new Date().toISOString() });
  const headers = { authorization: `Basic ${btoa(`${keys.write}:`)}`, "x-retry-count": "1" };
  const send = (path: string, method = "POST") =>
    fetch(server.url + path, { method, headers, redirect: "manual", ...(method === "POST" && { body }) });
  for (let time = 0; time < 3; time++) {
    const answer = await send("/v1/batch");
    expect([answer.status, await answer.json()]).toEqual([200, { accepted: 1, rejected: [] }]);
  }
  expect((await journalIds()).filter((id) => id === "twice-1")).toHaveLength(1);
  // Segment's clients count a 3xx as delivered: an address that is a little wrong must not look like one.
  const paths = [
    "/v1/batch",
    "/v1/b",
    "/v1/track",
    "/v1/t",
    "/beacon/v1/batch",
    "/sourceConfig",
    "/v1/projects/x/settings",
  ];
  for (const path of paths.flatMap((one) => [one, `${one}/`, `/${one}`, one.toUpperCase(), `${one}?writeKey=x`])) {
    for (const method of ["POST", "GET"]) {
      const { status } = await send(path, method);
      expect(status < 300 || status >= 400, `${method} ${path} → ${status}`).toBe(true);
    }
  }
});

interface Captured {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

const CAPTURED_KEY = "wk_test";

/** The request as the client sent it, with a key of ours. */
function replay({ method, path, query, headers, body }: Captured): Promise<Response> {
  const ours = (text: string) => text.replaceAll(CAPTURED_KEY, keys.write);
  const search = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, ours(value)]));
  const sent = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    // These belong to the connection, which is another one.
    if (["host", "connection", "content-length", "accept-encoding"].includes(name)) continue;
    sent.set(name, value === `Basic ${btoa(`${CAPTURED_KEY}:`)}` ? `Basic ${btoa(`${keys.write}:`)}` : value);
  }
  const text = typeof body === "string" ? body : ours(JSON.stringify(body));
  const bytes = headers["content-encoding"] === "gzip" ? gzipSync(text) : text;
  const url = `${server.url}${ours(path)}${search.size > 0 ? `?${search}` : ""}`;
  return fetch(url, { method, headers: sent, ...(text === "" ? {} : { body: bytes }) });
}

function messageIds({ body }: Captured): string[] {
  const events = (body as { batch?: unknown[] }).batch ?? [body];
  return events.flatMap((event) => (event as { messageId?: string }).messageId ?? []);
}

describe("what real clients were seen to send", () => {
  const folder = process.env["RELANCE_DATA"] ?? join(import.meta.dirname, "../../../shared/data");
  const files = hasData ? readdirSync(join(folder, "clients")).filter((name) => name.endsWith(".json")) : [];

  test.skipIf(!hasData)("there are captures to replay", () => expect(files.length).toBeGreaterThan(5));

  test.each(files)("%s is accepted, each event stored once", async (file) => {
    const captured = JSON.parse(readData(`clients/${file}`)) as Captured[];
    for (const request of captured) {
      const answer = await replay(request);
      const label = `${request.method} ${request.path}`;
      expect(answer.status, label).toBe(request.method === "OPTIONS" ? 204 : 200);
      if (request.method === "OPTIONS") {
        const asked = request.headers["access-control-request-headers"]?.split(",") ?? [];
        const allowed = answer.headers.get("access-control-allow-headers")?.split(", ") ?? [];
        expect(allowed, label).toEqual(expect.arrayContaining(asked));
      }
      if (request.method !== "POST") continue;
      expect(await answer.json(), label).toMatchObject({ rejected: [] });
    }
    const ids = new Set(captured.filter(({ method }) => method === "POST").flatMap(messageIds));
    const stored = (await journalIds()).filter((id) => ids.has(id));
    expect(stored.sort()).toEqual([...ids].sort());
  });
});
