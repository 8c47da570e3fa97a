import { describe, expect, it } from "vitest";
import { Reaction } from "../../../src/scenarios/react";
import type { ContactState } from "../../../src/scenarios/state";
import { EMPTY_STATE, earliestDue } from "../../../src/scenarios/state";
import type { Stimulus } from "../../../src/scenarios/stimulus";
import { DAY, HOUR } from "../../../src/shared/clock";
import { Days, OPEN } from "./days";
import { facts, NOW, playbook } from "./facts";
import { scenario } from "./scenario";

const start = { type: "start.event", params: { event: "Begun" }, next: { next: "e1" } };
const letter = { type: "send.email", params: { content: "hello" } };
const told = (at: number, name: string, id = `${name}-${at}`): Stimulus => ({ type: "event", at, id, name });

const review = scenario({
  start: { ...start, next: { next: "later" } },
  later: { type: "wait.for", params: { duration: "PT1H" }, next: { next: "wait" } },
  wait: {
    type: "wait.event",
    params: { event: "Reviewed", timeout: "P7D" },
    next: { yes: "thanks", timeout: "ask" },
  },
  thanks: { type: "wait.for", params: { duration: "P1D" }, next: { next: "letter" } },
  ask: { ...letter, params: { content: "ask" } },
  letter,
});

/** The same contact while a scenario is paused, or goes on again. */
function turned(state: ContactState, paused: boolean): Days {
  const days = new Days({ definitions: { s: review }, paused });
  days.state = state;
  return days;
}

const contents = (days: Days) =>
  days.effects.flatMap((effect) => (effect.kind === "decided" ? [effect.intent.content] : []));

describe("an event that is told late", () => {
  it("does not end a wait that began after it, and moves no run back to before it began", () => {
    const days = new Days({ definitions: { s: review } }).hear(NOW, told(NOW, "Begun")).hear(NOW + 2 * HOUR);
    days.hear(NOW + 3 * HOUR, told(NOW - 20 * DAY, "Reviewed"), told(NOW + HOUR - 1, "Reviewed"));
    expect(days.state.runs).toMatchObject([{ block: "wait", due: NOW + HOUR + 7 * DAY }]);
    days.hear(NOW + 4 * HOUR, told(NOW + 2 * HOUR, "Reviewed"));
    expect(days.state.runs).toMatchObject([{ block: "thanks", due: NOW + 2 * HOUR + DAY }]);
  });

  it("ends a run where that had come to, not before", () => {
    const definition = { ...review, goal: { event: "Bought" } };
    const days = new Days({ definitions: { s: definition } }).hear(NOW, told(NOW, "Begun")).hear(NOW + 2 * HOUR);
    days.hear(NOW + 3 * HOUR, told(NOW + HOUR / 2, "Bought"));
    expect(days.state.runs).toEqual([]);
    expect(days.state.past).toMatchObject([{ outcome: "goal", endedAt: NOW + HOUR }]);
  });
});

describe("what happens while a scenario is paused", () => {
  const waiting = new Days({ definitions: { s: review } }).hear(NOW, told(NOW, "Begun")).hear(NOW + 2 * HOUR).state;

  it("is what a run waited for, once it goes on, from the moment at which it happened", () => {
    const paused = turned(waiting, true).hear(NOW + DAY, told(NOW + DAY, "Reviewed"));
    expect(paused.told).toEqual([]);
    const resumed = turned(paused.state, false).hear(NOW + DAY + HOUR);
    expect(resumed.state.runs).toMatchObject([{ block: "thanks", due: NOW + 2 * DAY }]);
    expect(resumed.state.runs[0]).not.toHaveProperty("heard");
    expect(contents(resumed.hear(NOW + 2 * DAY))).toEqual(["hello"]);
  });

  it("counts once, and not where the wait had run out before it", () => {
    const twice = turned(waiting, true).hear(
      NOW + DAY,
      told(NOW + DAY, "Reviewed", "a"),
      told(NOW + DAY, "Reviewed", "b"),
    );
    expect(twice.state.runs).toMatchObject([{ heard: "yes", due: NOW + DAY }]);
    const late = turned(waiting, true).hear(NOW + 9 * DAY, told(NOW + 9 * DAY, "Reviewed"));
    expect(contents(turned(late.state, false).hear(NOW + 9 * DAY))).toEqual(["ask"]);
  });

  it("is not lost of a message that is waited for", () => {
    const definitions = {
      s: scenario({
        start,
        e1: { ...letter, next: { next: "wait" } },
        wait: {
          type: "wait.message",
          params: { block: "e1", on: "clicked", timeout: "P1D" },
          next: { yes: "gladly", timeout: "again" },
        },
        gladly: { ...letter, params: { content: "gladly" } },
        again: { ...letter, params: { content: "again" } },
      }),
    };
    const days = new Days({ definitions }).hear(NOW, told(NOW, "Begun"));
    const paused = new Days({ definitions, paused: true });
    paused.state = days.state;
    const send = days.state.runs[0]?.sends["e1"] ?? "";
    paused.hear(NOW + HOUR, { type: "message", at: NOW + HOUR, send, signal: "clicked" });
    const resumed = new Days({ definitions });
    resumed.state = paused.state;
    expect(contents(resumed.hear(NOW + 3 * DAY))).toEqual(["gladly"]);
  });
});

describe("a message that was held", () => {
  const definitions = {
    s: scenario({
      start,
      e1: { ...letter, next: { next: "out" } },
      out: { type: "exit", params: { outcome: "goal" } },
    }),
  };
  const held = () =>
    new Days({ definitions, policy: { ...OPEN, killed: ["all"] } }).hear(NOW, told(NOW, "Begun")).state;
  const goesOn = (state: ContactState) => {
    const days = new Days({ definitions });
    days.state = state;
    return days;
  };

  it("outlives its run, whatever the exit calls the end", () => {
    expect(held().held).toHaveLength(1);
    expect(goesOn(held()).hear(NOW + HOUR).told).toEqual(["send:permitted"]);
  });

  it("counts as the run’s last when it leaves, so that an order stops it on its way", () => {
    const days = goesOn(held()).hear(NOW + HOUR);
    expect(days.state.past).toMatchObject([{ lastSendAt: NOW }]);
    const order: Stimulus = { type: "order", at: NOW + HOUR, order: "o-1", cart: null, inCart: true };
    expect(days.hear(NOW + HOUR, order).told.at(-1)).toBe("stopped:order");
    // Said once.
    expect(days.hear(NOW + HOUR, order).told.filter((word) => word === "stopped:order")).toHaveLength(1);
  });

  it("does not leave while its scenario is paused", () => {
    const paused = new Days({ definitions, paused: true });
    paused.state = held();
    expect(paused.hear(NOW + HOUR).told).toEqual([]);
    expect(earliestDue(paused.state, () => true)).toBeNull();
    expect(goesOn(paused.state).hear(NOW + 2 * HOUR).told).toEqual(["send:permitted"]);
  });

  it("is stopped in so many words where its version is gone", () => {
    const live = { ...playbook(definitions), definition: () => undefined };
    const around = { playbook: live, facts: facts(), policy: () => OPEN, now: NOW + HOUR };
    const reaction = new Reaction({ ...EMPTY_STATE, held: held().held }, around);
    reaction.passTime(NOW + HOUR);
    expect(reaction.effects).toMatchObject([{ kind: "stopped", reason: "version_gone" }]);
  });
});

describe("what is over", () => {
  const seen = scenario(
    { start: { ...start, params: { event: "Seen" } }, e1: letter },
    { filter: { type: "orders.count", op: "gte", value: 9 } },
  );
  const welcome = scenario({ start, e1: letter }, { reentry: { policy: "once" } });
  const often = scenario({ start: { ...start, params: { event: "Often" } }, e1: { type: "exit" } }, {});

  it("is not forgotten for all that was refused, nor for what comes often: once in a life is once", () => {
    const days = new Days({ definitions: { seen, welcome, often } }).hear(NOW, told(NOW, "Begun"));
    for (let index = 1; index <= 500; index++) {
      const at = NOW + index * 2 * HOUR;
      days.hear(at, told(at, "Seen"), told(at, "Often"));
    }
    expect(days.state.past.length).toBeLessThanOrEqual(400);
    const at = NOW + 60 * DAY;
    days.hear(at, told(at, "Begun"));
    expect(days.told.filter((word) => word.startsWith("send"))).toHaveLength(1);
    expect(days.told.at(-1)).toBe("refused:already_entered");
  });

  it("is known for a day at least, so that the limit of entries holds beside many other scenarios", () => {
    const names = Array.from({ length: 25 }, (_, index) => `s${index}`);
    const definitions = Object.fromEntries(names.map((name) => [name, often]));
    const days = new Days({ definitions });
    for (let index = 0; index < 25; index++) days.hear(NOW + index, told(NOW + index, "Often"));
    const entered = days.effects.flatMap((effect) => (effect.kind === "entered" ? [effect.run.scenario] : []));
    for (const name of names) expect(entered.filter((one) => one === name)).toHaveLength(20);
  });
});
