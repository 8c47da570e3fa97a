import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../src/app";
import { servicesOf } from "../../src/services";
import type { Env } from "../../src/services/env";
import { faultyD1 } from "../support/chaos-d1";
import { journalIds } from "../support/chaos-ledger";

const real = env as unknown as Env;
const app = createApp();

interface Sent {
  readonly anonymousId?: string;
  readonly userId?: string;
  readonly messageId: string;
}

function post(batch: readonly Sent[], key: string, from: Env = real, address = "203.0.113.7"): Promise<Response> {
  const headers = { Authorization: `Bearer ${key}`, "CF-Connecting-IP": address };
  const events = batch.map((event) => ({ type: "page", name: "Lamps", ...event }));
  const init = { method: "POST", headers, body: JSON.stringify({ batch: events }) };
  return Promise.resolve(app.fetch(new Request("https://relance.test/v1/batch", init), from));
}

describe("one contact that sends a thousand events a second (K01)", () => {
  let now = Date.UTC(2026, 0, 5, 10);
  const from = (anonymousId: string, count: number): Sent[] =>
    Array.from({ length: count }, () => ({ anonymousId, messageId: crypto.randomUUID() }));
  const send = async (anonymousId: string, count: number) => post(from(anonymousId, count), "wk_local");

  beforeAll(() => {
    const { ledger } = servicesOf(real);
    return runInDurableObject(ledger as unknown as DurableObjectStub, (instance) => {
      const object = instance as unknown as { ports: object };
      object.ports = { ...object.ports, now: () => now };
    });
  });

  test("is refused beyond its budget, and told when to come back", async () => {
    expect((await send("hot", 300)).status).toBe(200);
    const refused = await send("hot", 100);
    expect(refused.status).toBe(429);
    expect(refused.headers.get("Retry-After")).toBe("2");
    expect(refused.headers.get("Content-Type")).toBe("application/problem+json");
    expect(refused.headers.get("Access-Control-Allow-Origin")).toBe("*");
    now += 2_000;
    expect((await send("hot", 100)).status).toBe(200);
  });

  test("harms no other contact of the same key and address, however much of it is refused", async () => {
    const answers: number[] = [];
    for (let second = 0; second < 4; second++) {
      for (let times = 0; times < 20; times++) answers.push((await send("hot", 250)).status);
      now += 1_000;
    }
    expect(answers.filter((status) => status === 429).length).toBeGreaterThan(75);
    expect((await send("hot", 300)).status).toBe(429);
    for (const other of ["calm-1", "calm-2", "calm-3"]) expect((await send(other, 20)).status).toBe(200);
  });

  test("leaves nothing of what was refused", async () => {
    const batch = from("hot", 300);
    expect((await post(batch, "wk_local")).status).toBe(429);
    const stored = new Set(await journalIds(real.DB));
    expect(batch.filter(({ messageId }) => stored.has(messageId))).toEqual([]);
  });

  test("is not held back where the shop's server vouches for it with its secret key", async () => {
    const batch = Array.from({ length: 2_000 }, () => ({ userId: "import", messageId: crypto.randomUUID() }));
    for (let times = 0; times < 3; times++) expect((await post(batch, "sk_local")).status).toBe(200);
  });
});

describe("where the ledger cannot be reached", () => {
  const unreachable = {
    idFromName: () => "ledger",
    get: () => ({ append: () => Promise.reject(new Error("Network connection lost.")) }),
  };

  test("an event is stored beside it, and stands in the journal once the ledger is back", async () => {
    const from = { ...real, LEDGER: unreachable } as unknown as Env;
    const answer = await post([{ userId: "ann", messageId: "beside-1" }], "sk_local", from);
    expect(answer.status).toBe(200);
    expect(await journalIds(real.DB)).not.toContain("beside-1");
    expect((await post([{ userId: "ann", messageId: "beside-2" }], "sk_local")).status).toBe(200);
    const ids = await journalIds(real.DB);
    expect(ids.filter((id) => id.startsWith("beside-"))).toEqual(["beside-1", "beside-2"]);
  });

  test("nor the database, the client is asked to keep it and told when to come back (K02)", async () => {
    const DB = faultyD1(real.DB, () => "overloaded");
    const from = { ...real, LEDGER: unreachable, DB } as unknown as Env;
    const answer = await post([{ userId: "ann", messageId: "kept-1" }], "sk_local", from);
    expect(answer.status).toBe(503);
    expect(Number(answer.headers.get("Retry-After"))).toBeGreaterThan(0);
    expect(answer.headers.get("Access-Control-Expose-Headers")).toContain("retry-after");
    expect(await answer.json()).toMatchObject({ type: "https://relance.dev/problems/unavailable" });
    expect(await journalIds(real.DB)).not.toContain("kept-1");
  });
});
