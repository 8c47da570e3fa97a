import { readdirSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Analytics } from "@segment/analytics-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startFaultyProxy } from "../support/chaos-proxy.mjs";
import { hasData, readData } from "../support/data";
import { keys, type Server, startServer } from "../support/server";

let server: Server;

beforeAll(async () => {
  server = await startServer({ tick: 0 });
});

afterAll(async () => {
  await server.stop();
});

/** The messageIds of the journal, each as often as it stands there. */
async function journalIds(): Promise<string[]> {
  const db = await server.mf.getD1Database("DB");
  const sql = "SELECT e.value ->> 'id' AS id FROM journal j, json_each(j.body) e ORDER BY j.seq";
  return (await db.prepare(sql).all<{ id: string }>()).results.map(({ id }) => id);
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

  const db = await server.mf.getD1Database("DB");
  const all = async (sql: string) => (await db.prepare(sql).all<Record<string, number>>()).results;
  const carts = "SELECT count(*) AS carts, sum(value) AS value FROM carts WHERE cart_id LIKE 'cart-segment-%'";
  expect(await all(carts)).toEqual([{ carts: 10, value: 10 * 3 * 1_000 }]);
  const orders = "SELECT count(*) AS orders, sum(total) AS total FROM orders WHERE order_id LIKE 'order-segment-%'";
  expect(await all(orders)).toEqual([{ orders: 10, total: 10 * 2_000 }]);
}, 90_000);

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
