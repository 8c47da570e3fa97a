import { describe, expect, it } from "vitest";
import { playRound } from "../../../src/scenarios/shard";
import type { Briefing } from "../../../src/scenarios/shard-port";
import type { Stimulus } from "../../../src/scenarios/stimulus";
import { HOUR } from "../../../src/shared/clock";
import { Days } from "./days";
import { facts, NOW, playbook } from "./facts";
import { scenario } from "./scenario";

const start = { type: "start.event", params: { event: "Hello", key: "order_id" }, next: { next: "one" } };
const send = (next = {}) => ({ type: "send.email", params: { content: "hello" }, next });
const wait = { type: "wait.for", params: { duration: "P300D" } };
const letters = scenario({ start, one: send({ next: "two" }), two: send() });

const hello = (at: number, order = "o-1"): Stimulus => {
  return { type: "event", name: "Hello", id: `e-${at}-${order}`, at, properties: { order_id: order } };
};

describe("a round of a shard", () => {
  it("owes nothing for somebody whose state made an error half-way: it is worked out anew", () => {
    let made = 0;
    const briefing: Briefing = {
      revision: 1,
      playbook: playbook({ letters }),
      policy: () => ({ killed: [], ready: ["email"], holdout: 0, maxLatenessMs: HOUR }),
      makeSend({ send: id }, { contact }) {
        made++;
        if (contact === 1 && made > 1) throw new Error("no such content");
        return [contact, id];
      },
    };
    const entry = (contact: number) => {
      return { contact, seq: 1, happenings: [{ ...hello(NOW) }], facts: facts({ contact }) };
    };
    const round = playRound([entry(1), entry(2)], new Map(), new Map(), new Set(), briefing, NOW);
    expect(round.errors).toMatchObject([{ contact: 1 }]);
    expect(round.bundle?.sends.map(([contact]) => contact)).toEqual([2, 2]);
    expect(round.bundle?.runs.every(([contact]) => contact === 2)).toBe(true);
    expect(round.bundle?.parked).toMatchObject([[1, "Error: no such content", NOW]]);
  });

  it("parks a contact whose state no row would take, and moves the others", () => {
    const waits = scenario({ start: { ...start, next: { next: "one" } }, one: wait });
    const briefing: Briefing = {
      revision: 1,
      playbook: playbook({ waits }),
      policy: () => ({ killed: [], ready: [], holdout: 0, maxLatenessMs: HOUR }),
      makeSend: () => null,
    };
    const run = { scenario: "gone", version: 1, entryKey: "k", enteredAt: NOW, cart: null, since: NOW, block: "b" };
    const rest = {
      visits: {},
      due: null,
      sends: {},
      lastSendAt: null,
      signals: {},
      about: { text: "x".repeat(20_000) },
    };
    const runs = Array.from({ length: 40 }, (_, index) => ({ ...run, ...rest, id: `run_${index}` }));
    const known = new Map([[1, { seq: 0, state: { watches: [], held: [], past: [], runs } }]]);
    const entry = (contact: number) => {
      return { contact, seq: 1, happenings: [{ ...hello(NOW) }], facts: facts({ contact }) };
    };
    const round = playRound([entry(1), entry(2)], known, new Map(), new Set(), briefing, NOW);
    expect(round.changes.map(({ contact }) => contact)).toEqual([2]);
    expect(round.parked.map(({ contact }) => contact)).toEqual([1]);
  });
});

describe("somebody who sends events all day", () => {
  const definitions = { s: scenario({ start, one: wait }) };

  it("is in a scenario fifty times at once, and no more", () => {
    const days = new Days({ definitions });
    for (let index = 0; index < 60; index++)
      days.hear(NOW + index * 2 * HOUR, hello(NOW + index * 2 * HOUR, `${index}`));
    expect(days.state.runs).toHaveLength(50);
    expect(days.told.at(-1)).toBe("refused:too_many_at_once");
  });

  it("states no key and no property that is longer than any number of an order", () => {
    const long = "9".repeat(30_000);
    const told: Stimulus = { ...hello(NOW, long), properties: { order_id: long, [long]: "x" } } as Stimulus;
    const days = new Days({ definitions }).hear(NOW, told, { ...told, id: "again" } as Stimulus);
    expect(JSON.stringify(days.state).length).toBeLessThan(1_000);
    expect(days.state.runs).toHaveLength(1);
  });
});
