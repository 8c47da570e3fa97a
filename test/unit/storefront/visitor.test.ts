import { describe, expect, it } from "vitest";
import { FakePage, FakeWorld, tokenOf } from "./browser";

const idOf = (page: FakePage) => page.relance.user()?.anonymousId;
const kept = (world: FakeWorld) => [...world.local.items.values()].join(" ");

describe("who the visitor is", () => {
  it("stays the same on the pages of one visit", () => {
    const world = new FakeWorld();
    expect(idOf(new FakePage(world))).toBe(idOf(new FakePage(world)));
  });

  it("keeps the anonymous id when a visitor is identified for the first time, and again", () => {
    const page = new FakePage(new FakeWorld());
    const before = idOf(page);
    page.relance.identify("u1");
    page.relance.identify("u1");
    expect(idOf(page)).toBe(before);
    expect(page.relance.user()?.userId).toBe("u1");
  });

  it("is someone new after reset", async () => {
    const world = new FakeWorld();
    const page = new FakePage(world);
    page.relance.identify("u1");
    const before = idOf(page);
    page.relance.reset();
    page.relance.track("After");
    await page.pass(1000);
    expect(idOf(page)).not.toBe(before);
    expect(world.events.at(-1)?.userId).toBeUndefined();
  });

  it("is someone new when another person is identified: a shared device mixes no two people (B04)", async () => {
    const world = new FakeWorld();
    const page = new FakePage(world);
    page.relance.identify("ana", {}, { token: tokenOf({ iat: 0, exp: 300 }) });
    page.relance.track("Of Ana");
    page.relance.identify("ben");
    page.relance.track("Of Ben");
    await page.pass(1000);
    const [ana, ofAna, ben, ofBen] = world.events;
    expect(ofAna?.anonymousId).toBe(ana?.anonymousId);
    expect(ben?.anonymousId).not.toBe(ana?.anonymousId);
    expect(ofBen).toMatchObject({ userId: "ben", anonymousId: ben?.anonymousId });
    expect(ben?.context.token).toBeUndefined();
  });

  it("works for one page where the browser blocks storage", async () => {
    const world = new FakeWorld();
    world.local.blocked = world.session.blocked = true;
    const page = new FakePage(world);
    page.relance.track("One");
    page.relance.track("Two");
    await page.pass(1000);
    expect(world.events).toHaveLength(2);
    expect(new Set(world.events.map(({ anonymousId }) => anonymousId)).size).toBe(1);
  });
});

describe("the token", () => {
  it("goes along for as long as it holds, by its own iat and exp, and not to the next page", async () => {
    const world = new FakeWorld();
    const page = new FakePage(world);
    // The shop's clock is a day ahead of this device.
    const issued = world.now / 1000 + 86_400;
    const token = tokenOf({ iat: issued, exp: issued + 300 });
    page.relance.identify("u1", { email: "a@shop.test" }, { token });
    await page.pass(299_000);
    page.relance.track("Within");
    await page.pass(2000);
    page.relance.track("After");
    await page.pass(1000);
    const next = new FakePage(world);
    next.relance.track("Next page");
    await next.pass(1000);
    expect(world.events.map(({ context }) => context.token)).toEqual([token, token, undefined, undefined]);
    expect(kept(world)).not.toContain(token);
  });
});

describe("consent to tracking", () => {
  it("is not assumed: nothing that recognises the browser outlives the visit", async () => {
    const world = new FakeWorld();
    const page = new FakePage(world);
    page.relance.track("Product Viewed");
    expect(world.local.items.size).toBe(0);
    expect(world.session.items.size).toBeGreaterThan(0);
    await page.pass(1000);
    const before = idOf(page);
    world.newVisit();
    expect(idOf(new FakePage(world))).not.toBe(before);
  });

  it("moves the identity and the queue to where they last", () => {
    const world = new FakeWorld();
    const page = new FakePage(world);
    page.relance.track("Product Added");
    const before = idOf(page);
    page.relance.consent({ tracking: true }, { wording: "v1", source: "banner" });
    expect(idOf(page)).toBe(before);
    expect(kept(world)).toContain(before);
    expect(kept(world)).toContain("Product Added");
    expect(world.session.items.size).toBe(0);
    world.newVisit();
    expect(idOf(new FakePage(world))).toBe(before);
  });

  it("may come with identify, as the traits carry it", () => {
    const world = new FakeWorld();
    const page = new FakePage(world);
    page.relance.identify("u1", { consent: { email: true, tracking: true } });
    expect(kept(world)).toContain(String(idOf(page)));
  });

  it("can be withdrawn: the identity ends with the visit, and looking around is no longer sent", async () => {
    const world = new FakeWorld();
    const page = new FakePage(world);
    page.relance.consent({ tracking: true });
    page.relance.consent({ tracking: false });
    expect(kept(world)).toBe("0");
    for (const event of ["Product Viewed", "Product List Viewed", "Product Added", "Cart Viewed", "Checkout Started"]) {
      page.relance.track(event);
    }
    page.relance.page("Home");
    await page.pass(1000);
    const names = world.events.map(({ type, event }) => event ?? type);
    expect(names).toEqual(["identify", "identify", "Product Added", "Cart Viewed", "Checkout Started"]);
  });

  it("is not inherited by the next person at the device", () => {
    const world = new FakeWorld();
    const page = new FakePage(world);
    page.relance.identify("ana", { consent: { tracking: true } });
    page.relance.identify("ben");
    expect(kept(world)).not.toContain(String(idOf(page)));
    page.relance.consent({ tracking: true });
    page.relance.reset();
    expect(world.local.items.has("relance.tracking")).toBe(false);
  });

  it("is told to the server with its proof, channel by channel", async () => {
    const world = new FakeWorld();
    const page = new FakePage(world);
    page.relance.consent({ email: true, sms: false }, { wording: "2026-10-en", source: "footer" });
    await page.pass(1000);
    expect(world.events).toMatchObject([
      {
        type: "identify",
        traits: { consent: { email: true, sms: false }, consent_wording: "2026-10-en", consent_source: "footer" },
      },
    ]);
  });
});
