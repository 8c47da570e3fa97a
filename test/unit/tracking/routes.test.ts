// A link of a message leads where it leads, whatever becomes of the note that somebody followed it.
import { expect, test } from "vitest";
import type { LinkedMessage, TrackingDeps } from "../../../src/tracking/linked";
import { trackingRoutes } from "../../../src/tracking/routes";

const PERSON = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.1 Safari/605.1.15";

function routes(change: Partial<TrackingDeps> = {}, more: Partial<LinkedMessage> = {}) {
  const message = {
    contact: 1,
    send: "msg_1",
    scenario: "s",
    block: "b",
    until: 1_000_000,
    deliveredAt: 0,
    hits: [],
    mayTrack: true,
    destinations: async () => ["https://shop.test/lamps"],
    marked: async (destination: string) => `${destination}?mid=x`,
    ...more,
  } as unknown as LinkedMessage;
  const deps = {
    read: () => ({ contact: 1, send: "msg_1", channel: "email", place: "0", until: null }),
    message: async () => message,
    heard: async () => ({ hits: [], deliveredAt: null }),
    append: async () => ({ status: "stored" }),
    shop: { name: "Shop", url: "https://shop.test" },
    now: () => 100_000,
    ...change,
  } as unknown as TrackingDeps;
  return trackingRoutes(() => deps);
}

const leadsTo = async (app: ReturnType<typeof routes>): Promise<string | null> =>
  (await app.request("/c/token", { headers: { "User-Agent": PERSON } })).headers.get("Location");

const fails = async (): Promise<never> => {
  throw new Error("D1_ERROR: Network connection lost.");
};

test("a person's click leads on, marked", async () => {
  expect(await leadsTo(routes())).toBe("https://shop.test/lamps?mid=x");
});

test.each([
  ["the click cannot be stored", { append: fails }, {}],
  ["it cannot be read what else was followed", { heard: fails }, {}],
  ["the settings cannot be read", {}, { marked: fails }],
])("it leads on where %s", async (_name, change, more) => {
  expect(await leadsTo(routes(change as Partial<TrackingDeps>, more as Partial<LinkedMessage>))).toBe(
    "https://shop.test/lamps",
  );
});

test("the picture of a mail is one where its opening cannot be stored", async () => {
  const answer = await routes({ append: fails }).request("/o/token", { headers: { "User-Agent": PERSON } });
  expect([answer.status, answer.headers.get("Content-Type")]).toEqual([200, "image/gif"]);
});
