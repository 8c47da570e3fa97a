import { afterAll, beforeAll, expect, test } from "vitest";
import type { Server } from "../support/server";
import { startServer } from "../support/server";

let server: Server;

beforeAll(async () => {
  server = await startServer({ tick: 0 });
  await post("/dev/clock", { set: "2026-01-05T10:00:00Z" });
});

afterAll(async () => {
  await server?.stop();
});

const post = (path: string, json: object = {}) => server.api(path, { method: "POST", json });
const get = async (path: string) => (await server.api(path)).json;
const advance = (by: string) => post("/dev/clock", { advance: by });

const person = (userId: string) => server.send("identify", { userId, traits: { email: `${userId}@example.com` } });
const track = (userId: string, event: string, properties: object) =>
  server.send("track", { userId, event, properties });
const review = (userId: string, id: string) => track(userId, "Product Reviewed", { review_id: id, rating: 5 });

async function levels(key: string): Promise<Record<string, number>> {
  const { segments } = await get(`/api/segments/${key}`);
  return Object.fromEntries(segments.map((one: { key: string; contacts: number }) => [one.key, one.contacts]));
}

test("what people do becomes levels in the night, and from then on at once; rules can ask for the figures", async () => {
  await person("ann");
  await person("ben");
  await person("cas");
  for (const id of ["a1", "a2", "a3", "a4"]) await review("ann", id);
  for (let day = 0; day < 3; day++) {
    await track("ben", "Product Viewed", { product_id: "lamp" });
    await advance("P1D");
  }
  const all: { key: string; own: boolean }[] = (await get("/api/segments")).data;
  expect(all.filter(({ own }) => own).map(({ key }) => key)).toEqual([
    "browsing",
    "email_activity",
    "engagement",
    "promotion_appetite",
  ]);
  expect(await levels("engagement")).toEqual({ very_engaged: 1, engaged: 0, little_engaged: 1, not_engaged: 0 });
  expect(await levels("browsing")).toEqual({ frequent: 0, regular: 1, occasional: 0, lapsed: 0 });
  const rule = { type: "metric", name: "engagement_score", op: "gte", value: 2 };
  expect((await post("/api/segments/preview", { rule })).json).toMatchObject({ count: 2 });
  expect((await post("/api/segments/preview", { rule: { ...rule, value: 10 } })).json).toMatchObject({ count: 1 });
  for (const id of ["b1", "b2", "b3", "b4"]) await review("ben", id);
  await advance("PT1M");
  expect(await levels("engagement")).toMatchObject({ very_engaged: 2 });
  const moves = (await get("/api/segments/engagement/transitions")).data;
  expect(moves[0]).toMatchObject({ external_id: "ben", to: "very_engaged", cause: "act" });
  expect((await post("/api/segments", { key: "browsing", name: "Mine", rule })).status).toBe(409);
});
