import { describe, expect, it } from "vitest";
import { FakePage, FakeWorld } from "./browser";

const idsOf = (world: FakeWorld) => world.sent.map(({ batch }) => batch.map(({ messageId }) => messageId));

describe("sending", () => {
  it("waits for a second of quiet, or for twenty events", async () => {
    const world = new FakeWorld();
    const page = new FakePage(world);
    page.relance.track("One");
    await page.pass(900);
    page.relance.track("Two");
    await page.pass(900);
    expect(world.sent).toHaveLength(0);
    await page.pass(100);
    expect(world.sent.map(({ batch }) => batch.length)).toEqual([2]);
    for (let count = 0; count < 20; count++) page.relance.track("More");
    await page.pass(0);
    expect(world.sent).toHaveLength(2);
    await page.pass(5000);
    expect(world.events).toHaveLength(22);
  });

  it("cuts what is waiting into requests under 60 KB and loses none", async () => {
    const world = new FakeWorld();
    const page = new FakePage(world);
    for (let count = 0; count < 19; count++) page.relance.track("Big", { count, text: "ü".repeat(5000) });
    await page.pass(1000);
    expect(world.sent.length).toBeGreaterThan(2);
    for (const { body } of world.sent) expect(Buffer.byteLength(body)).toBeLessThan(60_000);
    expect(world.events.map(({ properties }) => (properties as { count: number }).count)).toEqual([
      ...Array(19).keys(),
    ]);
  });

  it("has never two requests under way", async () => {
    const world = new FakeWorld();
    let open = 0;
    let most = 0;
    const release: (() => void)[] = [];
    world.reply = () => {
      most = Math.max(most, ++open);
      return new Promise((resolve) => {
        release.push(() => {
          open--;
          resolve({});
        });
      });
    };
    const page = new FakePage(world);
    page.relance.track("One");
    await page.pass(1000);
    page.relance.track("Two");
    void page.relance.flush();
    await page.pass(5000);
    expect(world.sent).toHaveLength(1);
    release[0]?.();
    await page.pass(0);
    release[1]?.();
    await page.pass(0);
    expect(world.sent.map(({ batch }) => batch.map(({ event }) => event))).toEqual([["One"], ["Two"]]);
    expect(most).toBe(1);
  });

  it.each([408, 429, 500, 503])("tries again after %i with the same ids and a new sentAt", async (status) => {
    const world = new FakeWorld();
    world.reply = () => ({ status: world.sent.length < 3 ? status : 200 });
    const page = new FakePage(world);
    page.relance.track("One");
    await page.pass(60_000);
    const ids = idsOf(world);
    expect(ids).toHaveLength(3);
    expect(new Set(ids.flat()).size).toBe(1);
    expect(new Set(world.sent.map(({ body }) => JSON.parse(body).sentAt)).size).toBe(3);
    expect(new Set(world.events.map(({ timestamp }) => timestamp)).size).toBe(1);
  });

  it("tries again when the network fails, and slows down", async () => {
    const world = new FakeWorld();
    const times: number[] = [];
    world.reply = () => {
      times.push(world.now);
      throw new TypeError("Failed to fetch");
    };
    const page = new FakePage(world);
    page.relance.track("One");
    await page.pass(20_000);
    expect(times.slice(1).map((time, index) => time - (times[index] ?? 0))).toEqual([1000, 2000, 4000, 8000]);
  });

  it("waits as long as Retry-After asks, whatever happens meanwhile", async () => {
    const world = new FakeWorld();
    world.reply = () => (world.sent.length === 1 ? { status: 429, retryAfter: "30" } : {});
    const page = new FakePage(world);
    page.relance.track("One");
    await page.pass(1000);
    page.relance.track("Two");
    void page.relance.flush();
    await page.pass(29_000);
    expect(world.sent).toHaveLength(1);
    await page.pass(1000);
    expect(world.sent.map(({ batch }) => batch.length)).toEqual([1, 2]);
  });

  it.each([400, 401, 403, 413])("drops what the server answers %i to", async (status) => {
    const world = new FakeWorld();
    world.reply = () => ({ status });
    const page = new FakePage(world);
    page.relance.track("One");
    await page.pass(600_000);
    expect(world.sent).toHaveLength(1);
  });

  it("keeps what was not delivered for the next page: 500 events and 7 days at most", async () => {
    const world = new FakeWorld();
    world.reply = () => ({ status: 503, retryAfter: "3600" });
    const page = new FakePage(world);
    page.relance.consent({ tracking: true });
    for (let count = 0; count < 600; count++) page.relance.track("Event", { count });
    await page.pass(1000);
    world.reply = () => ({});
    world.sent.length = 0;
    world.newVisit();
    await new FakePage(world).pass(1000);
    expect(world.events).toHaveLength(500);
    expect(world.events.at(-1)?.properties).toEqual({ count: 599 });

    page.relance.track("Old");
    world.sent.length = 0;
    world.now += 8 * 24 * 3600 * 1000;
    await new FakePage(world).pass(1000);
    expect(world.events).toEqual([]);
  });

  it("shares its queue with another tab without losing an event", async () => {
    const world = new FakeWorld();
    const one = new FakePage(world);
    one.relance.consent({ tracking: true });
    const two = new FakePage(world);
    one.relance.track("One");
    two.relance.track("Two");
    one.relance.track("Three");
    await two.pass(1000);
    await one.pass(1000);
    const names = new Set(world.events.map(({ event }) => event));
    expect(names).toEqual(new Set([undefined, "One", "Two", "Three"]));
  });

  it("sends an event without its token when only the token was refused", async () => {
    const world = new FakeWorld();
    const { tokenOf } = await import("./browser");
    world.reply = (_url, { body = "" }) => {
      const stale = (JSON.parse(body).batch as { messageId: string; context: { token?: string } }[])
        .filter(({ context }) => context.token)
        .map(({ messageId }) => ({ messageId, reason: "invalid-token" }));
      return { body: { accepted: 0, rejected: stale } };
    };
    const page = new FakePage(world);
    page.relance.identify("u1", {}, { token: tokenOf({ iat: 1000, exp: 1300 }) });
    await page.pass(1000);
    const [first, second] = world.events;
    expect(world.events).toHaveLength(2);
    expect(first?.context.token).toBeDefined();
    expect(second?.context.token).toBeUndefined();
    expect(second?.messageId).toBe(first?.messageId);
  });
});

describe("leaving the page", () => {
  it.each(["pagehide", "visibilitychange"] as const)("hands what waits to a beacon on %s", (event) => {
    const world = new FakeWorld();
    const page = new FakePage(world);
    page.relance.track("Last");
    page.leave(event);
    page.leave("pagehide");
    expect(world.beacons).toHaveLength(1);
    expect(world.beacons[0]?.url).toBe("https://relance.test/beacon/v1/batch?writeKey=wk_test");
    expect(world.beacons[0]?.batch[0]?.event).toBe("Last");
  });

  it("splits beacons under the browser's limit", () => {
    const world = new FakeWorld();
    const page = new FakePage(world);
    for (let count = 0; count < 10; count++) page.relance.track("Big", { text: "x".repeat(20_000) });
    page.leave();
    expect(world.beacons.flatMap(({ batch }) => batch)).toHaveLength(10);
    for (const { body } of world.beacons) expect(Buffer.byteLength(body)).toBeLessThan(64_000);
  });

  it("keeps what the browser does not take, and sends it from the next page", async () => {
    const world = new FakeWorld();
    world.takesBeacons = false;
    const page = new FakePage(world);
    page.relance.track("Last");
    page.leave();
    await new FakePage(world).pass(1000);
    expect(world.events.map(({ event }) => event)).toEqual(["Last"]);
  });

  it("leaves out what a request under way already carries", async () => {
    const world = new FakeWorld();
    world.reply = () => new Promise(() => undefined);
    const page = new FakePage(world);
    page.relance.track("Flying");
    await page.pass(1000);
    page.relance.track("Waiting");
    page.leave();
    expect(world.beacons.map(({ batch }) => batch.map(({ event }) => event))).toEqual([["Waiting"]]);
  });

  it("does not press a server that asked to wait", async () => {
    const world = new FakeWorld();
    world.reply = () => ({ status: 503 });
    const page = new FakePage(world);
    page.relance.track("One");
    await page.pass(1000);
    page.leave();
    expect(world.beacons).toHaveLength(0);
    world.reply = () => ({});
    await new FakePage(world).pass(1000);
    expect(world.sent).toHaveLength(2);
  });
});
