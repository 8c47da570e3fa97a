import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Stimulus } from "../../../src/scenarios/stimulus";
import { DAY, HOUR, MINUTE } from "../../../src/shared/clock";
import type { Around } from "./days";
import { Days, OPEN } from "./days";
import { cart, facts, NOW } from "./facts";
import { scenario } from "./scenario";

const letter = { type: "send.email", params: { content: "hello" } };
const onEvent = (event: string) => ({ type: "start.event", params: { event }, next: { next: "wait" } });
const hour = { type: "wait.for", params: { duration: "PT1H" }, next: { next: "send" } };
const inactivity = { duration: "PT30M", moved_by: "cart_events" };
const abandoned = { type: "start.event", params: { event: "cart.abandoned", inactivity }, next: { next: "send" } };

/** The days of somebody whom these two scenarios may meet. */
const meeting = (around: Partial<Around> = {}) => new Days({ definitions: { waiter, carts }, ...around });

const waiter = scenario({ start: onEvent("Waiter"), wait: hour, send: letter });
const carts = scenario({ start: abandoned, send: letter });

const event = (at: number, id = "e-1", name = "Waiter"): Stimulus => ({ type: "event", at, id, name });
const order = (at: number): Stimulus => ({ type: "order", at, order: "o-1", cart: null, inCart: true });
const change = (at: number): Stimulus => ({ type: "cart", at, seenAt: at, cart: "cart-1" });
const withCart = facts({ commerce: { cart: cart() } });

describe("a scenario that starts on an event", () => {
  it("waits, writes and ends", () => {
    const days = meeting().hear(NOW, event(NOW));
    expect(days.told).toEqual(["entered"]);
    expect(days.state.runs).toMatchObject([{ block: "wait", due: NOW + HOUR }]);
    expect(days.hear(NOW + HOUR - 1).told).toEqual(["entered"]);
    expect(days.hear(NOW + HOUR).told).toEqual(["entered", "send:permitted", "exited:end"]);
    expect(days.state).toMatchObject({
      runs: [],
      past: [{ entryKey: "e-1", outcome: "completed", lastSendAt: NOW + HOUR }],
    });
  });

  it("is one run for one event, however often it is told", () => {
    const days = meeting()
      .hear(NOW, event(NOW), event(NOW))
      .hear(NOW + 1, event(NOW))
      .hear(NOW + DAY, event(NOW));
    expect(days.told.filter((word) => word === "entered")).toHaveLength(1);
    expect(days.told.filter((word) => word.startsWith("send"))).toHaveLength(1);
  });

  it("is another run for another event", () => {
    const days = meeting().hear(NOW, event(NOW, "e-1"), event(NOW, "e-2"), event(NOW, "e-3", "Other"));
    expect(days.told).toEqual(["entered", "entered"]);
  });

  it("counts from the event's time, though it is heard late", () => {
    const days = meeting().hear(NOW + 50 * MINUTE, event(NOW));
    expect(days.state.runs).toMatchObject([{ enteredAt: NOW, due: NOW + HOUR }]);
    expect(meeting().hear(NOW + 2 * HOUR, event(NOW)).told).toEqual(["entered", "send:permitted", "exited:end"]);
  });
});

describe("an order", () => {
  it("stops what waits, and says that nothing more of it may leave (Appendix B 3)", () => {
    const days = meeting()
      .hear(NOW, event(NOW))
      .hear(NOW + 1, order(NOW + 1))
      .hear(NOW + DAY);
    expect(days.told).toEqual(["entered", "exited:order", "stopped:order"]);
  });

  it("one millisecond before the timer stops the message, though the two are heard together and late", () => {
    const late = NOW + 2 * HOUR;
    expect(
      meeting()
        .hear(NOW, event(NOW))
        .hear(late, order(NOW + HOUR - 1)).told,
    ).not.toContain("send:permitted");
    expect(
      meeting()
        .hear(NOW, event(NOW))
        .hear(late, order(NOW + HOUR + 1)).told,
    ).toContain("send:permitted");
  });

  it("stops also what a run decided just before it ended: the message may be on its way", () => {
    const days = meeting()
      .hear(NOW, event(NOW))
      .hear(NOW + HOUR);
    expect(days.hear(NOW + HOUR + 5, order(NOW + HOUR + 5)).told.slice(-2)).toEqual(["exited:end", "stopped:order"]);
    const [entered, stopped] = [days.effects[0], days.effects.at(-1)];
    expect(stopped).toMatchObject({ run: entered?.kind === "entered" && entered.run.id });
  });

  it("of before the run says nothing about it (Appendix B 3)", () => {
    const days = meeting()
      .hear(NOW, event(NOW))
      .hear(NOW + 1, order(NOW - 1))
      .hear(NOW + DAY);
    expect(days.told).toEqual(["entered", "send:permitted", "exited:end"]);
  });
});

describe("a cart that is left", () => {
  it("is written about after its time", () => {
    const days = meeting({ facts: withCart })
      .hear(NOW, change(NOW))
      .hear(NOW + 29 * MINUTE);
    expect(days.told).toEqual([]);
    expect(days.hear(NOW + 30 * MINUTE).told).toEqual(["entered", "send:permitted", "exited:end"]);
  });

  it("is not when it was bought in time", () => {
    const days = meeting({ facts: withCart })
      .hear(NOW, change(NOW))
      .hear(NOW + 1, order(NOW + 1))
      .hear(NOW + DAY);
    expect(days.told).toEqual([]);
  });

  it("is refused with its reason when another cart is open by then", () => {
    const other = facts({ commerce: { cart: cart("cart-2") } });
    expect(
      meeting({ facts: other })
        .hear(NOW, change(NOW))
        .hear(NOW + DAY).told,
    ).toEqual(["refused:cart_gone"]);
  });

  it("makes the run out of date when it changes again, and is left again", () => {
    const patient = scenario({ start: { ...abandoned, next: { next: "wait" } }, wait: hour, send: letter });
    const days = meeting({ facts: withCart, definitions: { patient } })
      .hear(NOW, change(NOW))
      .hear(NOW + 40 * MINUTE);
    days.hear(NOW + 50 * MINUTE, change(NOW + 50 * MINUTE)).hear(NOW + 80 * MINUTE);
    expect(days.told).toEqual(["entered", "exited:cart_changed", "stopped:cart_changed", "entered"]);
  });
});

describe("a message that the gate puts off", () => {
  const killed = { policy: { ...OPEN, killed: ["email"] } };

  it("is asked about again, and every answer is a decision", () => {
    const days = meeting(killed)
      .hear(NOW, event(NOW))
      .hear(NOW + HOUR)
      .hear(NOW + HOUR + 5 * MINUTE);
    expect(days.told).toEqual(["entered", "held:kill_switch", "exited:end", "held:kill_switch"]);
    expect(days.state.held).toMatchObject([{ askAt: NOW + HOUR + 10 * MINUTE, plannedAt: NOW + HOUR }]);
  });

  it("is dropped by an order, though its run is over", () => {
    const days = meeting(killed)
      .hear(NOW, event(NOW))
      .hear(NOW + HOUR)
      .hear(NOW + HOUR + 1, order(NOW + HOUR + 1));
    expect(days.told.at(-1)).toBe("stopped:order");
    expect(days.state.held).toEqual([]);
  });

  it("is dropped when it would leave too late", () => {
    const days = meeting(killed)
      .hear(NOW, event(NOW))
      .hear(NOW + HOUR);
    const open = meeting();
    open.state = days.state;
    expect(open.hear(NOW + HOUR + DAY + 1).told).toEqual(["suppressed:too_late"]);
  });
});

describe("a paused scenario", () => {
  it("takes nobody in, and holds who is inside until it goes on", () => {
    expect(meeting({ paused: true }).hear(NOW, event(NOW)).told).toEqual([]);
    const before = meeting().hear(NOW, event(NOW));
    const paused = meeting({ paused: true });
    paused.state = before.state;
    expect(paused.hear(NOW + DAY).told).toEqual([]);
    const again = meeting();
    again.state = paused.state;
    expect(again.hear(NOW + DAY).told).toEqual(["send:permitted", "exited:end"]);
  });

  it("still ends a run that an order stops", () => {
    const paused = meeting({ paused: true });
    paused.state = meeting().hear(NOW, event(NOW)).state;
    expect(paused.hear(NOW + 1, order(NOW + 1)).told).toEqual(["exited:order", "stopped:order"]);
  });
});

describe("a run whose version is gone", () => {
  it("says so when it is due", () => {
    const days = meeting({ definitions: { waiter } }).hear(NOW, event(NOW));
    days.state = { ...days.state, runs: days.state.runs.map((run) => ({ ...run, version: 9 })) };
    expect(days.hear(NOW + HOUR).told).toEqual(["entered", "exited:version_gone"]);
  });
});

describe("what comes of it", () => {
  const stimulus = fc.oneof(
    fc
      .record({ at: fc.nat({ max: 180 }), id: fc.integer({ min: 1, max: 3 }) })
      .map(({ at, id }) => event(NOW + at * MINUTE, `e-${id}`)),
    fc.nat({ max: 180 }).map((at) => change(NOW + at * MINUTE)),
    fc.nat({ max: 180 }).map((at) => order(NOW + at * MINUTE)),
  );
  const inOrder = fc.array(stimulus, { maxLength: 8 }).map((all) => [...all].sort((left, right) => left.at - right.at));

  it("does not depend on how the ledger cuts it into rounds", () => {
    fc.assert(
      fc.property(inOrder, (all) => {
        const end = NOW + 10 * HOUR;
        const [together, apart] = [meeting({ facts: withCart }), meeting({ facts: withCart })];
        together.hear(end, ...all);
        for (const one of all) apart.hear(one.at, one);
        apart.hear(end);
        const plain = (days: Days) =>
          days.effects.map((effect) =>
            effect.kind === "decided" ? { ...effect, at: 0, decision: effect.decision.outcome } : effect,
          );
        expect(together.state).toEqual(apart.state);
        expect(plain(together)).toEqual(plain(apart));
      }),
    );
  });

  it("is one message for each entry at most, and none of a run that an order stopped", () => {
    fc.assert(
      fc.property(inOrder, (all) => {
        const days = meeting({ facts: withCart });
        for (const one of all) days.hear(one.at, one);
        days.hear(NOW + 10 * HOUR);
        const sends = days.effects.flatMap((effect) => (effect.kind === "decided" ? [effect.send] : []));
        expect(new Set(sends).size).toBe(sends.length);
        const entered = days.effects.flatMap((effect) => (effect.kind === "entered" ? [effect.run.id] : []));
        const exited = days.effects.flatMap((effect) => (effect.kind === "exited" ? [effect.run.id] : []));
        expect(exited.sort()).toEqual(entered.sort());
      }),
    );
  });
});

describe("a move between segments (SC-24)", () => {
  const onMove = (params: object) => ({ type: "start.segment", params, next: { next: "wait" } });
  const perks = scenario({ start: onMove({ family: "tier", to: "gold" }), wait: hour, send: letter });
  const move = (at: number, from: string | null, to: string | null, family = "tier"): Stimulus => {
    return { type: "segment", at, family, from, to };
  };
  const days = () => meeting({ definitions: { perks } });

  it("lets in whoever moves to where the scenario starts, from anywhere, and nobody else", () => {
    expect(days().hear(NOW, move(NOW, "silver", "gold")).told).toEqual(["entered"]);
    expect(days().hear(NOW, move(NOW, null, "gold")).told).toEqual(["entered"]);
    expect(days().hear(NOW, move(NOW, "silver", "bronze")).told).toEqual([]);
    expect(days().hear(NOW, move(NOW, "silver", "gold", "rfm")).told).toEqual([]);
  });

  it("from one place only, where the scenario says so; null is none of the family", () => {
    const fresh = scenario({ start: onMove({ family: "tier", from: null }), wait: hour, send: letter });
    const at = (stimulus: Stimulus) => meeting({ definitions: { fresh } }).hear(NOW, stimulus).told;
    expect(at(move(NOW, null, "bronze"))).toEqual(["entered"]);
    expect(at(move(NOW, "bronze", "silver"))).toEqual([]);
  });

  it("B12: back before the message is sent drops it", () => {
    const contact = days().hear(NOW, move(NOW, "silver", "gold"));
    contact.hear(NOW + MINUTE, move(NOW + MINUTE, "gold", "silver"));
    contact.hear(NOW + DAY);
    expect(contact.told).toEqual(["entered", "exited:segment_left", "stopped:segment_left"]);
  });

  it("enters once for each place and year", () => {
    const contact = days()
      .hear(NOW, move(NOW, "silver", "gold"))
      .hear(NOW + 2 * HOUR);
    contact.hear(NOW + 30 * DAY, move(NOW + 29 * DAY, "gold", "silver"), move(NOW + 30 * DAY, "silver", "gold"));
    expect(contact.told.filter((word) => word === "entered")).toHaveLength(1);
    contact.hear(NOW + 366 * DAY, move(NOW + 366 * DAY, "silver", "gold"));
    expect(contact.told.filter((word) => word === "entered")).toHaveLength(2);
  });
});
