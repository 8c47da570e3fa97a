import { describe, expect, it } from "vitest";
import type { Stop } from "../../../src/scenarios/definition";
import type { Outcome, PastRun, Run } from "../../../src/scenarios/state";
import type { Stimulus } from "../../../src/scenarios/stimulus";
import { cartKey, stopsAfterEnd, stopVerdict } from "../../../src/scenarios/stop";
import { DAY, HOUR } from "../../../src/shared/clock";
import { facts, NOW } from "./facts";
import { scenario } from "./scenario";

const abandoned = { type: "start.event", params: { event: "cart.abandoned", inactivity: { duration: "PT30M" } } };

function run(change: Partial<Run> = {}): Run {
  const blank = { visits: {}, due: null, sends: {}, lastSendAt: null, signals: {} };
  const about = { id: "run_1", scenario: "s", version: 1, entryKey: "k", enteredAt: NOW, block: "b" };
  return { ...about, cart: "c-1", since: NOW - HOUR, ...blank, ...change };
}

const order = (at: number, inCart = true): Stimulus => ({ type: "order", at, order: "o-1", cart: "c-1", inCart });

function verdict(stimulus: Stimulus, stop_on: readonly Stop[], change: Partial<Run> = {}, known = facts()) {
  return stopVerdict(run(change), scenario({}, { stop_on }), stimulus, known);
}

describe("an order", () => {
  it("of something of the cart is the goal, and of anything else an interruption", () => {
    expect(verdict(order(NOW), ["order"])).toEqual({ outcome: "goal", reason: "order" });
    expect(verdict(order(NOW, false), ["order"])).toEqual({ outcome: "interrupted", reason: "other_order" });
    expect(verdict(order(NOW, false), ["order"], { cart: null })).toEqual({ outcome: "goal", reason: "order" });
  });

  it("counts from the cart's last activity on, not from the entry", () => {
    expect(verdict(order(NOW - HOUR), ["order"])).not.toBeNull();
    expect(verdict(order(NOW - HOUR - 1), ["order"])).toBeNull();
  });

  it("says nothing where the scenario does not stop on orders", () => {
    expect(verdict(order(NOW), ["withdrawal"])).toBeNull();
  });
});

describe("the cart", () => {
  it("that is emptied ends the runs that are about it", () => {
    const emptied = (cart: string): Stimulus => ({ type: "emptied", at: NOW, cart });
    expect(verdict(emptied("c-1"), ["emptied"])).toEqual({ outcome: "interrupted", reason: "cart_emptied" });
    expect(verdict(emptied("c-2"), ["emptied"])).toBeNull();
    expect(verdict(emptied("c-1"), [])).toBeNull();
  });

  it("that changes after it was left makes the run out of date, whatever it stops on", () => {
    const changed = (at: number): Stimulus => ({ type: "cart", at, seenAt: at, cart: "c-1" });
    expect(verdict(changed(NOW), [])).toEqual({ outcome: "superseded", reason: "cart_changed" });
    expect(verdict(changed(NOW - HOUR), [])).toBeNull();
    expect(verdict(changed(NOW), [], { cart: null })).toBeNull();
  });
});

describe("an order that is undone", () => {
  it("ends what it began", () => {
    const status = (to: string): Stimulus => ({ type: "order_changed", at: NOW, order: "o-1", status: to });
    for (const undone of ["cancelled", "refunded"]) {
      expect(verdict(status(undone), ["order_cancelled"])?.reason).toBe("order_undone");
    }
    expect(verdict(status("shipped"), ["order_cancelled"])).toBeNull();
    expect(verdict(status("cancelled"), ["order"])).toBeNull();
  });
});

describe("a withdrawal", () => {
  const withdrawal: Stimulus = { type: "withdrawal", at: NOW, key: "email" };
  const refusing = facts({ profile: { consents: { email: { state: "withdrawn", at: NOW } } } });
  const reachable = facts({
    profile: { consents: { ...refusing.profile.consents, sms: { state: "granted", at: 0 } } },
  });

  it("ends a run that can reach the contact by no channel any more", () => {
    expect(verdict(withdrawal, ["withdrawal"], {}, refusing)?.reason).toBe("consent_withdrawn");
    expect(verdict(withdrawal, ["withdrawal"], {}, reachable)).toBeNull();
    expect(verdict(withdrawal, [], {}, refusing)).toBeNull();
  });

  it("does not end what is no marketing", () => {
    const transactional = scenario({}, { class: "transactional", stop_on: ["withdrawal"] });
    expect(stopVerdict(run(), transactional, withdrawal, refusing)).toBeNull();
  });
});

describe("anything else", () => {
  it("ends nothing", () => {
    const all: readonly Stop[] = ["order", "emptied", "order_cancelled", "withdrawal"];
    for (const stimulus of [
      { type: "activity", at: NOW },
      { type: "identified", at: NOW },
      { type: "event", at: NOW, id: "e", name: "Order Completed" },
      { type: "enter", at: NOW, scenario: "s", key: "k" },
      { type: "message", at: NOW, send: "m", signal: "clicked" },
    ] as Stimulus[]) {
      expect(verdict(stimulus, all)).toBeNull();
    }
  });
});

describe("an order after a run came to its end", () => {
  const past = (change: Partial<PastRun> = {}): PastRun => {
    const times = { enteredAt: NOW, since: NOW - HOUR, endedAt: NOW + HOUR, lastSendAt: NOW + HOUR };
    return { scenario: "s", entryKey: "k", outcome: "completed", ...times, ...change };
  };
  const stops = (change: Partial<PastRun>, at: number, stop_on: readonly Stop[] = ["order"]) =>
    stopsAfterEnd(past(change), scenario({}, { stop_on }), order(at), facts());

  it("stops its last message, which may not have left yet", () => {
    expect(stops({}, NOW + HOUR)).toBe(true);
    for (const outcome of ["timeout", "goal", "interrupted", "failed"] as const) {
      expect(stops({ outcome }, NOW + HOUR)).toBe(true);
    }
    expect(stops({}, NOW - HOUR)).toBe(true);
  });

  it("does not where it was placed before the run, or the scenario does not stop on orders", () => {
    expect(stops({}, NOW - HOUR - 1)).toBe(false);
    expect(stops({}, NOW + HOUR, ["withdrawal"])).toBe(false);
  });

  it("does not where the run gave way before, or never began", () => {
    for (const outcome of ["superseded", "refused"] as Outcome[]) {
      expect(stops({ outcome }, NOW + HOUR)).toBe(false);
    }
    expect(stops({ outcome: "goal", stopped: true }, NOW + HOUR)).toBe(false);
    expect(stops({ outcome: "goal" }, NOW + HOUR)).toBe(true);
  });

  it("does not once no message can be on its way any more", () => {
    expect(stops({}, NOW + HOUR + 2 * DAY - 1)).toBe(true);
    expect(stops({}, NOW + HOUR + 2 * DAY)).toBe(false);
  });

  it("is not the only thing that does: whatever stops a run stops what it left behind", () => {
    const at = NOW + HOUR;
    const ends = (rest: Parameters<typeof scenario>[1], stimulus: Stimulus, change: Partial<PastRun> = {}) =>
      stopsAfterEnd(past(change), scenario({ start: abandoned }, rest), stimulus, facts());
    const carts = { entryKey: cartKey("c-1", NOW) };
    const event: Stimulus = { type: "event", at, id: "e", name: "Bought Elsewhere" };
    expect(ends({ goal: { event: "Bought Elsewhere" } }, event)).toBe(true);
    expect(ends({ stop_when: [{ event: "Bought Elsewhere" }] }, event)).toBe(true);
    expect(ends({}, event)).toBe(false);
    expect(ends({ stop_on: ["emptied"] }, { type: "emptied", at, cart: "c-1" }, carts)).toBe(true);
    expect(ends({ stop_on: ["emptied"] }, { type: "emptied", at, cart: "c-2" }, carts)).toBe(false);
    const changed: Stimulus = { type: "cart", at, seenAt: at, cart: "c-1" };
    expect(ends({}, changed, carts)).toBe(true);
    // Whom another scenario let in is not there about a cart.
    expect(ends({}, changed, { entryKey: "act_1" })).toBe(false);
  });
});
