import { Hono } from "hono";
import { jwtVerify } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { onError } from "../../../src/platform/http";

const builder = new URL("../../../scripts/build-snippet.mjs", import.meta.url).href;
const secret = "a-secret-for-this-test-only";
const now = Date.UTC(2026, 9, 1, 12);
const cart_id = "7f0f6a52-3f8e-4a53-9d2c-6a1c1f0a7a11";
const order = {
  cart_id,
  email: "Ana@Shop.test",
  first_name: "Ana",
  last_name: "Diaz",
  lines: [
    { sku: "ML-CIRE", quantity: 1 },
    { sku: "ML-CIRE", quantity: 1 },
  ],
};

interface ServerEvent {
  readonly type: string;
  readonly messageId: string;
  readonly userId: string;
  readonly properties?: Record<string, unknown>;
}

interface Session {
  readonly user_id: string;
  readonly token: string;
}

let app: Hono;
let told: ServerEvent[] = [];

const post = (path: string, body: unknown, type = "application/json") =>
  app.request(path, { method: "POST", headers: { "Content-Type": type }, body: JSON.stringify(body) });

beforeAll(async () => {
  const { buildSnippet } = await import(/* @vite-ignore */ builder);
  await buildSnippet();
  const { demoRoutes } = await import("../../../src/local/demo/routes");
  const { storefrontRoutes } = await import("../../../src/storefront/routes");
  const sendServerEvents = async (events: object[]) => {
    told = events as ServerEvent[];
  };
  app = new Hono()
    .route("/", storefrontRoutes())
    .route(
      "/",
      demoRoutes({ tokenSecret: secret, writeKey: "wk", shopName: "Lumen", now: () => now, sendServerEvents }),
    )
    .onError(onError);
});

describe("GET /r.js", () => {
  it("is JavaScript for any origin, cached for an hour and checked by its tag", async () => {
    const answer = await app.request("/r.js");
    expect(answer.headers.get("Content-Type")).toContain("text/javascript");
    expect(answer.headers.get("Access-Control-Allow-Origin")).toBe("*");
    expect(answer.headers.get("Cache-Control")).toBe("public, max-age=3600");
    const tag = answer.headers.get("ETag") ?? "";
    const again = await app.request("/r.js", { headers: { "If-None-Match": `"other", W/${tag}` } });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe("");
  });
});

describe("the demo shop's pages", () => {
  it.each(["/demo", "/demo/cart", "/demo/checkout", "/demo/p/ML-AUBE"])(
    "%s allows only its own files",
    async (path) => {
      const answer = await app.request(path);
      const html = await answer.text();
      expect(answer.status).toBe(200);
      const policy = answer.headers.get("Content-Security-Policy") ?? "";
      expect(policy).toContain("default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'");
      expect(policy).not.toContain("unsafe");
      expect(html).not.toMatch(/<script(?![^>]*\ssrc=)|\sstyle=|\son\w+=/);
      expect(html).not.toMatch(/(src|href)="https?:/);
    },
  );

  it("speak the browser's language, or the one chosen, and keep a choice in their links", async () => {
    const french = await app.request("/demo", { headers: { "Accept-Language": "de, en;q=0.5, fr;q=0.8" } });
    expect(await french.text()).toContain('<html lang="fr">');
    const english = await app.request("/demo?lang=en", { headers: { "Accept-Language": "fr" } });
    const html = await english.text();
    expect(html).toContain('<html lang="en">');
    expect(html).toContain('href="/demo/cart?lang=en"');
  });

  it("tick no consent beforehand", async () => {
    const html = await (await app.request("/demo/cart")).text();
    expect(html.match(/type="checkbox"/g)).toHaveLength(3);
    expect(html).not.toContain("checked");
  });

  it("do not exist for what the shop does not sell", async () => {
    expect((await app.request("/demo/p/ML-NOPE")).status).toBe(404);
    expect((await app.request("/demo/img/ML-NOPE.svg")).status).toBe(404);
    expect((await app.request("/demo/order/1")).status).toBe(404);
  });
});

describe("POST /demo/session", () => {
  it("signs the address for five minutes, for an id that does not hang on its case", async () => {
    const ask = async (email: string) => (await (await post("/demo/session", { email })).json()) as Session;
    const answer = await ask(" Ana@shop.test ");
    const again = await ask("ana@shop.test");
    expect(answer.user_id).toBe(again.user_id);
    const { payload } = await jwtVerify(answer.token, new TextEncoder().encode(secret), { currentDate: new Date(now) });
    expect(payload).toEqual({ sub: answer.user_id, email: "Ana@shop.test", iat: now / 1000, exp: now / 1000 + 300 });
  });

  it.each(["", "no", "a@b, c@d.test", "a@b.test\r\nBcc: c@d.test"])("refuses %j", async (email) => {
    expect((await post("/demo/session", { email })).status).toBe(400);
  });

  it("takes no form of another site", async () => {
    expect((await post("/demo/session", { email: "a@b.test" }, "text/plain")).status).toBe(400);
  });
});

describe("POST /demo/orders", () => {
  it("tells the order from the shop's server, with the shop's prices", async () => {
    const answer = await post("/demo/orders", { ...order, total: 1 });
    expect(answer.status).toBe(201);
    const { order_id } = (await answer.json()) as { order_id: string };
    const [customer, completed] = told;
    expect(customer).toMatchObject({ type: "identify", traits: { email: "Ana@Shop.test", first_name: "Ana" } });
    expect(completed).toMatchObject({
      type: "track",
      event: "Order Completed",
      timestamp: "2026-10-01T12:00:00.000Z",
      properties: {
        order_id,
        cart_id,
        total: 41.9,
        revenue: 37,
        shipping: 4.9,
        currency: "EUR",
        products: [{ sku: "ML-CIRE", product_id: "2003", price: 18.5, quantity: 2, currency: "EUR" }],
      },
    });
    expect(customer?.userId).toBe(completed?.userId);
  });

  it("is one order, however often the form is sent", async () => {
    await post("/demo/orders", order);
    const first = told.map(({ messageId }) => messageId);
    await post("/demo/orders", order);
    expect(told.map(({ messageId }) => messageId)).toEqual(first);
  });

  it.each([
    [{ lines: [] }, 400],
    [{ lines: [{ sku: "ML-NOPE", quantity: 1 }] }, 422],
    [{ lines: [{ sku: "ML-CIRE", quantity: -1 }] }, 400],
    [{ lines: [{ sku: "ML-CIRE", quantity: 1.5 }] }, 400],
    [{ cart_id: "1" }, 400],
    [{ first_name: "" }, 400],
  ])("refuses %j and tells nothing", async (change, status) => {
    told = [];
    expect((await post("/demo/orders", { ...order, ...change })).status).toBe(status);
    expect(told).toEqual([]);
  });
});
