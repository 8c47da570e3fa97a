import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rssFeed, serveFeed } from "../support/feed-server";
import type { ApiAnswer, Server } from "../support/server";
import { startServer, until } from "../support/server";

let server: Server;
const said: string[] = [];
let shop: Awaited<ReturnType<typeof serveFeed>>;

beforeAll(async () => {
  [server, shop] = await Promise.all([startServer({ tick: 0, said: (line) => said.push(line) }), serveFeed()]);
});

afterAll(async () => {
  await server.stop();
  await shop.stop();
});

type Fields = Record<string, string>;

const item = (id: string, rest: Fields = {}): Fields => ({
  id,
  title: `Lamp ${id}`,
  link: `https://shop.test/${id}`,
  price: "40.00 EUR",
  availability: "in_stock",
  quantity: "20",
  ...rest,
});

const call = (method: string, path: string, json?: unknown): Promise<ApiAnswer> =>
  server.api(path, json === undefined ? { method } : { method, json });
const setUp = (key: string, rest: object = {}): Promise<ApiAnswer> =>
  call("POST", "/api/feeds", { key, url: shop.url, every: "PT1H", ...rest });

/** Fetches a feed and gives what came of it. */
async function fetched(key: string): Promise<Record<string, unknown>> {
  const { status, json } = await call("POST", `/api/feeds/${key}/fetch`);
  expect(status).toBe(202);
  return json.last_run;
}

const product = async (id: string) => (await call("GET", `/api/products/${id}`)).json;
const changes = async (id: string): Promise<unknown[]> => {
  const { json } = await call("GET", `/api/catalogue/changes?product_id=${id}`);
  return json.data.map(({ kind, before, after }: Record<string, unknown>) => [kind, before, after]).reverse();
};
const eur = (amount: number) => ({ amount, currency: "EUR" });

describe("a product feed", () => {
  test("is fetched, and the next time only what says something new is written", async () => {
    shop.serve(rssFeed([item("a"), item("b"), item("c", { item_group_id: "g" }), item("d", { item_group_id: "g" })]));
    expect((await setUp("main")).status).toBe(201);
    expect((await setUp("main")).status).toBe(201);
    const first = await fetched("main");
    expect(first).toMatchObject({ state: "done", items: 4, changed: 4, gone: 0, rejected: [], reason: null });
    expect(await product("g")).toMatchObject({ title: "Lamp c", variants: [{ sku: "c" }, { sku: "d" }] });

    const second = await fetched("main");
    expect(second).toMatchObject({ state: "done", items: 4, changed: 0, gone: 0 });

    const sale = { sale_price: "30.00 EUR" };
    shop.serve(rssFeed([item("a", sale), item("b"), item("c", { item_group_id: "g", quantity: "0" })]));
    const third = await fetched("main");
    expect(third).toMatchObject({ state: "done", items: 3, changed: 2, gone: 1 });
    expect(third["rows_written"]).toBeLessThan(first["rows_written"] as number);
    const { variants, price_history: prices } = await product("a");
    expect(variants).toMatchObject([
      { price: eur(3_000), compare_at: eur(4_000), stock: 20, lowest_price_30_days: eur(4_000) },
    ]);
    expect(prices).toHaveLength(2);
    expect((await product("g")).variants).toMatchObject([
      { sku: "c", stock: 0, left_feed_at: null },
      { sku: "d", stock: 20, feed: "main", left_feed_at: expect.stringMatching(/Z$/) },
    ]);
    // What is loaded for the first time is no change.
    expect(await changes("a")).toEqual([["price_drop", eur(4_000), eur(3_000)]]);
    expect(await changes("g")).toEqual([]);

    shop.serve(
      rssFeed([item("a", sale), item("b"), item("c", { item_group_id: "g" }), item("d", { item_group_id: "g" })]),
    );
    expect(await fetched("main")).toMatchObject({ changed: 2, gone: 0 });
    expect((await product("g")).variants).toMatchObject([{ left_feed_at: null }, { left_feed_at: null }]);
    expect(await changes("g")).toEqual([["back_in_stock", { stock: 0 }, { stock: 20 }]]);
  });

  test("that says it has not changed is not read", async () => {
    shop.serve(rssFeed([item("etag")]), { ETag: '"v1"', "Last-Modified": "Wed, 21 Oct 2026 07:28:00 GMT" });
    await setUp("etag");
    expect(await fetched("etag")).toMatchObject({ state: "done" });
    expect(await fetched("etag")).toMatchObject({ state: "unchanged", items: 0, changed: 0 });
    expect(shop.asked.at(-1)?.headers).toMatchObject({
      "if-none-match": '"v1"',
      "if-modified-since": "Wed, 21 Oct 2026 07:28:00 GMT",
    });
    // Set up anew, it is read anew.
    await call("PUT", "/api/feeds/etag", { url: shop.url, every: "PT2H" });
    expect(await fetched("etag")).toMatchObject({ state: "done", items: 1, changed: 0 });
  });

  test("may be CSV with tabs and names of its own, and packed", async () => {
    const rows = ["ref\tName\tprix\tavailability", 't1\t"Lamp ""T"""\t12,50\tin stock', "t2\tVase\tcheap\tin stock"];
    shop.serve(gzipSync(rows.join("\n")), { "Content-Type": "application/gzip" });
    await setUp("csv", { columns: { id: "ref", title: "name", price: "prix" } });
    expect(await fetched("csv")).toMatchObject({
      state: "done",
      items: 2,
      changed: 1,
      rejected: [{ reason: "price is not an amount as in 12.99 EUR", count: 1, line: 3, example: "t2" }],
    });
    expect((await product("t1")).variants).toMatchObject([{ price: eur(1_250), stock: 1 }]);
    shop.serve(gzipSync(rows.join("\n")), { "Content-Encoding": "gzip", "Content-Type": "text/plain" });
    expect(await fetched("csv")).toMatchObject({ state: "done", items: 2, changed: 0 });
  });

  test("says what it left out by reason, with an example, and takes the rest", async () => {
    shop.serve(
      rssFeed([item("r1"), item("r1"), item("r2", { price: "?" }), item("r3", { price: "" }), { title: "x" }]),
    );
    await setUp("rejects");
    expect(await fetched("rejects")).toMatchObject({ state: "done", items: 5, changed: 2 });
    const { json } = await call("GET", "/api/feeds/rejects");
    const rejected = json.runs[0].rejected.map(({ reason, count, example }: Fields) => [reason, count, example]);
    expect(rejected).toEqual([
      ["id is that of an item before it", 1, "r1"],
      ["price is not an amount as in 12.99 EUR", 1, "r2"],
      ["id is missing", 1, null],
    ]);
  });

  test("announces prices, takes them back, and tells of them when they come into force", async () => {
    const clock = async () => Date.parse((await call("GET", "/dev/clock")).json.now);
    const at = async (hours: number): Promise<string> => new Date((await clock()) + hours * 3_600_000).toISOString();
    shop.serve(rssFeed([item("s1"), item("s2")]));
    await setUp("sales", { paused: true });
    await fetched("sales");
    const window = `${await at(4)}/${await at(8)}`;
    const sale = { sale_price: "25.00 EUR", sale_price_effective_date: window };
    shop.serve(rssFeed([item("s1", sale), item("s2", sale)]));
    await fetched("sales");
    expect((await product("s1")).announced).toMatchObject([{ price: eur(2_500) }, { price: eur(4_000) }]);
    expect((await product("s1")).variants[0].price).toEqual(eur(4_000));
    shop.serve(rssFeed([item("s1", sale), item("s2")]));
    expect(await fetched("sales")).toMatchObject({ changed: 1 });
    expect((await product("s2")).announced).toEqual([]);
    expect(await changes("s1")).toEqual([]);
    await call("POST", "/dev/clock", { advance: "PT5H" });
    expect((await product("s1")).variants[0].price).toEqual(eur(2_500));
    expect(await changes("s1")).toEqual([["price_drop", eur(4_000), eur(2_500)]]);
    expect(await changes("s2")).toEqual([]);
  });

  test("leaves to another feed what that one lists, until it is gone", async () => {
    shop.serve(rssFeed([item("o1")]));
    await setUp("one", { paused: true });
    await fetched("one");
    await setUp("two", { paused: true });
    shop.serve(rssFeed([item("o1", { price: "50 EUR" }), item("o2")]));
    expect(await fetched("two")).toMatchObject({
      changed: 1,
      rejected: [{ reason: "id is listed by another feed", count: 1, example: "o1" }],
    });
    expect((await call("DELETE", "/api/feeds/one")).status).toBe(204);
    expect(await fetched("two")).toMatchObject({ changed: 1, rejected: [] });
    expect((await product("o1")).variants[0]).toMatchObject({ price: eur(5_000), feed: "two" });
  });

  test("is fetched on its schedule", async () => {
    await call("DELETE", "/api/feeds/main");
    shop.serve(rssFeed([item("hourly")]));
    await setUp("hourly");
    const since = shop.asked.length;
    await server.scheduled("*/5 * * * *");
    const { json } = await call("GET", "/api/feeds/hourly");
    expect(json.last_run).toMatchObject({ state: "done", changed: 1 });
    await server.scheduled("*/5 * * * *");
    const asked = (): number => shop.asked.slice(since).length;
    const once = asked();
    await call("POST", "/dev/clock", { advance: "PT1H" });
    expect(asked()).toBeGreaterThan(once);
    expect((await call("GET", "/api/feeds/hourly")).json.runs).toHaveLength(2);
  });
});

describe("a feed that cannot be had changes nothing and says why", () => {
  const whole = rssFeed([item("f1", { price: "1.00 EUR" }), item("f2")]);

  beforeAll(async () => {
    shop.serve(rssFeed([item("f1"), item("f2")]));
    await setUp("faults", { paused: true });
    await fetched("faults");
  });

  const failing: [what: string, answer: Parameters<typeof shop.answerWith>[0], why: RegExp][] = [
    ["an error of the server", (_, response) => void response.writeHead(500).end(whole), /status 500/],
    ["nobody there any more", (_, response) => void response.writeHead(404).end(), /status 404/],
    [
      "F04: a redirect to a private address",
      (_, response) => void response.writeHead(302, { Location: "http://169.254.169.254/latest" }).end(),
      /redirect \(302\)/,
    ],
    ["XML that breaks off", (_, response) => void response.writeHead(200).end(whole.slice(0, -60)), /whole/],
    [
      "a connection that breaks off",
      (_, response) => {
        response.writeHead(200, { "Content-Length": whole.length }).write(whole.slice(0, 300));
        setTimeout(() => response.destroy(), 20);
      },
      /broke off|whole|fetched/,
    ],
    [
      "a page of the web instead, as XML",
      (_, response) =>
        void response
          .writeHead(200, { "Content-Type": "application/xml" })
          .end("<!DOCTYPE html><html><body>Please log in</body></html>"),
      /DOCTYPE/,
    ],
    [
      "JSON",
      (_, response) => void response.writeHead(200, { "Content-Type": "application/json" }).end('{"a":1}\n{"a":2}\n'),
      /no item that can be read/,
    ],
    ["nothing", (_, response) => void response.writeHead(200).end(), /is empty/],
    ["a feed without items", (_, response) => void response.writeHead(200).end(rssFeed([])), /holds no item/],
    [
      "gzip that is none",
      (_, response) =>
        void response.writeHead(200).end(Buffer.concat([gzipSync(whole).subarray(0, 60), Buffer.alloc(40)])),
      /gzip/,
    ],
    [
      "entities that expand to a bomb",
      (_, response) =>
        void response
          .writeHead(200)
          .end(
            '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><rss><channel><item><id>&b;</id></item></channel></rss>',
          ),
      /DOCTYPE/,
    ],
  ];

  test.each(failing)("%s", async (_, answer, why) => {
    shop.answerWith(answer);
    const run = await fetched("faults");
    expect(run).toMatchObject({ state: "failed", changed: 0, gone: 0, reason: expect.stringMatching(why) });
    expect(run["rows_written"]).toBeLessThanOrEqual(2);
    expect((await product("f1")).variants).toMatchObject([{ price: eur(4_000), left_feed_at: null }]);
  });

  test("and is read again when it is well", async () => {
    shop.serve(whole);
    expect(await fetched("faults")).toMatchObject({ state: "done", changed: 1 });
    expect((await product("f1")).variants[0].price).toEqual(eur(100));
  });
});

describe("the address of a feed", () => {
  test("is refused when it is saved, with its reason", async () => {
    const urls = [
      "http://10.0.0.1/",
      "https://[fd00::1]/",
      "https://feeds.elsewhere.test/",
      "https://user@127.0.0.1/",
      "ftp://x.test/",
    ];
    for (const url of urls) {
      const { status, json } = await setUp("bad", { url });
      expect([url, status, json.errors?.[0]?.pointer]).toEqual([url, 400, "/url"]);
    }
    expect((await setUp("bad", { every: "PT5M" })).json.errors[0].pointer).toBe("/every");
    expect((await setUp("Bad key")).status).toBe(400);
    expect((await call("GET", "/api/feeds/bad")).status).toBe(404);
    expect((await call("POST", "/api/feeds/bad/fetch")).status).toBe(404);
    expect((await setUp("two", { every: "PT3H" })).status).toBe(409);
  });
});

describe("a large feed", () => {
  const SIZE = 3_500;
  const all = (rest: Fields = {}): string =>
    rssFeed(Array.from({ length: SIZE }, (_, index) => item(`big-${index}`, { brand: "Lumen", ...rest })));

  test("whose process is killed in the middle is written on from where it stood, each item once", async () => {
    shop.serve(all());
    await setUp("big", { paused: true });
    await call("POST", "/dev/faults", { pauseAt: "feed-part" });
    const paused = said.length;
    // Its answer never comes.
    const lost = call("POST", "/api/feeds/big/fetch").catch(() => null);
    await until(() => said.slice(paused).some((line) => line.includes("feed-part")), { what: "the first part" });
    server = await server.restart();
    await lost;
    const run = async () => (await call("GET", "/api/feeds/big")).json.last_run;
    const stood = await run();
    expect(stood).toMatchObject({ state: "writing", changed: 1_000 });
    const asked = shop.asked.length;
    // Once the lease of the dead has run out, the next cron goes on, or the one after it.
    for (let cron = 0; cron < 5 && (await run()).finished_at === null; cron++) {
      await call("POST", "/dev/clock", { advance: "PT6M" });
      await server.scheduled("*/5 * * * *");
    }
    expect(await run()).toMatchObject({ state: "done", items: SIZE, changed: SIZE, gone: 0, progress: 1 });
    expect(shop.asked.length).toBe(asked);
    const db = await server.mf.getD1Database("DB");
    const sql = "SELECT count(*) AS n FROM price_history WHERE product_id LIKE 'big-%'";
    expect(await db.prepare(sql).first("n")).toBe(SIZE);
    expect(await fetched("big")).toMatchObject({ state: "done", changed: 0, gone: 0 });
  });
});

describe("a product that the shop's server tells of by event", () => {
  const told = (properties: object, rest: object = {}): Promise<ApiAnswer> =>
    server.send("track", { anonymousId: "catalogue", event: "Product Updated", properties, ...rest });

  test("is written with its news, and what is left out stays", async () => {
    const lamp = {
      product_id: "ev",
      name: "Lamp",
      url: "https://shop.test/ev",
      brand: "Lumen",
      price: "40.00",
      stock: 3,
    };
    expect((await told(lamp)).json).toMatchObject({ accepted: 1, rejected: [] });
    expect((await told({ product_id: "ev", price: 35.5, stock: 0 })).json.accepted).toBe(1);
    expect((await told({ product_id: "ev", name: "Lamp II", stock: 8 })).json.accepted).toBe(1);
    expect(await product("ev")).toMatchObject({
      title: "Lamp II",
      url: "https://shop.test/ev",
      brand: "Lumen",
      variants: [{ sku: "ev", price: eur(3_550), stock: 8 }],
    });
    expect(await changes("ev")).toEqual([
      ["price_drop", eur(4_000), eur(3_550)],
      ["back_in_stock", { stock: 0 }, { stock: 8 }],
    ]);
    const day = new Date(Date.parse((await call("GET", "/dev/clock")).json.now) + 86_400_000).toISOString();
    await told({ product_id: "ev", price: 45, effective_from: day }, { messageId: "announce-1" });
    await told({ product_id: "ev", price: 45, effective_from: day }, { messageId: "announce-1" });
    expect((await product("ev")).announced).toMatchObject([{ price: eur(4_500), effective_from: day }]);
    expect((await changes("ev")).slice(2)).toEqual([["price_rise_announced", eur(3_550), eur(4_500)]]);
    // Nobody knows what it is yet: price and stock alone make no product.
    await told({ product_id: "nameless", price: 3, stock: 1 });
    expect((await call("GET", "/api/products/nameless")).status).toBe(404);
  });

  test("is refused of a browser, and where it does not fit", async () => {
    const { status, json } = await server.api("/v1/track", {
      method: "POST",
      headers: { Authorization: "Bearer wk_local" },
      json: { anonymousId: "a", event: "Product Updated", properties: { product_id: "ev", price: 1 } },
    });
    expect([status, json.type]).toEqual([403, expect.stringContaining("server-only-event")]);
    for (const [properties, pointer] of [
      [{ price: 1 }, "/properties/product_id"],
      [{ product_id: "ev", price: "cheap" }, "/properties/price"],
      [{ product_id: "ev", stock: 1.5 }, "/properties/stock"],
      [{ product_id: "ev", effective_from: "soon" }, "/properties/effective_from"],
    ] as const) {
      const refused = await told(properties);
      expect([refused.status, refused.json.errors[0].pointer]).toEqual([400, pointer]);
    }
    expect((await product("ev")).variants[0].price).toEqual(eur(3_550));
  });
});

describe("a scenario that starts when the catalogue changes", () => {
  const lamps = (...products: object[]): Promise<ApiAnswer> => call("PUT", "/api/products", { products });
  const priced = (id: string, amount: number, stock = 20): object => ({
    product_id: id,
    title: id,
    price: eur(amount),
    stock,
  });

  /** Makes a scenario that sends one letter, and switches it on. */
  async function started(kind: string, audience: string): Promise<string> {
    const blocks = {
      start: { type: "start.catalogue", params: { kind, audience }, next: { next: "letter" } },
      letter: { type: "send.email", params: { content: "second_purchase_thanks" }, next: { next: "done" } },
      done: { type: "exit" },
    };
    const definition = { name: `${kind} ${audience}`, stop_on: ["withdrawal"], start: "start", blocks };
    const { json } = await call("POST", "/api/scenarios", { definition });
    expect((await call("POST", `/api/scenarios/${json.id}/activate`)).status).toBe(200);
    return json.id;
  }

  /** Who came in, by user and entry key. */
  async function runs(scenario: string): Promise<string[]> {
    await call("POST", "/dev/clock", { advance: "PT6M" });
    const sql =
      "SELECT c.external_id AS who, r.entry_key AS key FROM runs r JOIN contacts c ON c.id = r.contact WHERE r.scenario = ?1 ORDER BY 1, 2";
    const rows = await server.rows<{ who: string; key: string }>(sql, scenario);
    return rows.map(({ who, key }) => `${who} ${key}`);
  }

  test("lets in who has the product on their wishlist, once for a price, by the greatest saving", async () => {
    await lamps(priced("w1", 4_000), priced("w2", 4_000), priced("w3", 4_000));
    for (const userId of ["wish-a", "wish-b", "wish-c"]) {
      const traits = { email: `${userId}@example.com`, consent: { email: true }, consent_wording: "Yes" };
      await server.send("identify", { userId, traits });
    }
    const wishes = (userId: string, product: string, event = "Product Added to Wishlist"): Promise<ApiAnswer> =>
      server.send("track", { userId, event, properties: { product_id: product, price: 40, currency: "EUR" } });
    await wishes("wish-a", "w1");
    await wishes("wish-a", "w2");
    await wishes("wish-b", "w1");
    await wishes("wish-b", "w1", "Product Removed from Wishlist");
    await wishes("wish-c", "w3");
    const drops = await started("price_drop", "wishlist");
    const carts = await started("back_in_stock", "cart");
    await server.send("track", {
      userId: "wish-b",
      event: "Product Added",
      properties: { cart_id: "cb", product_id: "w2", price: 40, quantity: 1 },
    });
    // Five percent and more, both of them at once; what somebody took out again is theirs no more.
    await lamps(priced("w1", 3_600), priced("w2", 2_000, 0), priced("w3", 3_990));
    expect(await runs(drops)).toEqual(["wish-a price_drop:w2:2000"]);
    expect(await runs(drops)).toHaveLength(1);
    await lamps(priced("w2", 2_000, 6), priced("w3", 3_000));
    expect(await runs(carts)).toEqual([expect.stringMatching(/^wish-b back_in_stock:w2:\d+$/)]);
    expect(await runs(drops)).toEqual(["wish-a price_drop:w2:2000", "wish-c price_drop:w3:3000"]);
    const inbox = async (who: string) => (await server.api(`/dev/inbox.json?to=${who}@example.com`)).json.data;
    // What is cheaper and sold out is nothing to write of.
    expect(await inbox("wish-a")).toEqual([]);
    expect(await inbox("wish-c")).toHaveLength(1);
    // What went off sale since it became cheaper is nothing to write of.
    await lamps(priced("w3", 2_000));
    const db = await server.mf.getD1Database("DB");
    await db.prepare("UPDATE products SET gone_at = 1 WHERE product_id = 'w3'").run();
    expect(await runs(drops)).toHaveLength(2);
  });
});
