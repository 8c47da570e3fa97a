// Of the acceptance tests of the mission's Appendix B, those of the pure engine that stand nowhere else. The others name their
// number where they stand.
import { describe, expect, it } from "vitest";
import type { GatePolicy } from "../../../src/decisions/gate";
import { checkGraph } from "../../../src/scenarios/graph";
import { heardBy, interestWithin } from "../../../src/scenarios/interest";
import { withDefaults } from "../../../src/scenarios/live";
import type { Stimulus } from "../../../src/scenarios/stimulus";
import { DAY, HOUR, MINUTE } from "../../../src/shared/clock";
import type { Around } from "./days";
import { Days, OPEN } from "./days";
import { cart, facts, NOW, playbook } from "./facts";
import { scenario } from "./scenario";

const told = (at: number, name = "Begun"): Stimulus => ({ type: "event", at, id: `${name}-${at}`, name });
const start = (next: string) => ({ type: "start.event", params: { event: "Begun" }, next: { next } });
const email = (next?: string) => ({
  type: "send.email",
  params: { content: "hello" },
  ...(next && { next: { next } }),
});
const exit = { type: "exit" };

function days(definition: ReturnType<typeof scenario>, around: Partial<Around> = {}): Days {
  return new Days({ definitions: { s: withDefaults(definition) }, ...around });
}

/** When the messages were decided on that may leave, in UTC. */
function sentAt({ effects }: Days): string[] {
  return effects.flatMap((effect) =>
    effect.kind === "decided" && effect.decision.outcome === "send"
      ? [new Date(effect.at).toISOString().slice(0, 16)]
      : [],
  );
}

describe("a text message planned for a Frenchman (Appendix B 9)", () => {
  const legal = {
    type: "wait.window",
    params: { days: ["mon", "tue", "wed", "thu", "fri", "sat"], from: "08:00", to: "20:00" },
    next: { next: "text" },
  };
  const text = { type: "send.sms", params: { content: "hello" } };
  const french = facts({ profile: { country: "FR", timezone: "Europe/Paris" } });

  it.each([
    ["on a Sunday at 10:00", "2026-03-08T10:00+01:00", "2026-03-09T08:00+01:00"],
    ["before Easter Monday", "2026-04-05T10:00+02:00", "2026-04-07T08:00+02:00"],
    ["on Easter Monday", "2026-04-06T10:00+02:00", "2026-04-07T08:00+02:00"],
    ["on a Thursday at 20:30", "2026-03-12T20:30+01:00", "2026-03-13T08:00+01:00"],
    ["on a Saturday at 20:30", "2026-03-14T20:30+01:00", "2026-03-16T08:00+01:00"],
    ["on the Sunday on which clocks go forward", "2026-03-29T01:30+01:00", "2026-03-30T08:00+02:00"],
    ["on the Sunday on which clocks go back", "2026-10-25T02:30+02:00", "2026-10-26T08:00+01:00"],
    ["in time", "2026-03-10T19:59+01:00", "2026-03-10T19:59+01:00"],
  ])("%s leaves when it may", (_, planned, leaves) => {
    const [from, to] = [Date.parse(planned), Date.parse(leaves)];
    const world = days(scenario({ start: start("window"), window: legal, text }), { facts: french });
    world.hear(from, told(from));
    if (to > from) expect(sentAt(world.hear(to - 1))).toEqual([]);
    expect(sentAt(world.hear(to))).toEqual([new Date(to).toISOString().slice(0, 16)]);
  });
});

describe("a cart that changes (Appendix B 4)", () => {
  it("is waited for anew from each change", () => {
    const inactivity = { duration: "PT4H", moved_by: "cart_events" };
    const left = { type: "start.event", params: { event: "cart.abandoned", inactivity }, next: { next: "send" } };
    const world = days(scenario({ start: left, send: email() }), { facts: facts({ commerce: { cart: cart() } }) });
    const change = (at: number): Stimulus => ({ type: "cart", at, seenAt: at, cart: "cart-1" });
    world.hear(NOW, change(NOW)).hear(NOW + 3 * HOUR, change(NOW + 3 * HOUR));
    expect(sentAt(world.hear(NOW + 7 * HOUR - 1))).toEqual([]);
    expect(sentAt(world.hear(NOW + 7 * HOUR))).toEqual(["2026-01-05T17:00"]);
  });
});

describe("a tier that is lost before the message leaves (Appendix B 12)", () => {
  it("drops it", () => {
    const raised = { type: "start.segment", params: { family: "tier", to: "gold" }, next: { next: "wait" } };
    const wait = { type: "wait.for", params: { duration: "P1D" }, next: { next: "send" } };
    const moved = (at: number, from: string | null, to: string | null): Stimulus => {
      return { type: "segment", at, family: "tier", from, to };
    };
    const definition = scenario({ start: raised, wait, send: email() });
    const [up, down] = [moved(NOW, "silver", "gold"), moved(NOW + HOUR, "gold", "silver")];
    expect(
      sentAt(
        days(definition)
          .hear(NOW, up)
          .hear(NOW + 2 * DAY),
      ),
    ).toHaveLength(1);
    const lost = days(definition)
      .hear(NOW, up)
      .hear(NOW + HOUR, down)
      .hear(NOW + 2 * DAY);
    expect(lost.told).toEqual(["entered", "exited:segment_left", "stopped:segment_left"]);
  });
});

describe("an order that comes back (Appendix B 16)", () => {
  it("ends what was to follow it", () => {
    const wait = { type: "wait.for", params: { duration: "P14D" }, next: { next: "send" } };
    const definition = scenario({ start: start("wait"), wait, send: email() }, { stop_on: ["order_cancelled"] });
    const refund = { type: "order_changed", at: NOW + DAY, order: "o-1", status: "refunded" } as const;
    const world = days(definition)
      .hear(NOW, told(NOW))
      .hear(NOW + DAY, refund)
      .hear(NOW + 20 * DAY);
    expect(world.told).toEqual(["entered", "exited:order_undone", "stopped:order_undone"]);
  });
});

describe("who is held out (Appendix B 22)", () => {
  it("is the same in every version, after every restart and at every message, and held out of no receipt", () => {
    const policy: GatePolicy = { ...OPEN, holdout: 0.5 };
    const first = scenario({ start: start("send"), send: email() });
    const second = scenario({ start: start("other"), other: email("end"), end: exit });
    const out = (definition: typeof first): number[] =>
      Array.from({ length: 40 }, (_, contact) => contact + 1).filter((contact) => {
        const world = days(definition, { policy, facts: facts({ contact }) });
        return world.hear(NOW, told(NOW)).told.includes("suppressed:control_group");
      });
    expect(out(first)).toEqual(out(second));
    expect(out(first).length).toBeGreaterThan(5);
    expect(out(first).length).toBeLessThan(35);
    expect(out({ ...first, class: "transactional" })).toEqual([]);
  });
});

describe("a wait for an open (Appendix B 29)", () => {
  it("is ended by a click, of whom opens are not known", () => {
    const wait = {
      type: "wait.message",
      params: { block: "send", on: "opened", timeout: "P2D" },
      next: { yes: "read", timeout: "end" },
    };
    const read = { type: "exit", params: { outcome: "goal", reason: "read" } };
    const world = days(scenario({ start: start("send"), send: email("wait"), wait, read, end: exit }));
    world.hear(NOW, told(NOW));
    const send = Object.values(world.state.runs[0]?.sends ?? {})[0] ?? "";
    world.hear(NOW + MINUTE, { type: "message", at: NOW + MINUTE, send, signal: "clicked" });
    world.hear(NOW + HOUR);
    expect(world.told.at(-1)).toBe("exited:read");
  });
});

describe("a wait for an open by somebody of whom opens are not to be known (Appendix B 29)", () => {
  const wait = (on: string) => ({
    type: "wait.message",
    params: { block: "send", on, timeout: "P2D" },
    next: { yes: "read", timeout: "end" },
  });
  const read = { type: "exit", params: { outcome: "goal", reason: "read" } };
  const written = (on: string, consents: Record<string, object> = {}): Days => {
    const known = facts();
    const person = { ...known, profile: { ...known.profile, consents: { ...known.profile.consents, ...consents } } };
    const definition = scenario({ start: start("send"), send: email("wait"), wait: wait(on), read, end: exit });
    return days(definition, { facts: person as typeof known }).hear(NOW, told(NOW));
  };
  const visit = (at: number): Stimulus => ({ type: "visit", at });
  const agreed = { tracking: { state: "granted", at: NOW } };

  it.each(["opened", "engaged"])("is ended by a visit: on %s", (on) => {
    const world = written(on);
    // Whoever came as it left has not come because of it.
    world.hear(NOW, visit(NOW));
    expect(world.told.at(-1)).not.toBe("exited:read");
    world.hear(NOW + HOUR, visit(NOW + HOUR));
    expect(world.told.at(-1)).toBe("exited:read");
  });

  it("is ended by an order", () => {
    const world = written("opened");
    world.hear(NOW + HOUR, { type: "order", at: NOW + HOUR, order: "o-1", cart: null, inCart: false });
    expect(world.told).toContain("exited:order");
  });

  it("finds a visit of before the block", () => {
    const definition = scenario({
      start: start("send"),
      send: email("pause"),
      pause: { type: "wait.for", params: { duration: "P1D" }, next: { next: "wait" } },
      wait: wait("opened"),
      read,
      end: exit,
    });
    const world = days(definition)
      .hear(NOW, told(NOW))
      .hear(NOW + HOUR, visit(NOW + HOUR));
    expect(world.hear(NOW + DAY).told.at(-1)).toBe("exited:read");
  });

  it("is not ended by a visit where opens may be known, where a click is asked for, or before the message has left", () => {
    for (const world of [written("opened", agreed), written("clicked")]) {
      world.hear(NOW + HOUR, visit(NOW + HOUR));
      expect(world.hear(NOW + 3 * DAY).told.at(-1)).toBe("exited:end");
    }
    const definition = scenario({ start: start("send"), send: email("wait"), wait: wait("opened"), read, end: exit });
    const held = days(definition, { policy: { ...OPEN, killed: ["all"] } }).hear(NOW, told(NOW));
    held.hear(NOW + HOUR, visit(NOW + HOUR));
    expect(held.told.at(-1)).not.toBe("exited:read");
  });

  it("costs no call of whoever waits for nothing of the kind", () => {
    const interest = (definition: ReturnType<typeof scenario>) => interestWithin(playbook({ s: definition }));
    const waits = interest(
      scenario({ start: start("send"), send: email("wait"), wait: wait("opened"), read, end: exit }),
    );
    const clicks = interest(
      scenario({ start: start("send"), send: email("wait"), wait: wait("clicked"), read, end: exit }),
    );
    const heard = (one: typeof waits, tracked: boolean, consents: object) =>
      heardBy(one, { tracked, consents }, [visit(NOW)]).length;
    expect(heard(waits, true, {})).toBe(1);
    expect([heard(waits, false, {}), heard(waits, true, agreed), heard(clicks, true, {})]).toEqual([0, 0, 0]);
  });
});

describe("a wait without a time-out (Appendix B 34)", () => {
  it.each([
    ["wait.message", { block: "send", on: "opened" }],
    ["wait.event", { event: "Paid" }],
  ])("cannot even be stored: %s", (type, params) => {
    const wait = { type, params, next: { yes: "end", timeout: "end" } };
    const graph = scenario({ start: start("send"), send: email("wait"), wait, end: exit });
    expect(checkGraph(graph)).toMatchObject([{ pointer: "/blocks/wait/params/timeout" }]);
  });
});
