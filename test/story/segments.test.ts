import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ApiAnswer, ApiInit, Server } from "../support/server";
import { keys, startServer } from "../support/server";

let server: Server;

beforeAll(async () => {
  server = await startServer({ tick: 0 });
  await post("/dev/clock", { set: "2026-01-05T10:00:00Z" });
  for (const [user, orders] of [
    ["ann", 3],
    ["ben", 1],
    ["cas", 0],
  ] as const) {
    await server.send("identify", {
      userId: user,
      traits: { email: `${user}@example.com`, consent: { email: true } },
    });
    for (let index = 0; index < orders; index++) await buy(user, `${user}-${index}`);
  }
});

afterAll(async () => {
  await server?.stop();
});

function post(path: string, json: object = {}, init: ApiInit = {}): Promise<ApiAnswer> {
  return server.api(path, { method: "POST", json, ...init });
}

const get = async (path: string) => (await server.api(path)).json;

const buy = (userId: string, id: string) =>
  server.send("track", {
    userId,
    event: "Order Completed",
    properties: { order_id: id, total: 50, currency: "EUR", products: [{ product_id: "p", price: 50 }] },
  });

/** Lets time pass and, with it, everything that falls due. */
const advance = (by: string) => post("/dev/clock", { advance: by });

const atLeast = (value: number) => ({ type: "orders.count", op: "gte", value });
const level = {
  key: "level",
  name: "Level",
  segments: [
    { key: "gold", name: "Gold", rule: atLeast(3) },
    { key: "silver", name: "Silver", rule: atLeast(2) },
    { key: "bronze", name: "Bronze", rule: atLeast(1) },
  ],
  rest: { key: "new", name: "New" },
};

/** Without those of what somebody does, which the product makes itself. */
const ofShop = (keys: readonly string[]) => keys.filter((key) => /^(level:|vip$)/.test(key));

describe("segments", () => {
  test("are made once, computed at once, and told of on the contact", async () => {
    const vip = { key: "vip", name: "VIP", rule: atLeast(2) };
    const first = await post("/api/segments", vip, { headers: { "idempotency-key": "seg-1" } });
    const again = await post("/api/segments", vip, { headers: { "idempotency-key": "seg-1" } });
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(first.json).toEqual(again.json);
    expect(first.json).toMatchObject({ ...vip, kind: "simple", contacts: 1, computing: false });
    expect((await post("/api/segments", level)).status).toBe(201);
    expect((await post("/api/segments", { ...level, name: "Another" })).status).toBe(409);
    const [ann] = (await get("/api/contacts?external_id=ann")).data;
    expect(ann.segments).toEqual(["level:gold", "vip"]);
    const list = await get("/api/segments?limit=1");
    expect(list.data.map(({ key }: { key: string }) => key)).toEqual(["level"]);
    const rest = await get(`/api/segments?limit=5&cursor=${list.next_cursor}`);
    expect(rest.data.map(({ key }: { key: string }) => key)).toEqual(["vip"]);
  });

  test("refuse what cannot be computed, with its place", async () => {
    const bad = await post("/api/segments", { key: "bad", name: "Bad", rule: { type: "no.such" } });
    expect([bad.status, bad.json.errors[0].pointer]).toEqual([400, "/rule/type"]);
    expect((await post("/api/segments", { key: "Bad Key", name: "Bad", rule: atLeast(1) })).status).toBe(400);
    expect((await post("/api/segments", { key: "rfm", name: "Mine", rule: atLeast(1) })).status).toBe(409);
    const twice = { key: "two", name: "Two", segments: [level.segments[0], level.segments[0]] };
    const refused = await post("/api/segments", twice);
    expect([refused.status, refused.json.errors[0].pointer]).toEqual([422, "/segments/1/key"]);
    expect((await server.api("/api/segments/none")).status).toBe(404);
  });

  test("show members, moves and days, page by page", async () => {
    const page = await get("/api/segments/level/members?limit=2");
    expect(page.data.map((row: { external_id: string; segment: string }) => [row.external_id, row.segment])).toEqual([
      ["ann", "gold"],
      ["ben", "bronze"],
    ]);
    const next = await get(`/api/segments/level/members?limit=2&cursor=${page.next_cursor}`);
    expect(next.data.map((row: { external_id: string }) => row.external_id)).toEqual(["cas"]);
    expect((await get("/api/segments/level/members?segment=gold")).data).toHaveLength(1);
    await buy("ben", "ben-1");
    await advance("P1D");
    const moves = await get("/api/segments/level/transitions");
    const shown = moves.data.map((row: Record<string, string>) => [
      row["external_id"],
      row["from"],
      row["to"],
      row["cause"],
    ]);
    expect(shown).toEqual([
      ["ben", "bronze", "silver", "act"],
      ["ann", null, "gold", "first"],
      ["ben", null, "bronze", "first"],
      ["cas", null, "new", "first"],
    ]);
    const paged = await get("/api/segments/level/transitions?limit=2");
    const behind = await get(`/api/segments/level/transitions?limit=2&cursor=${paged.next_cursor}`);
    expect([...paged.data, ...behind.data]).toEqual(moves.data);
    const [ben] = (await get("/api/contacts?external_id=ben")).data;
    expect((await get(`/api/segments/level/transitions?contact=${ben.id}`)).data).toHaveLength(2);
    const days = (await get("/api/segments/level/history")).data;
    expect(days).toContainEqual({ day: "2026-01-05", segment: "silver", contacts: 1, entered: 1, left: 0 });
    expect(days).toContainEqual({ day: "2026-01-06", segment: "silver", contacts: 1, entered: 0, left: 0 });
    const flow = await get("/api/reports/rfm-flow?family=level&segment=silver&from=2026-01-05&to=2026-01-05");
    expect(flow).toMatchObject({ segment: "silver", entered: 1, left: 0 });
    expect(flow.flows).toEqual([{ from: "bronze", to: "silver", contacts: 1, causes: { act: 1 } }]);
  });

  test("SC-24: start a scenario when a contact moves, and end it when it moves back", async () => {
    const definition = {
      name: "Gold",
      start: "start",
      stop_on: [],
      blocks: {
        start: { type: "start.segment", params: { family: "level", to: "gold" }, next: { next: "wait" } },
        wait: { type: "wait.for", params: { duration: "PT1H" }, next: { next: "mail" } },
        mail: { type: "send.email", params: { content: "cart_1" }, next: {} },
      },
    };
    const made = await post("/api/scenarios", { definition });
    expect(made.status).toBe(201);
    expect((await post(`/api/scenarios/${made.json.id}/activate`)).status).toBe(200);
    await buy("ben", "ben-2");
    await advance("PT1M");
    const runs = await get(`/api/scenarios/${made.json.id}/runs`);
    expect(runs.data).toHaveLength(1);
    await advance("PT2H");
    const [ben] = (await get("/api/contacts?external_id=ben")).data;
    expect(ofShop(ben.segments)).toEqual(["level:gold", "vip"]);
    const inUse = await server.api("/api/segments/level", { method: "DELETE" });
    expect([inUse.status, inUse.json.detail]).toEqual([409, expect.stringContaining(made.json.id)]);
    await post(`/api/scenarios/${made.json.id}/archive`);
  });

  test("are changed and deleted, and exported with their members", async () => {
    const patch = { name: "Very important" };
    const changed = await server.api("/api/segments/vip", { method: "PATCH", json: patch });
    expect(changed.json).toMatchObject({ name: "Very important", rule: atLeast(2) });
    const put = await server.api("/api/segments/vip", { method: "PUT", json: { name: "VIP", rule: atLeast(1) } });
    expect(put.json.contacts).toBe(2);
    const moved = (await get("/api/segments/vip/transitions")).data;
    expect(moved.every(({ cause }: { cause: string }) => ["first", "rule", "act"].includes(cause))).toBe(true);
    const asked = await post("/api/exports", { table: "segment.level", format: "csv" });
    const file = await fetch(asked.json.url, { headers: { authorization: `Bearer ${keys.admin}` } });
    const lines = (await file.text()).trim().split(/\r?\n/);
    expect(lines[0]).toContain("external_id,email,phone,first_name,last_name,language,country,segment,since");
    expect(lines).toHaveLength(4);
    expect(lines[1]).toContain("ann,ann@example.com,,,,,,gold,2026-01-05");
    expect((await server.api("/api/segments/vip", { method: "DELETE" })).status).toBe(204);
    expect((await server.api("/api/segments/vip")).status).toBe(404);
    const [ann] = (await get("/api/contacts?external_id=ann")).data;
    expect(ofShop(ann.segments)).toEqual(["level:gold"]);
  });
});
