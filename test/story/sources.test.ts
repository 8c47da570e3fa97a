import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startReceiver } from "../support/hook-receiver";
import type { Server } from "../support/server";
import { keys, startServer, until } from "../support/server";

let server: Server;
let receiver: Awaited<ReturnType<typeof startReceiver>>;

const OPERATOR = "ops@maison-lumen.example";

beforeAll(async () => {
  [server, receiver] = await Promise.all([startServer({ tick: 0 }), startReceiver(200)]);
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

const advance = (by: string) => server.api("/dev/clock", { method: "POST", json: { advance: by } });

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

  test("the ledger says how far it has come", async () => {
    const { json } = await server.api("/api/health");
    expect(json).toMatchObject({ status: "ok", ledger: { reachable: true, side_rows: 0, lag_ms: 0 }, queues: [] });
    const { applied, woken } = (json as { ledger: { applied: number; woken: number } }).ledger;
    expect(applied).toBeGreaterThan(0);
    expect(woken).toBe(applied);
  });
});

describe("alerts", () => {
  const put = (json: object) => server.api("/api/settings/alerts", { method: "PUT", json });

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
});
