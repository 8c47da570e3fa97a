import { describe, expect, it } from "vitest";
import type { Relance } from "../../../src/storefront/snippet/api";
import { installStub } from "../../../src/storefront/snippet/stub";
import { FakePage, FakeWorld } from "./browser";

describe("the stub and the start", () => {
  it("replays the calls made before the script arrived, in their order, before later ones", async () => {
    const page: { relance?: unknown } = {};
    installStub(page);
    const early = page.relance as Relance;
    early.track("First");
    early.identify("u1");
    early.track("Second");
    const world = new FakeWorld();
    const loaded = new FakePage(world, { stub: page.relance as unknown[] });
    loaded.relance.track("Third");
    await loaded.pass(1000);
    expect(world.events.map(({ event, type }) => event ?? type)).toEqual(["First", "identify", "Second", "Third"]);
    expect(world.events.map(({ userId }) => userId)).toEqual([undefined, "u1", "u1", "u1"]);
  });

  it("goes on working through a reference that the page took of the stub", async () => {
    const page: { relance?: unknown } = {};
    installStub(page);
    const kept = page.relance as Relance;
    const world = new FakeWorld();
    const loaded = new FakePage(world, { stub: page.relance as unknown[] });
    kept.track("Late");
    await loaded.pass(1000);
    expect(world.events).toHaveLength(1);
  });

  it("understands a plain array of calls, before and after the start", async () => {
    const world = new FakeWorld();
    const page = new FakePage(world, { stub: [["track", "Before"]] });
    page.relance.push(["track", "After"]);
    await page.pass(1000);
    expect(world.events.map(({ event }) => event)).toEqual(["Before", "After"]);
  });

  it("waits for load() where the script tag names no key, and takes its host", async () => {
    const world = new FakeWorld();
    const page = new FakePage(world, { attributes: {} });
    page.relance.track("Early");
    await page.pass(5000);
    expect(world.sent).toHaveLength(0);
    page.relance.load("wk_other", { host: "https://events.shop.test/" });
    await page.pass(1000);
    expect(world.sent[0]?.url).toBe("https://events.shop.test/v1/batch");
    expect(JSON.parse(world.sent[0]?.body ?? "")).toMatchObject({ writeKey: "wk_other", batch: [{ event: "Early" }] });
  });

  it("starts once, however often the script is there", async () => {
    const world = new FakeWorld();
    const first = new FakePage(world);
    new FakePage(world, { stub: first.relance as unknown as unknown[] });
    first.relance.track("Once");
    await first.pass(1000);
    expect(world.events).toHaveLength(1);
  });

  it("never throws into the page", () => {
    const world = new FakeWorld();
    world.local.blocked = world.session.blocked = true;
    const page = new FakePage(world, { stub: [["nonsense"], null as unknown as unknown[], ["track"]] });
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    expect(() => page.relance.track("Loop", loop)).not.toThrow();
    expect(() => page.relance.identify(null, undefined, {})).not.toThrow();
    expect(() => page.leave()).not.toThrow();
  });
});

describe("an event", () => {
  it("has Segment's shape and needs no preflight", async () => {
    const world = new FakeWorld();
    const page = new FakePage(world);
    page.relance.track("Product Viewed", { sku: "A" });
    await page.pass(1000);
    const [sent] = world.sent;
    expect(sent?.request).toMatchObject({ method: "POST", headers: { "Content-Type": "text/plain" }, keepalive: true });
    expect(Object.keys(sent?.request?.headers ?? {})).toEqual(["Content-Type"]);
    const body = JSON.parse(sent?.body ?? "");
    expect(body).toMatchObject({ writeKey: "wk_test", sentAt: "2026-10-01T12:00:01.000Z" });
    expect(body.batch[0]).toMatchObject({
      type: "track",
      event: "Product Viewed",
      properties: { sku: "A" },
      timestamp: "2026-10-01T12:00:00.000Z",
      messageId: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      context: {
        page: {
          url: "https://shop.test/p/1?utm=x",
          path: "/p/1",
          referrer: "https://search.test/",
          title: "Shop",
        },
        locale: "fr-FR",
        library: { name: "relance.js" },
      },
    });
  });

  it("of more than 32 KB is dropped and explained", async () => {
    const world = new FakeWorld();
    const page = new FakePage(world, { attributes: { writeKey: "wk_test", debug: "" } });
    page.relance.track("Huge", { text: "é".repeat(17_000) });
    await page.pass(1000);
    expect(world.sent).toHaveLength(0);
    expect(page.lines.join("\n")).toContain("32 KB");
  });

  it("takes page and alias as Segment's clients do", async () => {
    const world = new FakeWorld();
    const page = new FakePage(world);
    page.relance.page("Home", { section: "lamps" });
    page.relance.alias("u2", "u1");
    page.relance.identify({ first_name: "Ana" });
    await page.pass(1000);
    expect(world.events).toMatchObject([
      { type: "page", name: "Home", properties: { section: "lamps", path: "/p/1" } },
      { type: "alias", userId: "u2", previousId: "u1" },
      { type: "identify", traits: { first_name: "Ana" } },
    ]);
  });
});
