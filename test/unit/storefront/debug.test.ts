import { describe, expect, it } from "vitest";
import { FakePage, FakeWorld } from "./browser";

const refuseSecond = (_url: string, { body = "" }: { body?: string }) => {
  const { batch } = JSON.parse(body) as { batch: { messageId: string }[] };
  return { body: { accepted: 1, rejected: [{ messageId: batch[1]?.messageId, reason: "server-only-event" }] } };
};

describe("debug mode", () => {
  it("says what was sent, and what the server refused and why", async () => {
    const world = new FakeWorld();
    world.reply = refuseSecond;
    const page = new FakePage(world);
    page.relance.debug(true);
    page.relance.track("Cart Viewed");
    page.relance.track("order.paid");
    await page.pass(1000);
    expect(page.lines).toContain("[relance] 2 sent: 1 accepted, 1 refused");
    expect(page.lines).toContain("• track Cart Viewed");
    expect(page.lines).toContain("✗ track order.paid: server-only-event");
  });

  it("says why a whole request was dropped or kept", async () => {
    const world = new FakeWorld();
    world.reply = () =>
      world.sent.length === 1 ? { status: 503 } : { status: 401, body: { detail: "This key is not known." } };
    const page = new FakePage(world);
    page.relance.debug();
    page.relance.track("One");
    await page.pass(10_000);
    expect(page.lines.join("\n")).toContain("status 503, kept for another try");
    expect(page.lines.join("\n")).toContain("401 This key is not known.");
  });

  it("says what stays here after a no to tracking", () => {
    const page = new FakePage(new FakeWorld());
    page.relance.debug(true);
    page.relance.consent({ tracking: false });
    page.relance.track("Product Viewed");
    expect(page.lines.at(-1)).toContain("track Product Viewed stays here");
  });

  it("is silent unless it is asked for", async () => {
    const world = new FakeWorld();
    world.reply = refuseSecond;
    const page = new FakePage(world);
    page.relance.track("One");
    page.relance.track("Two");
    await page.pass(1000);
    expect(page.lines).toEqual([]);
  });
});

describe("onsite and push", () => {
  it("shows what the server has for the placement", async () => {
    const world = new FakeWorld();
    world.reply = () => ({ body: { products: [1] } });
    const page = new FakePage(world);
    const seen: unknown[] = [];
    expect(await page.relance.onsite("home", (content) => seen.push(content))).toEqual({ products: [1] });
    expect(seen).toEqual([{ products: [1] }]);
    const url = new URL(world.sent[0]?.url ?? "");
    expect(url.pathname).toBe("/v1/onsite");
    expect(url.searchParams.get("placement")).toBe("home");
  });

  it("leave the page as it is where the server does not offer them, and say so", async () => {
    const world = new FakeWorld();
    world.reply = () => ({ status: 404 });
    const page = new FakePage(world);
    page.relance.debug(true);
    expect(await page.relance.onsite("home")).toBeNull();
    await page.relance.push();
    expect(page.lines).toContain("[relance] /v1/onsite: this server does not offer it (404)");
    expect(page.lines).toContain("[relance] push: this browser has none");
  });
});
