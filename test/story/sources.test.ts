import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startReceiver } from "../support/hook-receiver";
import type { Server } from "../support/server";
import { keys, startServer, until } from "../support/server";

let server: Server;
let receiver: Awaited<ReturnType<typeof startReceiver>>;

const SHOPIFY_SECRET = "shpss_test";
const OPERATOR = "ops@maison-lumen.example";

beforeAll(async () => {
  [server, receiver] = await Promise.all([
    startServer({ tick: 0, vars: { SHOPIFY_WEBHOOK_SECRET: SHOPIFY_SECRET } }),
    startReceiver(200),
  ]);
});

afterAll(async () => {
  await Promise.all([server.stop(), receiver.stop()]);
});

interface Source {
  readonly source: string;
  readonly state: string;
  readonly last_received_at: string | null;
  readonly events: { readonly last_hour: number; readonly by_hour: number[] };
  readonly rejected: {
    readonly last_day: number;
    readonly by_reason: {
      readonly reason: string;
      readonly last_day: number;
      readonly replay: number[];
      readonly example: { readonly detail: string; readonly body: string } | null;
    }[];
  };
  readonly clock: { readonly requests: number; readonly median_skew_ms: number | null; share_beyond_5_min: number };
}

async function sources(): Promise<Source[]> {
  const { status, json } = await server.api("/api/sources");
  expect(status).toBe(200);
  return (json as { data: Source[] }).data;
}

async function sourceOf(name: string): Promise<Source> {
  const found = (await sources()).find(({ source }) => source === name);
  if (!found) throw new Error(`no source ${name}`);
  return found;
}

async function now(): Promise<number> {
  return Date.parse(((await server.api("/dev/clock")).json as { now: string }).now);
}

const library = (name: string) => ({ library: { name, version: "1.0.0" } });

function batch(body: object, key: string = keys.write): Promise<Response> {
  const headers = { Authorization: `Basic ${btoa(`${key}:`)}` };
  return fetch(`${server.url}/v1/batch`, { method: "POST", headers, body: JSON.stringify(body) });
}

const advance = (by: string) => server.moveClock({ advance: by });

async function letters(): Promise<{ subject: string; text: string; idempotency_key: string }[]> {
  const { json } = await server.api(`/dev/inbox.json?to=${OPERATOR}`);
  return (json as { data: { subject: string; text: string; idempotency_key: string }[] }).data;
}

describe("what operators see of each source", () => {
  test("each client is a source of its own, with its events and its clock", async () => {
    const at = await now();
    const view = { type: "page", anonymousId: "visitor", timestamp: new Date(at).toISOString() };
    for (const ahead of [0, 0, 3_600_000]) {
      const sentAt = new Date(at + ahead).toISOString();
      await batch({ sentAt, batch: [{ ...view, context: library("relance.js") }] });
    }
    await server.send("batch", { batch: [{ ...view, type: "identify", userId: "ann" }] });
    const snippet = await sourceOf("snippet");
    expect(snippet).toMatchObject({ state: "ok", events: { last_hour: 3 }, clock: { requests: 3 } });
    expect(snippet.events.by_hour.at(-1)).toBe(3);
    expect(Math.abs(snippet.clock.median_skew_ms ?? 99_999)).toBeLessThan(10_000);
    expect(snippet.clock.share_beyond_5_min).toBeCloseTo(1 / 3);
    expect((await sourceOf("http")).events.last_hour).toBe(1);
    expect((await server.api("/api/sources/snippet")).json).toMatchObject({ source: "snippet" });
    expect((await server.api("/api/sources/nothing")).status).toBe(404);
  });

  test("a rejection stands there with its reason, an example that shows nobody, and can be replayed", async () => {
    const good = { type: "page", anonymousId: "a" };
    const bad = { type: "track", anonymousId: "a", messageId: "bad-1", traits: { email: "ann@example.com" } };
    await batch({ batch: [good, bad].map((event) => ({ ...event, context: library("analytics.js") })) });
    const found = (await sourceOf("segment-browser")).rejected.by_reason.find(
      ({ reason }) => reason === "invalid-input",
    );
    expect(found).toMatchObject({ last_day: 1, example: { detail: expect.stringContaining("/event") } });
    expect(found?.example?.body).not.toContain("ann@example.com");
    expect(found?.replay).toHaveLength(1);
    const replayed = await server.api(`/api/rejected-events/${found?.replay[0]}/replay`, { method: "POST" });
    expect(replayed.status).toBe(422);
  });

  test("what is refused as a whole is counted too, and leaves no row", async () => {
    await batch({ batch: [{ type: "page", anonymousId: "a" }] }, "wk_wrong");
    await fetch(`${server.url}/v1/batch`, {
      method: "POST",
      headers: { Authorization: `Bearer ${keys.write}` },
      body: "{",
    });
    const known = await until(
      async () => {
        const all = await sources();
        const reasons = (name: string) => all.find(({ source }) => source === name)?.rejected.by_reason;
        return reasons("unknown") && reasons("http.write") ? [reasons("unknown"), reasons("http.write")] : null;
      },
      { what: "the refusals to be told" },
    );
    expect(known).toMatchObject([
      [{ reason: "unauthorized", last_day: 1, example: null }],
      [{ reason: "invalid-json", last_day: 1, example: null }],
    ]);
  });

  test("a webhook with a wrong signature stands there under its shop, as do products that its webhooks tell of", async () => {
    const deliver = (body: string, signature: string, topic: string) => {
      const headers = { "x-shopify-topic": topic, "x-shopify-hmac-sha256": signature, "x-shopify-webhook-id": body };
      return fetch(`${server.url}/webhooks/shopify`, { method: "POST", headers, body });
    };
    expect((await deliver("{}", "AAAA", "orders/create")).status).toBe(401);
    const product = JSON.stringify({ id: 1, title: "Vase", updated_at: "2026-01-01T00:00:00Z", variants: [] });
    const signature = createHmac("sha256", SHOPIFY_SECRET).update(product).digest("base64");
    const taken = await deliver(product, signature, "products/update");
    expect(await taken.json()).toMatchObject({ accepted: 1 });
    const shopify = await until(async () => (await sources()).find(({ source }) => source === "shopify"), {
      what: "the shop to be noted",
    });
    expect(shopify).toMatchObject({ state: "ok", rejected: { by_reason: [{ reason: "bad-signature", last_day: 1 }] } });
    expect(shopify.events.last_hour).toBe(1);
  });

  test("the ledger says how far it has come", async () => {
    const { json } = await server.api("/api/health");
    expect(json).toMatchObject({ status: "ok", ledger: { reachable: true, side_rows: 0, lag_ms: 0 }, queues: [] });
    const { applied, woken } = (json as { ledger: { applied: number; woken: number } }).ledger;
    expect(applied).toBeGreaterThan(0);
    expect(woken).toBe(applied);
  });
});

describe("alerts", () => {
  const put = (json: object) => server.put("/api/settings/alerts", json);

  test("a source that goes silent is told of once by letter and once by webhook, and once that it is back", async () => {
    const silence = { sources: { snippet: "PT2H" } };
    const stored = await put({ emails: [OPERATOR], webhook: { url: receiver.url }, silence });
    expect(stored.status).toBe(200);
    const { webhook_secret: secret } = stored.json as { webhook_secret: string };
    const visit = () => batch({ batch: [{ type: "page", anonymousId: "v", context: library("relance.js") }] });
    await visit();
    receiver.answer(500, 200);
    await advance("PT1H");
    expect(await letters()).toEqual([]);
    await advance("PT6H");
    expect((await letters()).map(({ subject }) => subject)).toEqual([
      "[Maison Lumen] Alert: A source is silent: Browser snippet",
    ]);
    // The first try was answered with 500: the same call, under the same id, came again.
    expect(receiver.calls.map(({ status }) => status)).toEqual([500, 200]);
    const [first, second] = receiver.calls;
    expect(second?.headers["webhook-id"]).toBe(first?.headers["webhook-id"]);
    expect(second?.body).toBe(first?.body);
    expect(JSON.parse(second?.body ?? "")).toMatchObject({
      type: "alert.opened",
      data: { rule: "source-silent", subject: "snippet", source: "snippet" },
    });
    const key = Buffer.from(secret.slice("whsec_".length), "base64");
    const { "webhook-id": id, "webhook-timestamp": stamp } = (second?.headers ?? {}) as Record<string, string>;
    const signature = createHmac("sha256", key).update(`${id}.${stamp}.${second?.body}`).digest("base64");
    expect(second?.headers["webhook-signature"]).toBe(`v1,${signature}`);
    expect((await sourceOf("snippet")).state).toBe("silent");

    await visit();
    await advance("PT10M");
    expect((await letters()).map(({ subject }) => subject)[0]).toContain("It is over: A source is silent");
    expect(receiver.calls.map(({ body }) => (JSON.parse(body) as { type: string }).type)).toEqual([
      "alert.opened",
      "alert.opened",
      "alert.closed",
    ]);
    expect((await letters()).length).toBe(2);
    expect((await sourceOf("snippet")).state).toBe("ok");
  });

  test("rejections that jump are told of once, and once that they are over; without a key nobody raises an alarm", async () => {
    await put({ emails: [OPERATOR] });
    const before = (await letters()).length;
    const of = (count: number, event: object) => Array.from({ length: count }, () => ({ anonymousId: "r", ...event }));
    const client = { context: library("RudderLabs JavaScript SDK") };
    await batch({ batch: [...of(50, { type: "page", ...client }), ...of(30, { type: "track", ...client })] });
    await batch({ batch: of(200, { type: "track" }) }, "wk_wrong");
    await advance("PT1M");
    await advance("PT30M");
    const told = async () =>
      (await letters()).map(({ subject }) => subject).slice(0, (await letters()).length - before);
    expect(await told()).toEqual(["[Maison Lumen] Alert: Rejections have jumped: RudderStack, browser"]);
    expect((await sourceOf("rudderstack-browser")).state).toBe("rejecting");
    await advance("PT1H");
    expect((await told())[0]).toContain("It is over: Rejections have jumped");
    expect(await told()).toHaveLength(2);
  });

  test("F09 a webhook that is always refused is given up after five days, which a letter tells of; saving it mends it", async () => {
    const silence = { sources: { snippet: "PT2H" } };
    receiver.answer(500);
    const before = receiver.calls.length;
    await put({ emails: [OPERATOR], webhook: { url: receiver.url }, silence });
    await advance("PT12H");
    const soon = receiver.calls.length - before;
    // Back-off: some tries in the first hours, and then ever fewer.
    expect(soon).toBeGreaterThan(3);
    expect(soon).toBeLessThan(15);
    expect((await server.api("/api/settings/alerts")).json).toMatchObject({ webhook_state: "failing" });
    await advance("P6D");
    expect((await server.api("/api/settings/alerts")).json).toMatchObject({ webhook_state: "given_up" });
    expect((await letters()).map(({ subject }) => subject)).toContainEqual(
      expect.stringContaining("The alert webhook fails"),
    );
    const given = receiver.calls.length;
    expect(given - before).toBeLessThan(60);
    await advance("P1D");
    expect(receiver.calls.length).toBe(given);
    receiver.answer(200);
    await put({ emails: [OPERATOR], webhook: { url: receiver.url }, silence });
    await advance("P1D");
    expect(receiver.calls.length).toBeGreaterThan(given);
    expect((await server.api("/api/settings/alerts")).json).toMatchObject({ webhook_state: "ok" });
  });

  test("F04 a redirect is a failed delivery, and is not followed", async () => {
    receiver.answer(302);
    const before = receiver.calls.length;
    const { json } = await server.post("/api/settings/alerts/test");
    expect(json.data).toContainEqual({ way: "webhook", target: "", state: "failed", reason: "redirect" });
    expect(json.data).toContainEqual({ way: "email", target: OPERATOR, state: "sent", reason: null });
    expect(receiver.calls.length).toBe(before + 1);
  });

  test.each([
    ["F02", "https://[fd00::1]/hook"],
    ["F05", "https://hooks.not-allowed.example/hook"],
    ["F06", "ftp://hooks.example/hook"],
    ["F10", "https://hooks.example/a\r\nHost: evil.example"],
  ])("%s the webhook %j is refused at save, and what was set before stays", async (_id, url) => {
    const refused = await put({ emails: [OPERATOR], webhook: { url } });
    expect(refused.status).toBe(400);
    expect(refused.json.errors[0].pointer).toBe("/webhook/url");
    expect((await server.api("/api/settings/alerts")).json.webhook.url).not.toBe(url);
  });

  test("F10 a header with a line break is refused at save, with its place", async () => {
    const headers = { "x-token": "a\r\nHost: evil.example" };
    const refused = await put({ webhook: { url: receiver.url, headers } });
    expect(refused.status).toBe(400);
    expect(refused.json.errors[0].pointer).toBe("/webhook/headers/x-token");
  });

  test("a repeat of the test under its key tells nobody twice", async () => {
    receiver.answer(200);
    await put({ emails: [OPERATOR], webhook: { url: receiver.url } });
    const before = [receiver.calls.length, (await letters()).length];
    const headers = { "Idempotency-Key": "once" };
    for (let times = 0; times < 3; times++)
      expect((await server.api("/api/settings/alerts/test", { method: "POST", json: {}, headers })).status).toBe(200);
    expect([receiver.calls.length, (await letters()).length]).toEqual(before.map((count) => count + 1));
  });
});
