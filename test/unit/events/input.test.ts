import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LedgerEvent } from "../../../src/events/event";
import type { Sender } from "../../../src/events/input";
import { batchInput, readEvent } from "../../../src/events/input";
import { HOUR, SECOND } from "../../../src/shared/clock";

const NOW = Date.UTC(2026, 0, 5, 10);

function sender(change: Partial<Sender> = {}): Sender {
  return { trust: "write", receivedAt: NOW, sentAt: undefined, context: null, origin: null, bot: false, ...change };
}

function read(raw: unknown, change: Partial<Sender> = {}) {
  return readEvent(raw, sender(change), "made-up");
}

function taken(raw: object, change: Partial<Sender> = {}): LedgerEvent {
  const result = read({ type: "track", event: "Viewed", userId: "ann", ...raw }, change);
  if (!result.ok) throw new Error(result.reason);
  return result.event;
}

describe("an event", () => {
  it("is kept as what it says, at its corrected time", () => {
    const raw = { messageId: "m-1", properties: { price: 1 }, timestamp: new Date(NOW - HOUR).toISOString() };
    expect(taken(raw)).toEqual({
      id: "m-1",
      type: "track",
      name: "Viewed",
      at: NOW - HOUR,
      trust: "write",
      user: "ann",
      properties: { price: 1 },
    });
  });

  it("gets a name of ours where it has none", () => {
    for (const messageId of [undefined, null, ""]) expect(taken({ messageId }).id).toBe("made-up");
  });

  it.each([
    ["no type", {}, "/type"],
    ["an unknown type", { type: "delete" }, "/type"],
    ["nobody it is about", { type: "page" }, "/userId"],
    ["an empty user id", { type: "page", userId: "" }, "/userId"],
    ["no name of what happened", { type: "track", userId: "a" }, "/event"],
    ["an empty name", { type: "track", userId: "a", event: "" }, "/event"],
    ["a name that is too long", { type: "track", userId: "a", event: "x".repeat(256) }, "/event"],
    ["a user id that is too long", { type: "page", userId: "x".repeat(256) }, "/userId"],
    ["properties that are a list", { type: "page", userId: "a", properties: [1] }, "/properties"],
    ["a number beyond numbers", { type: "page", userId: "a", properties: { total: 1 / 0 } }, "/properties/total"],
    ["a user id that is an object", { type: "page", userId: {} }, "/userId"],
  ])("with %s is refused, with the place of the fault", (_, raw, pointer) => {
    expect(read(raw)).toMatchObject({ ok: false, code: "invalid-input", pointer });
  });

  it("is known by its own id when it is refused", () => {
    expect(read({ messageId: "m-1" })).toMatchObject({ ok: false, messageId: "m-1" });
    expect(read({ messageId: 5 })).toMatchObject({ ok: false, messageId: "made-up" });
  });

  it.each([null, undefined, 1, "text", [], [[]]])("is not %j", (raw) => expect(read(raw).ok).toBe(false));

  it("never makes the reader throw", () => {
    fc.assert(fc.property(fc.jsonValue(), (raw) => typeof read(raw).ok === "boolean"));
  });
});

describe("an event that only the shop's server may send", () => {
  const names = ["order.paid", "consent.granted", "coupon.issued", "cart.abandoned", "message.clicked", "points.added"];

  it.each(names)("%s is refused from a browser and taken from the server", (event) => {
    const raw = { type: "track", event, userId: "ann" };
    expect(read(raw)).toMatchObject({ ok: false, code: "server-only-event" });
    expect(read(raw, { trust: "secret" }).ok).toBe(true);
  });

  it("is ours alone where it begins with a dollar", () => {
    for (const trust of ["write", "token", "secret", "import"] as const) {
      const raw = { type: "track", event: "$admin.erase", userId: "ann" };
      expect(read(raw, { trust })).toMatchObject({ ok: false, code: "server-only-event" });
    }
  });

  it("does not take ordinary names with it", () => {
    for (const event of ["Order Completed", "Cart Viewed", "ordering", "message"]) {
      expect(read({ type: "track", event, userId: "ann" }).ok).toBe(true);
    }
  });
});

describe("what clients of Segment and RudderStack do differently", () => {
  it("numbers as user ids are texts", () => expect(taken({ userId: 42 }).user).toBe("42"));

  it("a batch's sentAt corrects the clock, and an event's own goes before it", () => {
    const wrong = NOW + 100 * HOUR;
    const timestamp = new Date(wrong - 5 * SECOND).toISOString();
    expect(taken({ timestamp }, { sentAt: new Date(wrong).toISOString() }).at).toBe(NOW - 5 * SECOND);
    const own = { timestamp, sentAt: new Date(wrong - 4 * SECOND).toISOString() };
    expect(taken(own, { sentAt: new Date(wrong).toISOString() }).at).toBe(NOW - SECOND);
  });

  it("originalTimestamp stands in for a missing timestamp", () => {
    expect(taken({ originalTimestamp: NOW - HOUR }).at).toBe(NOW - HOUR);
    expect(taken({ originalTimestamp: NOW - HOUR, timestamp: NOW - SECOND }).at).toBe(NOW - SECOND);
  });

  it("an identify's traits may stand in its context only", () => {
    const raw = { type: "identify", context: { traits: { email: "a@b.test" } } };
    expect(taken(raw).traits).toEqual({ email: "a@b.test" });
    expect(taken({ ...raw, type: "track" }).traits).toBeUndefined();
    expect(taken({ ...raw, traits: { email: "own@b.test" } }).traits).toEqual({ email: "own@b.test" });
  });

  it("an alias speaks of its previous id", () => {
    expect(taken({ type: "alias", previousId: "anon-1" })).toMatchObject({ user: "ann", anon: "anon-1" });
  });

  it("a token stands in the event's context, or in the batch's", () => {
    const token = (raw: object, change: Partial<Sender>) => {
      const result = read({ type: "page", userId: "ann", ...raw }, change);
      return result.ok && result.token;
    };
    expect(token({ context: { token: "own" } }, { context: { token: "shared" } })).toBe("own");
    expect(token({}, { context: { token: "shared" } })).toBe("shared");
    expect(token({ context: { token: 5 } }, {})).toBeNull();
  });
});

describe("what is known of the sender", () => {
  it("is the proof of what traits state, and kept with nothing else", () => {
    expect(taken({ type: "identify", traits: { a: 1 } }, { origin: "hash" }).origin).toBe("hash");
    expect(taken({}, { origin: "hash" }).origin).toBeUndefined();
  });

  it("marks the events of a machine", () => {
    expect(taken({}, { bot: true }).bot).toBe(true);
    expect(taken({})).not.toHaveProperty("bot");
  });

  it("lets an import keep times that a client may not have", () => {
    const timestamp = "2011-05-12T09:30:00Z";
    expect(taken({ timestamp }, { trust: "import" }).at).toBe(Date.parse(timestamp));
    expect(taken({ timestamp }, { trust: "import" })).not.toHaveProperty("skewed");
    expect(taken({ timestamp }).skewed).toBe(timestamp);
  });
});

describe("a batch", () => {
  it("holds 1 to 2,500 events, and whatever else clients add", () => {
    const events = (count: number) => ({ batch: Array.from({ length: count }, () => ({})), integrations: {}, x: 1 });
    expect(batchInput.safeParse(events(2_500)).success).toBe(true);
    for (const bad of [events(0), events(2_501), {}, { batch: {} }, { batch: null }, [], null]) {
      expect(batchInput.safeParse(bad).success).toBe(false);
    }
  });
});
