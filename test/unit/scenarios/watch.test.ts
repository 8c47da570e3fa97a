import { describe, expect, it } from "vitest";
import type { LiveScenario, Playbook } from "../../../src/scenarios/live";
import type { Watch } from "../../../src/scenarios/state";
import type { Stimulus } from "../../../src/scenarios/stimulus";
import { watchesAfter } from "../../../src/scenarios/watch";
import { MINUTE } from "../../../src/shared/clock";
import { NOW, playbook } from "./facts";
import { scenario } from "./scenario";

function abandoned(duration: string, moved_by: "any_event" | "cart_events") {
  const params = { event: "cart.abandoned", inactivity: { duration, moved_by } };
  return scenario({ start: { type: "start.event", params, next: { next: "end" } }, end: { type: "exit" } });
}

const quick = { quick: abandoned("PT30M", "any_event") };
const cartOnly = { slow: abandoned("PT1H", "cart_events") };

const cart = (at: number, id = "c-1", seenAt = at): Stimulus => ({ type: "cart", at, seenAt, cart: id });
const activity = (at: number): Stimulus => ({ type: "activity", at });
const order = (at: number): Stimulus => ({ type: "order", at, order: "o-1", cart: null, inCart: false });

/** The timers after several things happened. */
function timers(book: Playbook, ...stimuli: Stimulus[]): readonly Watch[] {
  return stimuli.reduce<readonly Watch[]>((watches, stimulus) => watchesAfter(watches, stimulus, book), []);
}

describe("an inactivity timer", () => {
  it("opens with the cart and runs out after its time", () => {
    expect(timers(playbook(quick), cart(NOW))).toEqual([
      { scenario: "quick", version: 1, cart: "c-1", openedAt: NOW, lastAt: NOW, due: NOW + 30 * MINUTE },
    ]);
  });

  it("does not open by activity alone", () => {
    expect(timers(playbook(quick), activity(NOW))).toEqual([]);
  });

  it("is moved on by whatever the scenario says moves it", () => {
    const due = (book: Playbook) => timers(book, cart(NOW), activity(NOW + MINUTE)).map((watch) => watch.due - NOW);
    expect(due(playbook(quick))).toEqual([31 * MINUTE]);
    expect(due(playbook(cartOnly))).toEqual([60 * MINUTE]);
    expect(timers(playbook(cartOnly), cart(NOW), cart(NOW + MINUTE))[0]?.due).toBe(NOW + 61 * MINUTE);
  });

  it("never goes back when an event comes late", () => {
    expect(timers(playbook(quick), cart(NOW), cart(NOW - MINUTE))[0]?.lastAt).toBe(NOW);
    expect(timers(playbook(quick), cart(NOW), activity(NOW - MINUTE))[0]?.lastAt).toBe(NOW);
  });

  it("counts for a cart that a visitor brought along from the last thing they did", () => {
    const brought = cart(NOW - 20 * MINUTE, "c-1", NOW - 5 * MINUTE);
    expect(timers(playbook(quick), brought)[0]?.due).toBe(NOW + 25 * MINUTE);
    expect(timers(playbook(cartOnly), brought)[0]?.due).toBe(NOW + 40 * MINUTE);
  });

  it("follows the cart that is open now", () => {
    expect(timers(playbook(quick), cart(NOW), cart(NOW + 1, "c-2"))).toMatchObject([{ cart: "c-2", openedAt: NOW }]);
  });

  it("closes with any order, and when the cart is emptied", () => {
    expect(timers(playbook(quick), cart(NOW), order(NOW + 1))).toEqual([]);
    expect(timers(playbook(quick), cart(NOW), { type: "emptied", at: NOW + 1, cart: "c-1" })).toEqual([]);
    expect(timers(playbook(quick), cart(NOW), order(NOW + 1), cart(NOW + 2))).toHaveLength(1);
  });

  it("stays as it is whatever else happens", () => {
    const watches = timers(playbook(quick), cart(NOW));
    for (const stimulus of [
      { type: "identified", at: NOW },
      { type: "event", at: NOW, id: "e", name: "Viewed" },
      { type: "withdrawal", at: NOW, key: "email" },
    ] as Stimulus[]) {
      expect(watchesAfter(watches, stimulus, playbook(quick))).toBe(watches);
    }
  });

  it("is one for each scenario that waits for it", () => {
    const both = timers(playbook({ ...quick, ...cartOnly }), cart(NOW), activity(NOW + MINUTE));
    expect(both.map(({ scenario: id, due }) => [id, (due - NOW) / MINUTE])).toEqual(
      expect.arrayContaining([
        ["quick", 31],
        ["slow", 60],
      ]),
    );
  });

  it("of a paused scenario opens no more, and goes on being moved where it is open", () => {
    const paused = playbook(quick, "paused");
    expect(timers(paused, cart(NOW))).toEqual([]);
    const open = timers(playbook(quick), cart(NOW));
    expect(watchesAfter(open, activity(NOW + MINUTE), paused)[0]?.due).toBe(NOW + 31 * MINUTE);
  });

  it("is no matter of scenarios that start on something else", () => {
    const other: LiveScenario = {
      id: "other",
      version: 1,
      state: "active",
      definition: scenario({ start: { type: "start.event", params: { event: "Signed Up" } } }),
    };
    expect(timers({ ...playbook({}), live: [other] }, cart(NOW))).toEqual([]);
  });
});
