import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { createApp } from "../../src/app";
import { Budget } from "../../src/events/budget";
import { servicesOf } from "../../src/services";
import type { Env } from "../../src/services/env";
import { DAY, HOUR, MINUTE } from "../../src/shared/clock";

// The cases of section A of the security specification, by their numbers. A16 needs campaigns.

const bound = env as unknown as Env;
const app = createApp();
const MB = 1024 * 1024;

interface Sending {
  readonly key?: string;
  readonly path?: string;
  readonly body: BodyInit;
  readonly headers?: Record<string, string>;
}

async function send({ key = "wk_local", path = "/v1/track", body, headers = {} }: Sending): Promise<Response> {
  const all = { ...(key !== "" && { Authorization: `Bearer ${key}` }), ...headers };
  return app.fetch(new Request(`https://relance.test${path}`, { method: "POST", headers: all, body }), bound);
}

function track(change: object = {}): string {
  return JSON.stringify({ event: "Viewed", anonymousId: "browser-a", messageId: crypto.randomUUID(), ...change });
}

function batchOf(...events: object[]): string {
  return JSON.stringify({
    batch: events.map((event) => ({ type: "track", event: "Viewed", anonymousId: "browser-a", ...event })),
  });
}

interface Problem {
  readonly type: string;
  readonly errors: readonly { readonly pointer: string }[];
}

async function rows(): Promise<Record<string, number>> {
  const tables = ["journal", "side_journal", "rejected_events", "contacts", "identities", "orders", "carts"];
  const counted = tables.map(async (table) => {
    const count = await bound.DB.prepare(`SELECT count(*) AS n FROM ${table}`).first<number>("n");
    return [table, count ?? -1] as const;
  });
  return Object.fromEntries(await Promise.all(counted));
}

/** Sends something that must be refused and leave no row behind. */
async function refused(sending: Sending, status: number): Promise<Problem> {
  const before = await rows();
  const response = await send(sending);
  expect(response.status).toBe(status);
  expect(response.headers.get("Content-Type")).toBe("application/problem+json");
  expect(await rows()).toEqual(before);
  return await response.json();
}

async function accepted(sending: Sending): Promise<unknown> {
  const response = await send(sending);
  expect(response.status).toBe(200);
  return await response.json();
}

interface Kept {
  readonly id: string;
  readonly at: number;
  readonly skewed?: string;
  readonly bot?: boolean;
}

async function kept(messageId: string): Promise<Kept[]> {
  const sql = "SELECT body FROM journal WHERE instr(body, ?1) > 0";
  const { results } = await bound.DB.prepare(sql).bind(messageId).all<{ body: string }>();
  return results.flatMap(({ body }) => JSON.parse(body) as Kept[]).filter(({ id }) => id === messageId);
}

async function contactOf(identity: string): Promise<Record<string, unknown> | null> {
  const sql = "SELECT c.* FROM contacts c JOIN identities i ON i.contact = c.id WHERE i.identity = ?1";
  return bound.DB.prepare(sql).bind(identity).first();
}

describe("who may send", () => {
  test("A01 no key, an unknown key and a part of a key get the same answer", async () => {
    const answers = await Promise.all(["", "wk_unknown", "wk_loca"].map((key) => refused({ key, body: track() }, 401)));
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });

  test("A02 a key for sending opens no route of the admin API", async () => {
    const description = await app.fetch(new Request("https://relance.test/openapi.json"), bound);
    const { paths } = await description.json<{ paths: Record<string, Record<string, unknown>> }>();
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => [method.toUpperCase(), path.replaceAll(/\{[^}]+\}/g, "x")] as const),
    );
    const guarded = routes.filter(([, path]) => path.startsWith("/api/"));
    expect(guarded.length).toBeGreaterThan(20);
    for (const [method, path] of guarded) {
      for (const key of ["wk_local", "sk_local"]) {
        const init = { method, headers: { Authorization: `Bearer ${key}` } };
        const response = await app.fetch(new Request(`https://relance.test${path}`, init), bound);
        expect([method, path, response.status]).toEqual([method, path, 403]);
      }
    }
  });

  test("A24 a preflight never allows credentials, whatever origin asks for whatever header", async () => {
    const headers = { Origin: "https://evil.test", "Access-Control-Request-Headers": "authorization" };
    for (const path of ["/v1/batch", "/v1/track", "/api/contacts", "/admin"]) {
      const request = new Request(`https://relance.test${path}`, { method: "OPTIONS", headers });
      const response = await app.fetch(request, bound);
      expect(response.headers.get("Access-Control-Allow-Credentials")).toBeNull();
      expect(response.headers.get("Access-Control-Allow-Origin")).not.toBe("https://evil.test");
    }
  });
});

describe("how much", () => {
  test("A04 an event of 32 KB and a batch of 500 KB pass, one byte more does not", async () => {
    const padded = (text: string, size: number): string => text.replace("PAD", "x".repeat(size - text.length + 3));
    const event = track({ properties: { note: "PAD" } });
    await accepted({ body: padded(event, 32 * 1024) });
    await refused({ body: padded(event, 32 * 1024 + 1) }, 413);
    const fill = { properties: { note: "x".repeat(30_000) } };
    const batch = batchOf(...Array.from({ length: 16 }, () => fill), { properties: { note: "PAD" } });
    await accepted({ path: "/v1/batch", body: padded(batch, 500 * 1024) });
    await refused({ path: "/v1/batch", body: padded(batch, 500 * 1024 + 1) }, 413);
  });

  test("A04 an event of a batch that is over 32 KB is listed, in bytes and not in characters, and the rest is taken", async () => {
    const body = batchOf(
      { messageId: "a04-big", properties: { note: "é".repeat(17_000) } },
      { messageId: "a04-small" },
    );
    expect(await accepted({ path: "/v1/batch", body })).toMatchObject({
      accepted: 1,
      rejected: [{ messageId: "a04-big", reason: "too-large: an event may have 32 KB" }],
    });
  });

  test("A05 five megabytes without a declared length are cut off while they come", async () => {
    let pulled = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 64 * 1024;
        controller.enqueue(new Uint8Array(64 * 1024).fill(32));
        if (pulled >= 5 * MB) controller.close();
      },
    });
    await refused({ path: "/v1/batch", body }, 413);
    expect(pulled).toBeLessThan(MB);
  });

  test("A06 fifty megabytes packed into forty-eight kilobytes are never unpacked", async () => {
    const plain = new Blob([new Uint8Array(50 * MB)]).stream();
    const packed = await new Response(plain.pipeThrough(new CompressionStream("gzip"))).arrayBuffer();
    expect(packed.byteLength).toBeLessThan(60 * 1024);
    await refused({ path: "/v1/batch", body: packed, headers: { "Content-Encoding": "gzip" } }, 413);
  });

  test("A11 too many fields, a name that is too long and too large a text are refused, with the first such field", async () => {
    const many = Object.fromEntries(Array.from({ length: 1_100 }, (_, index) => [`p${index}`, 1]));
    const { errors } = await refused({ body: track({ properties: many }) }, 400);
    expect(errors[0]?.pointer).toMatch(/^\/properties\/p99\d$/);
    const listed = await accepted({ path: "/v1/batch", body: batchOf({ properties: many }, {}) });
    expect(listed).toMatchObject({ accepted: 1, rejected: [{ reason: expect.stringContaining("/properties/p99") }] });
    const long = await refused({ body: track({ properties: { ["k".repeat(10_000)]: 1 } }) }, 400);
    expect(long.errors[0]?.pointer).toBe(`/properties/${"k".repeat(64)}`);
    await refused({ body: track({ properties: { note: "x".repeat(MB) } }) }, 413);
  });

  test("A18 invented browsers beyond a key's growth get 429; who is known goes on, and the shop's server too", async () => {
    const { ledger } = servicesOf(bound);
    const stub = ledger as unknown as DurableObjectStub;
    await accepted({ body: track({ anonymousId: "a18-known" }) });
    await runInDurableObject(stub, (instance) => {
      (instance as unknown as { growthBudget: Budget }).growthBudget = new Budget(20, 0.001);
    });
    const flood = (from: number) =>
      batchOf(...Array.from({ length: 15 }, (_, index) => ({ anonymousId: `a18-${from + index}` })));
    await accepted({ path: "/v1/batch", body: flood(0) });
    await refused({ path: "/v1/batch", body: flood(100) }, 429);
    await accepted({ body: track({ anonymousId: "a18-known" }) });
    await accepted({ path: "/v1/batch", body: flood(0) });
    await accepted({ path: "/v1/batch", body: flood(200), key: "sk_local" });
    await runInDurableObject(stub, (instance) => {
      (instance as unknown as { growthBudget: Budget }).growthBudget = new Budget(1_000_000, 1_000);
    });
  });

  test("A18 a visitor nobody knows wakes no contact shard", async () => {
    const woken = bound.SHARDS.get(bound.SHARDS.idFromName("shard-0")) as unknown as DurableObjectStub;
    const before = await runInDurableObject(woken, (_, state) => state.storage.sql.databaseSize);
    const body = batchOf(...Array.from({ length: 200 }, (_, index) => ({ anonymousId: `a18-quiet-${index}` })));
    await accepted({ path: "/v1/batch", body });
    expect(await runInDurableObject(woken, (_, state) => state.storage.sql.databaseSize)).toBe(before);
    const sql = "SELECT count(*) AS n FROM contacts WHERE anonymous_id LIKE 'a18-quiet-%' AND tracked = 1";
    expect(await bound.DB.prepare(sql).first<number>("n")).toBe(0);
  });
});

describe("what a body may hold", () => {
  test("A08 keys that reach for a prototype are dropped, wherever they stand", async () => {
    const poison = '{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}},"good":1}';
    const body = `{"event":"Viewed","userId":"a08","messageId":"a08","properties":${poison},"traits":{"deep":[${poison}]},"context":${poison}}`;
    await accepted({ key: "sk_local", body });
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
    const [event] = await kept("a08");
    expect(JSON.stringify(event)).not.toMatch(/isAdmin|__proto__|constructor/);
    expect(event).toMatchObject({ properties: { good: 1 }, traits: { deep: [{ good: 1 }] } });
  });

  test.each(["__proto__", "constructor", "toString", "hasOwnProperty"])(
    "A08 an event or a trait may be called %s and is only that",
    async (name) => {
      const event = JSON.stringify({
        event: name,
        userId: "a08-names",
        messageId: `a08-${name}`,
        properties: { total: "x" },
      });
      expect(await accepted({ key: "sk_local", body: event })).toEqual({ accepted: 1, rejected: [] });
      const traits = `{"userId":"a08-names","messageId":"a08-trait-${name}","traits":{"${name}":"x"}}`;
      await accepted({ key: "sk_local", path: "/v1/identify", body: traits });
      const sql = "SELECT count(*) AS n FROM rejected_events WHERE message_id LIKE 'a08-%'";
      expect(await bound.DB.prepare(sql).first<number>("n")).toBe(0);
    },
  );

  test("A09 a field that stands twice is refused, however it is written", async () => {
    const twice = await refused(
      { body: '{"event":"a","anonymousId":"b","traits":{"email":"a@x.test","email":"b@x.test"}}' },
      400,
    );
    expect(twice.errors[0]?.pointer).toBe("/traits/email");
    const spelled = await refused({ path: "/v1/t", body: '{"event":"a","\\u0065vent":"b","anonymousId":"c"}' }, 400);
    expect(spelled.errors[0]?.pointer).toBe("/event");
    await refused(
      { path: "/v1/batch", body: `{"writeKey":"wk_local","writeKey":"sk_local",${batchOf({}).slice(1)}` },
      400,
    );
  });

  test("A09 inside a batch only the event in which it stands is refused", async () => {
    const good = '{"type":"track","event":"x","anonymousId":"b","messageId":"a09-good"}';
    const bad = '{"type":"track","type":"identify","event":"x","anonymousId":"b","messageId":"a09-bad"}';
    const answer = await accepted({ path: "/v1/batch", body: `{"batch":[${good},${bad}]}` });
    expect(answer).toMatchObject({
      accepted: 1,
      rejected: [{ messageId: "a09-bad", reason: expect.stringContaining("/type") }],
    });
  });

  test.each([["1e999"], ["-1"], ["-0"], ["9007199254740993"], ['"NaN"'], ['"-12"'], ['"1e3"'], ["true"]])(
    "A10 %s is no amount",
    async (total) => {
      const body = `{"event":"Order Completed","userId":"a10","properties":{"order_id":"a10","total":${total}}}`;
      const { errors } = await refused({ key: "sk_local", body }, 400);
      expect(errors[0]?.pointer).toBe("/properties/total");
    },
  );

  test("A10 a decimal text in major units is an amount, to the cent", async () => {
    const properties = { order_id: "a10-text", total: "19.90", currency: "EUR" };
    await accepted({ key: "sk_local", body: JSON.stringify({ event: "Order Completed", userId: "a10", properties }) });
    expect(await bound.DB.prepare("SELECT total FROM orders WHERE order_id = 'a10-text'").first("total")).toBe(1990);
  });

  test("A22 names are written as people write them, and half a surrogate is refused", async () => {
    const traits = { firstName: "  Ze\u0301\u202e\u200b\u0000\u0007e 🪔 ", lastName: "\u2066D\u2069uck" };
    await accepted({ key: "sk_local", path: "/v1/identify", body: JSON.stringify({ userId: "a22", traits }) });
    expect(await contactOf("u:a22")).toMatchObject({ first_name: "Z\u00e9e 🪔", last_name: "Duck" });
    await refused({ path: "/v1/identify", body: '{"anonymousId":"a22","traits":{"firstName":"\\ud83e"}}' }, 400);
  });

  test("a text nested a hundred thousand levels deep is refused, alone, in a batch and in what a batch shares", async () => {
    const deep = "[".repeat(100_000) + "]".repeat(100_000);
    const answer = await accepted({
      path: "/v1/batch",
      body: `{"batch":[{"type":"track","event":"x","anonymousId":"b","messageId":"deep","properties":{"a":${deep}}},{"type":"track","event":"x","anonymousId":"b"}]}`,
    });
    expect(answer).toMatchObject({ accepted: 1, rejected: [{ messageId: "deep" }] });
    const shared = await refused(
      { path: "/v1/batch", body: `{"context":{"traits":{"a":${deep}}},${batchOf({}).slice(1)}` },
      400,
    );
    expect(shared.errors[0]?.pointer).toMatch(/^\/context\/traits\/a/);
  });
});

describe("once, and at its own time", () => {
  test("A12 a hundred requests at once with one message id have one effect", async () => {
    const properties = { product_id: "lamp", price: 10, quantity: 1 };
    const body = track({ event: "Product Added", anonymousId: "a12", messageId: "a12", properties });
    const answers = await Promise.all(Array.from({ length: 100 }, () => send({ body })));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 100 }, () => 200));
    expect(await kept("a12")).toHaveLength(1);
    const cart = await bound.DB.prepare(
      "SELECT lines FROM carts WHERE contact = (SELECT contact FROM identities WHERE identity = 'a:a12')",
    ).first<string>("lines");
    expect(JSON.parse(cart ?? "[]")).toMatchObject([{ quantity: 1 }]);
  });

  test("A14 a message id of somebody else's event keeps nobody's event out", async () => {
    await accepted({ body: track({ anonymousId: "a14-one", messageId: "a14" }) });
    await accepted({ body: track({ anonymousId: "a14-two", messageId: "a14" }) });
    expect(await kept("a14")).toHaveLength(2);
  });

  test("A15 a time beyond belief is clamped, kept as it was said, and marked", async () => {
    const said = [
      "1970-01-01T00:00:00Z",
      "2099-01-01T00:00:00Z",
      new Date(Date.now() + 25 * HOUR).toISOString(),
      "soon",
    ];
    for (const [index, timestamp] of said.entries()) {
      await accepted({ body: track({ messageId: `a15-${index}`, timestamp }) });
      const [event] = await kept(`a15-${index}`);
      expect(event?.skewed).toBe(timestamp);
      const late = Date.now() - (event?.at ?? 0);
      if (index === 0) expect(Math.abs(late - 30 * DAY)).toBeLessThan(MINUTE);
      else expect(Math.abs(late)).toBeLessThan(MINUTE);
    }
  });
});

describe("what a public key may say", () => {
  test("A19 JSON that a browser sends as plain text is read like any other, and no cookie is", async () => {
    const headers = { "Content-Type": "text/plain", Cookie: "__Host-admin=stolen" };
    const paths = ["/v1/track", "/v1/t", "/beacon/v1/batch?writeKey=wk_local", "/v1/batch", "/v1/b"];
    for (const path of paths) {
      const body = /batch|\/b$/.test(path) ? batchOf({}) : track();
      const response = await send({ path, headers, body, ...(path.startsWith("/beacon") && { key: "" }) });
      expect([path, response.status, response.headers.get("Set-Cookie")]).toEqual([path, 200, null]);
    }
  });

  test.each(["$admin.erase", "order.paid", "consent.granted", "coupon.issued"])(
    "A20 %s is the server's to send: 403 alone, listed in a batch",
    async (event) => {
      const { type } = await refused({ body: track({ event }) }, 403);
      expect(type).toMatch(/server-only-event$/);
      const answer = await accepted({ path: "/v1/batch", body: batchOf({ event, messageId: "a20" }, {}) });
      expect(answer).toMatchObject({
        accepted: 1,
        rejected: [{ messageId: "a20", reason: expect.stringContaining("server-only-event") }],
      });
    },
  );

  test("A21 traits that nobody may state of themselves are left out, and the answer says which", async () => {
    const traits = {
      firstName: "Zoe",
      vip: true,
      loyalty_points: 900,
      total_spent: 1,
      segment: "gold",
      consent_email: true,
      role: "admin",
    };
    const body = JSON.stringify({ anonymousId: "a21", traits });
    expect(await accepted({ path: "/v1/identify", body })).toEqual({
      accepted: 1,
      rejected: [],
      dropped: { vip: 1, loyalty_points: 1, total_spent: 1, segment: 1, consent_email: 1, role: 1 },
    });
    expect(await contactOf("a:a21")).toMatchObject({ first_name: "Zoe", attributes: "{}", consents: "{}" });
  });

  test("A25 what a machine sends is kept with its mark", async () => {
    const headers = { "User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)" };
    await accepted({ headers, body: track({ messageId: "a25" }) });
    expect((await kept("a25"))[0]).toMatchObject({ bot: true });
  });
});
