import { env } from "cloudflare:workers";
import { Hono } from "hono";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { createApp } from "../../src/app";
import { writeShopStock } from "../../src/commerce/shop-product-store";
import { Budget } from "../../src/events/budget";
import { webhookRoutes } from "../../src/events/webhook-routes";
import { onError } from "../../src/platform/http";
import { servicesOf } from "../../src/services";
import type { Env } from "../../src/services/env";
import { webhookDeps } from "../../src/services/webhooks";
import { type Delivery, delivery, SECRETS, sign } from "../support/webhooks";

const real = env as unknown as Env;
const app = createApp();
const context = { waitUntil: () => undefined, passThroughOnException: () => undefined } as unknown as ExecutionContext;

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly json: Record<string, unknown>;
}

async function post(
  path: string,
  init: RequestInit,
  from: Env = real,
  to: Pick<typeof app, "fetch"> = app,
): Promise<Answer> {
  const response = await to.fetch(new Request(`https://relance.test${path}`, init), from, context);
  const type = response.headers.get("Content-Type") ?? "";
  return { status: response.status, type, json: await response.json() };
}

function send(one: Delivery, from: Env = real): Promise<Answer> {
  const { path, init } = delivery(one);
  return post(path, init, from);
}

async function rows<Row>(sql: string, ...values: unknown[]): Promise<Row[]> {
  return (
    await real.DB.prepare(sql)
      .bind(...values)
      .all<Row>()
  ).results;
}

const now = Date.now();
const ago = (minutes: number): string => new Date(now - minutes * 60_000).toISOString();

const line = { id: 5, product_id: 7, variant_id: 8, sku: "LAMP", title: "Lamp", quantity: 1, price: "12.00" };
const order = (id: number | string, change: object = {}): Record<string, unknown> => ({
  id,
  created_at: ago(30),
  updated_at: ago(30),
  currency: "EUR",
  total_price: "12.00",
  financial_status: "paid",
  customer: { id: 901, email: "ann@shop.test", updated_at: ago(60) },
  line_items: [line],
  ...change,
});

const stored = async (id: string): Promise<unknown> =>
  (await rows("SELECT status, total, refunded FROM orders WHERE order_id = ?1", id))[0];
const journalled = async (): Promise<number> =>
  (await rows<{ n: number }>("SELECT count(*) AS n FROM journal"))[0]?.n ?? 0;

describe("E01 a webhook without the shop's signature", () => {
  const body = JSON.stringify(order(101));
  const headers = {
    "X-Shopify-Topic": "orders/create",
    "X-Shopify-Webhook-Id": "e01",
    "Content-Type": "application/json",
  };
  const signed = (signature: string | null, text = body): Promise<Answer> =>
    post("/webhooks/shopify", {
      method: "POST",
      headers: { ...headers, ...(signature !== null && { "X-Shopify-Hmac-Sha256": signature }) },
      body: text,
    });

  test.each([
    ["no signature", null],
    ["that of another secret", sign(body, "somebody-else")],
    ["that of another shop system's secret", sign(body, SECRETS.woocommerce)],
    ["that of the body as it is after parsing", sign(JSON.stringify(JSON.parse(body), null, 1), SECRETS.shopify)],
    ["the right one in hex", Buffer.from(sign(body, SECRETS.shopify), "base64").toString("hex")],
  ])("E01 is refused with 401 and changes nothing: %s", async (_, signature) => {
    const before = await journalled();
    const answer = await signed(signature);
    expect(answer).toMatchObject({ status: 401, json: { title: "A valid key is needed" } });
    expect(answer.type).toBe("application/problem+json");
    expect(await journalled()).toBe(before);
    expect(await stored("101")).toBeUndefined();
  });

  test("E01 the same JSON with one space more is another body", async () => {
    expect((await signed(sign(body, SECRETS.shopify), `${body} `)).status).toBe(401);
    expect((await signed(sign(`${body} `, SECRETS.shopify), `${body} `)).status).toBe(200);
  });

  test("E01 no secret is set: nothing is right, not even the signature under an empty one", async () => {
    const from = { ...real, SHOPIFY_WEBHOOK_SECRET: "" } as Env;
    const { path, init } = delivery({
      shop: "shopify",
      topic: "orders/create",
      body: order(102),
      secret: SECRETS.shopify,
    });
    expect((await post(path, init, from)).status).toBe(401);
  });
});

describe("E02 a signature of another form", () => {
  const body = JSON.stringify(order(201));
  const right = sign(body, SECRETS.shopify);
  test.each([
    ["empty", ""],
    ["short", "AA=="],
    ["long", right.repeat(40)],
    ["three in one header", `${right}, ${right}, ${right}`],
    ["three of which one is right", `v1,${right} v1,AAAA v1,BBBB`],
    ["not base64", "é€😀".normalize("NFC").replace(/[^\x20-\x7e]/g, "?")],
  ])("E02 is refused with 401, never 500: %s", async (_, signature) => {
    const headers = { "X-Shopify-Topic": "orders/create", "X-Shopify-Hmac-Sha256": signature };
    expect((await post("/webhooks/shopify", { method: "POST", headers, body })).status).toBe(401);
  });
});

describe("E04 the exact same delivery again", () => {
  test("E04 is answered with 200 and has no second effect, in the journal neither", async () => {
    const one: Delivery = { shop: "shopify", topic: "orders/create", body: order(401), id: "e04" };
    expect((await send(one)).json).toEqual({ accepted: 2 });
    const before = await journalled();
    expect(await send(one)).toMatchObject({ status: 200, json: { accepted: 0, repeated: true } });
    expect(await journalled()).toBe(before);
  });

  test("E04 ten at once make one order", async () => {
    const one: Delivery = { shop: "shopify", topic: "orders/create", body: order(402), id: "e04-b" };
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(one)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await rows("SELECT 1 FROM orders WHERE order_id = '402'")).toHaveLength(1);
    expect(await rows("SELECT 1 FROM order_lines WHERE order_id = '402'")).toHaveLength(1);
  });

  test("E04 another body under the same delivery's name is another delivery", async () => {
    await send({ shop: "shopify", topic: "orders/updated", body: order(403), id: "e04-c" });
    await send({
      shop: "shopify",
      topic: "orders/updated",
      body: order(403, { total_price: "15.00", updated_at: ago(1) }),
      id: "e04-c",
    });
    expect(await stored("403")).toMatchObject({ total: 1500 });
  });
});

describe("E05 the same event under a new delivery id, a day later", () => {
  test("E05 is answered with 200 and has no second effect", async () => {
    await send({ shop: "shopify", topic: "orders/create", body: order(501) });
    const before = await journalled();
    expect((await send({ shop: "shopify", topic: "orders/create", body: order(501) })).status).toBe(200);
    expect(await journalled()).toBe(before);
    expect(await stored("501")).toEqual({ status: "confirmed", total: 1200, refunded: 0 });
  });

  test("E05 a refund that is told by its own topic and within its order, and again, is one", async () => {
    const refund = {
      id: 77,
      order_id: 502,
      created_at: ago(5),
      transactions: [{ kind: "refund", status: "success", amount: "5.00", currency: "EUR" }],
      refund_line_items: [],
    };
    await send({ shop: "shopify", topic: "orders/create", body: order(502) });
    await send({ shop: "shopify", topic: "refunds/create", body: refund });
    await send({
      shop: "shopify",
      topic: "orders/updated",
      body: order(502, { refunds: [refund], updated_at: ago(4) }),
    });
    await send({ shop: "shopify", topic: "refunds/create", body: refund });
    expect(await stored("502")).toMatchObject({ total: 1200, refunded: 500 });
  });

  test("E05 another state of the same second is no repeat", async () => {
    await send({ shop: "shopify", topic: "orders/create", body: order(503) });
    const updated = (total_price: string): Promise<Answer> =>
      send({ shop: "shopify", topic: "orders/updated", body: order(503, { total_price, updated_at: ago(3) }) });
    await updated("15.00");
    await updated("18.00");
    expect(await stored("503")).toMatchObject({ total: 1800 });
    // The one before it, sent again, stays a repeat.
    await updated("15.00");
    expect(await stored("503")).toMatchObject({ total: 1800 });
  });

  test("E05 the ids of deliveries are kept for thirty days", async () => {
    const { storedTables } = await import("../../src/services/stored-tables");
    expect((await storedTables(real.DB))["webhook_deliveries"]?.keep).toEqual({ days: 30, from: "at" });
    expect((await rows("SELECT id FROM webhook_deliveries")).length).toBeGreaterThan(0);
  });
});

describe("E06 deliveries out of order", () => {
  test("E06 an older state of an order does not undo a newer one", async () => {
    await send({ shop: "shopify", topic: "orders/create", body: order(601) });
    const newer = order(601, { updated_at: ago(2), total_price: "20.00", fulfillment_status: "fulfilled" });
    await send({ shop: "shopify", topic: "orders/updated", body: newer });
    await send({
      shop: "shopify",
      topic: "orders/updated",
      body: order(601, { updated_at: ago(9), total_price: "15.00" }),
    });
    expect(await stored("601")).toEqual({ status: "shipped", total: 2000, refunded: 0 });
  });

  test("E06 an update before its creation makes the order, which its creation then leaves as it is", async () => {
    await send({
      shop: "shopify",
      topic: "orders/updated",
      body: order(602, { updated_at: ago(2), total_price: "20.00" }),
    });
    expect(await stored("602")).toEqual({ status: "confirmed", total: 2000, refunded: 0 });
    await send({ shop: "shopify", topic: "orders/create", body: order(602) });
    expect(await stored("602")).toEqual({ status: "confirmed", total: 2000, refunded: 0 });
    expect(await rows("SELECT placed_at FROM orders WHERE order_id = '602'")).toEqual([
      { placed_at: Date.parse(ago(30)) },
    ]);
  });

  test("E06 of two states of the same second the further one stays, in either order", async () => {
    const pending = { financial_status: "pending" };
    await send({ shop: "shopify", topic: "orders/paid", body: order(603) });
    await send({ shop: "shopify", topic: "orders/updated", body: order(603, pending) });
    await send({ shop: "shopify", topic: "orders/updated", body: order(604, pending) });
    await send({ shop: "shopify", topic: "orders/paid", body: order(604) });
    expect([await stored("603"), await stored("604")]).toMatchObject([
      { status: "confirmed" },
      { status: "confirmed" },
    ]);
  });

  test("E06 a refund and a cancellation before their order wait as rows, and are applied when it comes", async () => {
    const transactions = [{ kind: "refund", status: "success", amount: "4.00", currency: "EUR" }];
    const refund = { id: 78, order_id: 605, created_at: ago(5), transactions, refund_line_items: [] };
    await send({ shop: "shopify", topic: "refunds/create", body: refund });
    await send({ shop: "shopify", topic: "orders/delete", body: { id: 605 } });
    expect(await rows("SELECT order_id FROM waiting_changes WHERE order_id = '605'")).toHaveLength(2);
    await send({ shop: "shopify", topic: "orders/create", body: order(605) });
    expect(await stored("605")).toEqual({ status: "cancelled", total: 1200, refunded: 400 });
    expect(await rows("SELECT order_id FROM waiting_changes WHERE order_id = '605'")).toEqual([]);
  });

  test("E06 one parcel of two is not the order: it is delivered when both are", async () => {
    const parcel = (id: number, shipment_status: string | null): object => ({
      ...{ id, order_id: 607, status: "success", created_at: ago(8), updated_at: ago(6), shipment_status },
    });
    const whole = (minutes: number, ...fulfillments: object[]): Promise<Answer> =>
      send({
        shop: "shopify",
        topic: "orders/updated",
        body: order(607, {
          updated_at: ago(minutes),
          fulfillment_status: fulfillments.length < 2 ? "partial" : "fulfilled",
          fulfillments,
        }),
      });
    const statusOf = async (): Promise<unknown> =>
      (await rows("SELECT status, delivered_at AS at FROM orders WHERE order_id = '607'"))[0];
    await send({ shop: "shopify", topic: "orders/create", body: order(607) });
    await send({ shop: "shopify", topic: "fulfillments/update", body: parcel(81, "delivered") });
    expect(await statusOf()).toEqual({ status: "confirmed", at: null });
    await whole(5, parcel(81, "delivered"));
    expect(await statusOf()).toEqual({ status: "confirmed", at: null });
    await whole(4, parcel(81, "delivered"), parcel(82, "in_transit"));
    expect(await statusOf()).toEqual({ status: "in_transit", at: null });
    await whole(3, parcel(81, "delivered"), parcel(82, "delivered"));
    // A note of the shop's afterwards moves the day of the delivery no more.
    await whole(2, parcel(81, "delivered"), parcel(82, "delivered"));
    expect(await statusOf()).toEqual({ status: "delivered", at: Date.parse(ago(6)) });
  });

  test("E06 what waits is found again by a ledger that has started anew", async () => {
    const transactions = [{ kind: "refund", status: "success", amount: "12.00", currency: "EUR" }];
    await send({
      shop: "shopify",
      topic: "refunds/create",
      body: { id: 80, order_id: 606, created_at: ago(5), transactions },
    });
    const { runInDurableObject } = await import("cloudflare:test");
    await runInDurableObject(servicesOf(real).ledger as unknown as DurableObjectStub, (instance) => {
      const { cache } = (instance as unknown as { core: { cache: { clear: () => void } } }).core;
      cache.clear();
    });
    await send({ shop: "shopify", topic: "orders/create", body: order(606) });
    expect(await stored("606")).toEqual({ status: "refunded", total: 1200, refunded: 1200 });
  });

  test("E06 the same holds for a Segment client's refund before its order", async () => {
    const call = (event: string, messageId: string, properties: object): Promise<Answer> =>
      post("/v1/track", {
        method: "POST",
        headers: { Authorization: "Bearer sk_local" },
        body: JSON.stringify({ userId: "seg-1", event, messageId, properties, timestamp: ago(3) }),
      });
    await call("Order Refunded", "seg-r", { order_id: "seg-607", total: 5 });
    await call("Order Completed", "seg-o", { order_id: "seg-607", total: 9, currency: "EUR" });
    expect(await stored("seg-607")).toMatchObject({ total: 900, refunded: 500 });
  });

  test("E06 an older record of a customer undoes nothing, an older product neither, an older stock neither", async () => {
    const person = (updated_at: string, first_name: string, email: string): object => ({
      id: 902,
      updated_at,
      first_name,
      email,
    });
    await send({ shop: "shopify", topic: "customers/update", body: person(ago(2), "Zoé", "new@shop.test") });
    await send({ shop: "shopify", topic: "customers/create", body: person(ago(20), "Zoe", "old@shop.test") });
    const known = await rows("SELECT first_name, email FROM contacts WHERE external_id = '902'");
    expect(known).toEqual([{ first_name: "Zoé", email: "new@shop.test" }]);

    const product = (updated_at: string, title: string, price: string): object => ({
      id: 31,
      title,
      updated_at,
      variants: [
        { id: 32, sku: "P", price, inventory_item_id: 33, inventory_management: "shopify", inventory_quantity: 9 },
      ],
    });
    await send({ shop: "shopify", topic: "products/update", body: product(ago(5), "Lampe", "20.00") });
    await send({ shop: "shopify", topic: "products/create", body: product(ago(9), "Lamp", "10.00") });
    expect(await rows("SELECT title FROM products WHERE product_id = '31'")).toEqual([{ title: "Lampe" }]);
    expect(await rows("SELECT price FROM price_history WHERE product_id = '31'")).toEqual([{ price: 2000 }]);

    const level = (updated_at: string, available: number): object => ({
      inventory_item_id: 33,
      location_id: 1,
      available,
      updated_at,
    });
    await send({ shop: "shopify", topic: "inventory_levels/update", body: level(ago(4), 9) });
    await send({ shop: "shopify", topic: "inventory_levels/update", body: level(ago(1), 3) });
    await send({ shop: "shopify", topic: "inventory_levels/update", body: level(ago(3), 7) });
    const stock = "SELECT stock FROM stock_history WHERE product_id = '31' ORDER BY effective_from DESC LIMIT 1";
    expect(await rows(stock)).toEqual([{ stock: 3 }]);
  });
});

describe("the stock of a shop with two locations", () => {
  const product = (id: number, minutes: number, inventory_quantity: number, change: object = {}): Promise<Answer> => {
    const variant = { id: id + 1, sku: `S-${id}`, price: "20.00", inventory_item_id: id + 2, inventory_quantity };
    const body = { id, title: "Stool", updated_at: ago(minutes), variants: [variant], ...change };
    return send({ shop: "shopify", topic: "products/update", body });
  };
  const level = (id: number, minutes: number, location_id: number, available: number): Promise<Answer> => {
    const body = { inventory_item_id: id + 2, location_id, available, updated_at: ago(minutes) };
    return send({ shop: "shopify", topic: "inventory_levels/update", body });
  };
  const stockOf = async (id: number): Promise<unknown[]> =>
    (
      await rows<{ stock: number }>(
        "SELECT stock FROM stock_history WHERE product_id = ?1 ORDER BY effective_from",
        String(id),
      )
    ).map(({ stock }) => stock);
  const news = (id: number): Promise<unknown[]> =>
    rows("SELECT kind, before, after FROM catalogue_changes WHERE product_id = ?1 ORDER BY id", String(id));

  test("is not that of the first one that is heard of", async () => {
    await product(4100, 50, 52);
    await level(4100, 40, 1, 1);
    await level(4100, 30, 1, 0);
    await level(4100, 20, 2, 50);
    await level(4100, 10, 2, 49);
    // 2 and 50 at first: what went before the first word of each location is told by the next statement of the product.
    expect(await stockOf(4100)).toEqual([52, 51, 50]);
    expect(await news(4100)).toEqual([]);
    await product(4100, 5, 49);
    await level(4100, 4, 1, 3);
    await level(4100, 4, 2, 49);
    expect((await stockOf(4100)).slice(3)).toEqual([49, 52]);
  });

  test("comes to the same in whatever order the words come, each twice", async () => {
    const words = [
      (id: number) => level(id, 30, 1, 2),
      (id: number) => level(id, 20, 1, 0),
      (id: number) => level(id, 10, 2, 7),
    ];
    await product(4200, 40, 9);
    for (const say of words) await say(4200);
    await product(4300, 40, 9);
    for (const say of [...words, ...words]) await say(4300);
    await words[0]?.(4400);
    await words[2]?.(4400);
    await words[1]?.(4400);
    await product(4400, 40, 9);
    expect([await stockOf(4200), await stockOf(4300)].map((found) => found.at(-1))).toEqual([7, 7]);
    expect((await stockOf(4400)).at(-1)).toBe(7);
  });

  test("holds what the other location says while the first one's word is being written", async () => {
    await product(4600, 40, 20);
    await level(4600, 30, 1, 10);
    await level(4600, 30, 2, 10);
    const word = (location: string, available: number) => {
      return { item: "4602", location, available, at: Date.parse(ago(20)) };
    };
    let batches = 0;
    const batch = async (statements: D1PreparedStatement[]): Promise<D1Result[]> => {
      // Behind the note and the look at all notes comes the write.
      if (++batches === 3) await writeShopStock(real.DB, word("2", 12), "shopify");
      return real.DB.batch(statements);
    };
    const slow = { prepare: (sql: string) => real.DB.prepare(sql), batch } as unknown as D1Database;
    await writeShopStock(slow, word("1", 8), "shopify");
    expect(batches).toBeGreaterThan(2);
    expect((await stockOf(4600)).at(-1)).toBe(20);
  });

  test("is back by the first location that has some again", async () => {
    await product(4500, 40, 0);
    await level(4500, 20, 2, 8);
    expect(await news(4500)).toEqual([{ kind: "back_in_stock", before: 0, after: 8 }]);
  });
});

describe("a product that goes off sale", () => {
  const news = (id: number): Promise<unknown[]> =>
    rows("SELECT kind, before, after FROM catalogue_changes WHERE product_id = ?1 ORDER BY id", String(id));
  const known = async (id: number): Promise<unknown[]> =>
    rows(
      "SELECT p.title, p.gone_at AS gone, (SELECT stock FROM stock_history AS s WHERE s.product_id = p.product_id " +
        "ORDER BY effective_from DESC LIMIT 1) AS stock FROM products AS p WHERE p.product_id = ?1",
      String(id),
    );

  test("is not told to be back by the stock that is counted of it, nor to be cheaper; back on sale it has its stock", async () => {
    const product = (minutes: number, status: string, price = "20.00"): Promise<Answer> => {
      const variant = { id: 5001, sku: "STOOL", price, inventory_item_id: 5002, inventory_quantity: 10 };
      const body = { id: 5000, title: "Stool", status, updated_at: ago(minutes), variants: [variant] };
      return send({ shop: "shopify", topic: "products/update", body });
    };
    const level = (minutes: number, available: number): Promise<Answer> => {
      const body = { inventory_item_id: 5002, location_id: 1, available, updated_at: ago(minutes) };
      return send({ shop: "shopify", topic: "inventory_levels/update", body });
    };
    await product(60, "active");
    await product(50, "archived");
    await level(45, 10);
    await level(40, 0);
    await level(35, 10);
    await product(34, "archived", "15.00");
    expect(await news(5000)).toEqual([]);
    expect(await known(5000)).toEqual([{ title: "Stool", gone: Date.parse(ago(50)), stock: 10 }]);
    // An older word does not put it back on sale.
    await product(55, "active");
    expect(await known(5000)).toMatchObject([{ gone: Date.parse(ago(50)) }]);
    await product(30, "active", "15.00");
    expect(await known(5000)).toEqual([{ title: "Stool", gone: null, stock: 10 }]);
    expect(await news(5000)).toEqual([]);
    await level(20, 2);
    expect(await news(5000)).toEqual([{ kind: "low_stock", before: 10, after: 2 }]);
    await send({ shop: "shopify", topic: "products/delete", body: { id: 5000 } });
    expect(await known(5000)).toMatchObject([{ gone: expect.any(Number), stock: 2 }]);
  });

  test("keeps the stock of its variations, which the shop does not tell again", async () => {
    const utc = (minutes: number): string => ago(minutes).replace("Z", "");
    const product = (minutes: number, change: object): Promise<Answer> => {
      const body = { id: 5100, name: "Chair", type: "variable", date_modified_gmt: utc(minutes), ...change };
      return send({ shop: "woocommerce", topic: "product.updated", body });
    };
    await product(60, { status: "publish" });
    const variation = { type: "variation", parent_id: 5100, sku: "CHAIR-S", price: "9", manage_stock: true };
    await product(59, { id: 5101, name: "Chair - S", status: "publish", stock_quantity: 7, ...variation });
    await product(50, { status: "draft" });
    expect(await known(5100)).toEqual([{ title: "Chair", gone: Date.parse(ago(50)), stock: 7 }]);
    await product(40, { status: "publish" });
    expect(await known(5100)).toEqual([{ title: "Chair", gone: null, stock: 7 }]);
    // A variation alone goes off sale by its stock, and the product stays.
    await product(30, { id: 5101, name: "Chair - S", status: "private", stock_quantity: 7, ...variation });
    expect(await known(5100)).toEqual([{ title: "Chair", gone: null, stock: 0 }]);
  });
});

describe("E08 a webhook of another shop", () => {
  test("E08 is not found, and logged", async () => {
    const said = vi.spyOn(console, "log").mockImplementation(() => undefined);
    const from = { ...real, SHOPIFY_SHOP: "shop1.myshopify.com" } as Env;
    const as = (shop: string): Promise<Answer> =>
      send(
        { shop: "shopify", topic: "orders/create", body: order(801), headers: { "X-Shopify-Shop-Domain": shop } },
        from,
      );
    expect((await as("shop2.myshopify.com")).status).toBe(404);
    expect(said.mock.calls.flat().some((text) => String(text).includes("a webhook of another shop"))).toBe(true);
    said.mockRestore();
    expect(await stored("801")).toBeUndefined();
    expect((await as("Shop1.MyShopify.com")).status).toBe(200);
  });
});

describe("E09 a secret that got out", () => {
  test("E09 two are good while one takes the other's place, and the old one is good no longer afterwards", async () => {
    const during = { ...real, SHOPIFY_WEBHOOK_SECRET_NEXT: "the-next-secret" } as Env;
    const after = { ...real, SHOPIFY_WEBHOOK_SECRET: "the-next-secret" } as Env;
    const under = (secret: string, from: Env): Promise<number> =>
      send({ shop: "shopify", topic: "orders/create", body: order(901), secret }, from).then(({ status }) => status);
    expect(await under("the-next-secret", real)).toBe(401);
    expect(await under(SECRETS.shopify, during)).toBe(200);
    expect(await under("the-next-secret", during)).toBe(200);
    expect(await under("the-next-secret", after)).toBe(200);
    expect(await under(SECRETS.shopify, after)).toBe(401);
  });
});

describe("E11 too much", () => {
  test("E11 a body of 1 MB is refused with 413, signed or not, said beforehand or not", async () => {
    const body = JSON.stringify({ ...order(1101), note: "x".repeat(1_000_000) }).slice(0, 1_000_000);
    expect((await send({ shop: "shopify", topic: "orders/create", body })).status).toBe(413);
    const stream = new Blob([body]).stream();
    const init = { method: "POST", body: stream, headers: { "X-Shopify-Hmac-Sha256": "none" }, duplex: "half" };
    expect((await post("/webhooks/shopify", init as RequestInit)).status).toBe(413);
  });

  test("E11 a body just below it goes in", async () => {
    const body = JSON.stringify(order(1102, { note: "x".repeat(990_000) }));
    expect((await send({ shop: "shopify", topic: "orders/create", body })).status).toBe(200);
    expect(await stored("1102")).toMatchObject({ total: 1200 });
  });

  test("E11 a shop beyond its budget is told when to come back, and loses nothing", async () => {
    let at = now;
    const deps = { ...webhookDeps(servicesOf(real)), budget: new Budget(2, 1), now: () => at };
    const small = new Hono().onError(onError).route(
      "/",
      webhookRoutes(() => deps),
    );
    const once = (id: number): Promise<Answer> => {
      const { path, init } = delivery({ shop: "shopify", topic: "orders/create", body: order(id) });
      return post(path, init, real, small);
    };
    expect([(await once(1103)).status, (await once(1104)).status]).toEqual([200, 200]);
    expect(await once(1105)).toMatchObject({ status: 429, json: { title: "Too many requests" } });
    at += 1_000;
    expect((await once(1105)).status).toBe(200);
    expect(await stored("1105")).toMatchObject({ total: 1200 });
  });
});

describe("what else a shop sends", () => {
  test("WooCommerce's call when a webhook is made is answered, and nothing that only looks like it", async () => {
    const form = { "Content-Type": "application/x-www-form-urlencoded" };
    const ping = (body: string, headers: HeadersInit = form): Promise<Answer> =>
      post("/webhooks/woocommerce", { method: "POST", headers, body });
    expect((await ping("webhook_id=142")).status).toBe(200);
    expect((await ping("webhook_id=142&x=1")).status).toBe(401);
    expect((await ping("webhook_id=142", { ...form, "X-WC-Webhook-Signature": "AAAA" })).status).toBe(401);
    expect((await post("/webhooks/shopify", { method: "POST", headers: form, body: "webhook_id=142" })).status).toBe(
      401,
    );
  });

  test("a topic that nobody reads is well received", async () => {
    const answer = await send({ shop: "shopify", topic: "themes/publish", body: { id: 1 } });
    expect(answer).toMatchObject({ status: 200, json: { accepted: 0, ignored: "themes/publish" } });
    expect((await send({ shop: "shopify", topic: "constructor", body: {} })).json).toMatchObject({ accepted: 0 });
  });

  test("a body that says nothing is kept with its reason, and need not come again", async () => {
    const answer = await send({ shop: "shopify", topic: "orders/create", body: { note: "no id" }, id: "bare" });
    expect(answer).toMatchObject({ status: 200, json: { accepted: 0, rejected: [{ reason: "/id is missing" }] } });
    const kept = await rows("SELECT reason, body FROM rejected_events ORDER BY id DESC LIMIT 1");
    expect(kept).toEqual([{ reason: "shopify orders/create: /id is missing", body: '{"note":"no id"}' }]);
  });

  test("what was kept is read again as the webhook that it is, and once only", async () => {
    const replay = (id: number): Promise<Answer> =>
      post(`/api/rejected-events/${id}/replay`, { method: "POST", headers: { Authorization: "Bearer ak_local" } });
    const newest = async (): Promise<{ id: number }> =>
      (await rows<{ id: number }>("SELECT id FROM rejected_events ORDER BY id DESC LIMIT 1"))[0] ?? { id: 0 };
    await send({ shop: "shopify", topic: "orders/updated", body: { note: "nothing" } });
    const { id } = await newest();
    expect(await replay(id)).toMatchObject({ status: 422, json: { detail: "/id is missing" } });
    // As a later version of the connector would read it.
    await real.DB.prepare("UPDATE rejected_events SET body = ?2 WHERE id = ?1")
      .bind(id, JSON.stringify(order(1201)))
      .run();
    expect((await replay(id)).status).toBe(200);
    expect(await stored("1201")).toMatchObject({ total: 1200 });
    expect((await replay(id)).status).toBe(409);
  });

  test("a signed body that is no JSON is refused with 400, one without a topic too", async () => {
    expect((await send({ shop: "shopify", topic: "orders/create", body: "{nope" })).status).toBe(400);
    expect((await send({ shop: "shopify", topic: "", body: {} })).status).toBe(400);
  });

  test("ids beyond 2^53 stay what they are", async () => {
    const body = JSON.stringify(order("@")).replace('"@"', "9007199254740993").replace("901", "9007199254740995");
    await send({ shop: "shopify", topic: "orders/create", body });
    const found = await rows(
      "SELECT o.order_id, c.external_id FROM orders o JOIN contacts c ON c.id = o.contact WHERE o.order_id LIKE '90071%'",
    );
    expect(found).toEqual([{ order_id: "9007199254740993", external_id: "9007199254740995" }]);
  });
});

describe("what a shop's platform asks for a person's sake", () => {
  const customer = { id: 903, email: "rights@shop.test" };
  beforeAll(async () => {
    await send({
      shop: "shopify",
      topic: "customers/create",
      body: { ...customer, updated_at: ago(20), first_name: "Rita" },
    });
  });
  const requests = (): Promise<unknown[]> =>
    rows(
      "SELECT kind, contact > 0 AS known, confirmed_at IS NULL AS open, done_at FROM privacy_requests ORDER BY asked_at, id",
    );

  test("customers/data_request is noted with its deadline, once", async () => {
    const body = { shop_id: 1, shop_domain: "s", orders_requested: [], customer, data_request: { id: 9999 } };
    await send({ shop: "shopify", topic: "customers/data_request", body });
    await send({ shop: "shopify", topic: "customers/data_request", body });
    expect(await requests()).toEqual([{ kind: "access", known: 1, open: 0, done_at: null }]);
    const [{ due, asked } = { due: 0, asked: 0 }] = await rows<{ due: number; asked: number }>(
      "SELECT due_at AS due, asked_at AS asked FROM privacy_requests",
    );
    expect(due - asked).toBeGreaterThan(27 * 86_400_000);
  });

  test("customers/redact erases the person, and what comes late does not bring them back", async () => {
    const body = { shop_id: 1, shop_domain: "s", customer, orders_to_redact: [] };
    expect((await send({ shop: "shopify", topic: "customers/redact", body })).status).toBe(200);
    expect(
      await rows("SELECT status, email FROM contacts WHERE external_id = '903' OR email = 'rights@shop.test'"),
    ).toEqual([]);
    await send({
      shop: "shopify",
      topic: "customers/update",
      body: { ...customer, updated_at: ago(10), first_name: "Rita" },
    });
    expect(await rows("SELECT status FROM contacts WHERE external_id = '903' OR first_name = 'Rita'")).toEqual([]);
  });

  test("customers/redact of somebody whose record comes late keeps it out", async () => {
    const late = { id: 904, email: "late@shop.test" };
    await send({
      shop: "shopify",
      topic: "customers/redact",
      body: { shop_id: 1, customer: late, orders_to_redact: [] },
    });
    await send({ shop: "shopify", topic: "customers/create", body: { ...late, updated_at: ago(10) } });
    expect(await rows("SELECT id FROM contacts WHERE external_id = '904' OR email = 'late@shop.test'")).toEqual([]);
  });

  test("an order of nobody goes over to the address that a later delivery names", async () => {
    const told = (topic: string, email: string | null) =>
      send({ shop: "shopify", topic, body: order(9061, { customer: null, email, updated_at: ago(5) }) });
    const owner = async () =>
      rows(
        "SELECT c.email, c.anonymous_id AS anon, m.orders FROM orders o JOIN contacts g ON g.id = o.contact " +
          "JOIN contacts c ON c.id = coalesce(g.merged_into, g.id) JOIN contact_metrics m ON m.contact = c.id WHERE o.order_id = '9061'",
      );
    await told("orders/create", null);
    expect(await owner()).toEqual([{ email: null, anon: "guest:9061", orders: 1 }]);
    await told("orders/updated", "gina@shop.test");
    expect(await owner()).toEqual([{ email: "gina@shop.test", anon: null, orders: 1 }]);
  });

  test("customers/redact reaches a guest by the orders that it names", async () => {
    await send({
      shop: "shopify",
      topic: "orders/create",
      body: order(9051, { customer: null, email: "guest@shop.test" }),
    });
    await send({
      shop: "shopify",
      topic: "customers/redact",
      body: { shop_id: 1, customer: { id: 905 }, orders_to_redact: [9051] },
    });
    expect(await rows("SELECT id FROM contacts WHERE email = 'guest@shop.test'")).toEqual([]);
  });

  test("shop/redact is noted and erases nobody", async () => {
    await send({
      shop: "shopify",
      topic: "customers/create",
      body: { id: 906, email: "stays@shop.test", updated_at: ago(20) },
    });
    await send({ shop: "shopify", topic: "shop/redact", body: { shop_id: 1, shop_domain: "s" } });
    expect(await requests()).toContainEqual({ kind: "shop", known: 0, open: 0, done_at: null });
    expect(await rows("SELECT email FROM contacts WHERE external_id = '906'")).toEqual([{ email: "stays@shop.test" }]);
  });

  test("a customer who is deleted in WooCommerce waits for somebody's word", async () => {
    await send({
      shop: "woocommerce",
      topic: "customer.created",
      body: { id: 907, email: "wait@shop.test", date_modified_gmt: "2026-01-01T10:00:00" },
    });
    await send({ shop: "woocommerce", topic: "customer.deleted", body: { id: 907 } });
    expect(await requests()).toContainEqual({ kind: "erasure", known: 1, open: 1, done_at: null });
    expect(await rows("SELECT email FROM contacts WHERE external_id = '907'")).toEqual([{ email: "wait@shop.test" }]);
  });
});
