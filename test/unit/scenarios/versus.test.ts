import { describe, expect, it } from "vitest";
import { isControl } from "../../../src/decisions/gate";
import type { Effect } from "../../../src/scenarios/effect";
import type { Playbook } from "../../../src/scenarios/live";
import { versionFor } from "../../../src/scenarios/live";
import { Reaction } from "../../../src/scenarios/react";
import type { ContactState } from "../../../src/scenarios/state";
import { EMPTY_STATE } from "../../../src/scenarios/state";
import type { Stimulus } from "../../../src/scenarios/stimulus";
import { differencesOf } from "../../../src/scenarios/versus";
import { HOUR } from "../../../src/shared/clock";
import { OPEN } from "./days";
import { facts, NOW } from "./facts";
import { scenario } from "./scenario";

const start = { type: "start.event", params: { event: "Begun", key: "order" }, next: { next: "wait" } };
const wait = { type: "wait.for", params: { duration: "PT1H" }, next: { next: "letter" } };
const letter = (content: string) => ({ type: "send.email", params: { content } });

const live = scenario({ start, wait, letter: letter("old") });
const other = scenario({ start, wait, letter: letter("new") });
const french = { ...other, filter: { type: "profile", key: "country", op: "eq", value: "FR" } } as typeof other;
const PEOPLE = Array.from({ length: 4_000 }, (_, index) => index + 1);

/** Version 1 with version 2 beside it; without a share only what was kept. */
function book(share: number | null, challenger = other, kept = live): Playbook {
  const one = { id: "s", version: kept === live ? 1 : 2, state: "active", definition: kept } as const;
  return {
    live: [share === null ? one : { ...one, challenger: { version: 2, share, definition: challenger } }],
    definition: (_id, version) => [live, challenger][version - 1],
  };
}

const [scenarioOf] = book(0.5).live;
if (!scenarioOf) throw new Error("a playbook without a scenario");
const challenged = (contact: number) => versionFor(scenarioOf, contact).version === 2;

class Life {
  state: ContactState = EMPTY_STATE;
  readonly effects: Effect[] = [];

  constructor(private readonly contact: number) {}

  live(playbook: Playbook, now: number, ...stimuli: Stimulus[]): this {
    const known = facts({ contact: this.contact });
    const reaction = new Reaction(this.state, { playbook, facts: known, policy: () => OPEN, now });
    for (const stimulus of stimuli) reaction.hear(stimulus);
    reaction.passTime(now);
    this.state = reaction.state;
    this.effects.push(...reaction.effects);
    return this;
  }

  get letters(): string[] {
    return this.effects.flatMap((effect) => (effect.kind === "decided" ? [effect.intent.content] : []));
  }
}

const begun = (at: number, order: string): Stimulus => {
  return { type: "event", at, id: `e-${order}-${at}`, name: "Begun", properties: { order } };
};
const [ours = 0, theirs = 0] = [PEOPLE.find((contact) => !challenged(contact)), PEOPLE.find(challenged)];

describe("two versions side by side", () => {
  it("share the contacts out as they were told to, each to the same version for ever", () => {
    const count = (share: number) => {
      return PEOPLE.filter((contact) => versionFor({ ...scenarioOf, ...book(share).live[0] }, contact).version === 2);
    };
    expect(count(0.5).length / PEOPLE.length).toBeCloseTo(0.5, 1);
    expect(count(0.1).length / PEOPLE.length).toBeCloseTo(0.1, 1);
    // Frozen: another hash would send people who are in a test the other way.
    expect(PEOPLE.slice(0, 16).filter(challenged)).toEqual([1, 4, 5, 6, 7, 8, 9, 10, 13, 14, 15]);
  });

  it("have each their share of the control group", () => {
    const control = PEOPLE.filter((contact) => isControl("s", contact, { holdout: 0.2 }));
    expect(control.filter(challenged).length / control.length).toBeCloseTo(0.5, 1);
  });

  it("let each contact in by their own, and to its end, also after one of them was kept", () => {
    const [first, second] = [ours, theirs].map((contact) => new Life(contact).live(book(0.5), NOW, begun(NOW, "A")));
    expect([first?.state.runs[0]?.version, second?.state.runs[0]?.version]).toEqual([1, 2]);
    first?.live(book(null, other, other), NOW + HOUR);
    second?.live(book(null), NOW + HOUR);
    expect([first?.letters, second?.letters]).toEqual([["old"], ["new"]]);
  });

  it("are one scenario: what somebody had of one begins no other run in the other", () => {
    const life = new Life(theirs)
      .live(book(null), NOW, begun(NOW, "A"))
      .live(book(0.5), NOW + HOUR, begun(NOW + 1, "A"));
    expect(life.letters).toEqual(["old"]);
    expect(life.live(book(0.5), NOW + 2 * HOUR, begun(NOW + HOUR, "B")).letters).toEqual(["old", "new"]);
    const once = { ...other, reentry: { policy: "once" } } as const;
    const again = new Life(theirs)
      .live(book(null), NOW, begun(NOW, "A"))
      .live(book(0.5, once), NOW + 1, begun(NOW, "B"));
    expect(again.effects.at(-1)).toMatchObject({ kind: "refused", reason: "already_entered", version: 2 });
  });

  it("ask each its own filter", () => {
    const lives = [ours, theirs].map((contact) => new Life(contact).live(book(0.5, french), NOW, begun(NOW, "A")));
    expect(lives.map(({ effects }) => effects[0]?.kind)).toEqual(["entered", "refused"]);
  });
});

describe("a draft beside a live version", () => {
  it("begins in the same way and is measured by the same, whatever else it does", () => {
    expect(differencesOf(live, french)).toEqual([]);
    const renamed = scenario({ begin: start, wait, letter: letter("new") }, { start: "begin", priority: 9 });
    expect(differencesOf(live, renamed)).toEqual([]);
  });

  it("is refused with the fields in which it differs", () => {
    const places = (draft: typeof live) => differencesOf(live, draft).map(({ pointer }) => pointer);
    const event = { ...start, params: { event: "Over", key: "order" } };
    expect(places(scenario({ start: event, wait, letter: letter("new") }))).toEqual([
      "/definition/blocks/start/params/event",
    ]);
    const api = { ...start, type: "start.api", params: {} };
    expect(places(scenario({ start: api, wait, letter: letter("new") }, { holdout: 0.1 }))).toEqual([
      "/definition/blocks/start/type",
      "/definition/holdout",
    ]);
    expect(places({ ...other, goal: { event: "Bought" } })).toEqual(["/definition/goal"]);
  });
});
