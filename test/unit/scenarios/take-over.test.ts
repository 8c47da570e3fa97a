import { describe, expect, it } from "vitest";
import type { ScenarioDefinition } from "../../../src/scenarios/definition";
import type { Effect } from "../../../src/scenarios/effect";
import type { Playbook } from "../../../src/scenarios/live";
import type { TakeOver } from "../../../src/scenarios/publishing";
import { Reaction } from "../../../src/scenarios/react";
import type { ContactState } from "../../../src/scenarios/state";
import { EMPTY_STATE } from "../../../src/scenarios/state";
import type { Stimulus } from "../../../src/scenarios/stimulus";
import { positionsOf } from "../../../src/scenarios/take-over";
import { DAY, HOUR } from "../../../src/shared/clock";
import { OPEN } from "./days";
import { facts, NOW } from "./facts";
import { scenario } from "./scenario";

const start = { type: "start.event", params: { event: "Begun" }, next: { next: "wait" } };
const wait = (duration: string, next = "letter") => ({ type: "wait.for", params: { duration }, next: { next } });
const letter = (content: string) => ({ type: "send.email", params: { content } });

const first = scenario({ start, wait: wait("P1D"), letter: letter("old") });
const second = scenario({ start, wait: wait("P5D"), letter: letter("new") });
const without = scenario({ start: { ...start, next: { next: "pause" } }, pause: wait("P5D"), letter: letter("new") });

/** A scenario in several versions, the latest of them live. */
function published(versions: readonly ScenarioDefinition[], ...takeOvers: readonly Partial<TakeOver>[]): Playbook {
  const definition = versions.at(-1) ?? first;
  const choices = takeOvers.map((choice) => ({ version: 2, blocks: {}, unmatched: "stay" as const, ...choice }));
  return {
    live: [{ id: "s", version: versions.length, state: "active", definition }],
    definition: (id, version) => (id === "s" ? versions[version - 1] : undefined),
    takeOvers: () => choices,
  };
}

/** One contact through the days, under whatever is published by then. */
class Life {
  state: ContactState = EMPTY_STATE;
  readonly effects: Effect[] = [];

  live(playbook: Playbook, now: number, ...stimuli: Stimulus[]): this {
    const reaction = new Reaction(this.state, { playbook, facts: facts(), policy: () => OPEN, now });
    for (const stimulus of stimuli) reaction.hear(stimulus);
    reaction.passTime(now);
    this.state = reaction.state;
    this.effects.push(...reaction.effects);
    return this;
  }

  get letters(): string[] {
    return this.effects.flatMap((effect) => (effect.kind === "decided" ? [effect.intent.content] : []));
  }

  get exits(): string[] {
    return this.effects.flatMap((effect) => (effect.kind === "exited" ? [effect.reason] : []));
  }
}

const begun = (at: number): Stimulus => ({ type: "event", at, id: `e-${at}`, name: "Begun" });
const waiting = () => new Life().live(published([first]), NOW, begun(NOW));

describe("a new version", () => {
  it("is for whoever comes from now on: who is on the way keeps the one they came into", () => {
    const life = waiting().live(published([first, second]), NOW + HOUR, begun(NOW + HOUR));
    expect(life.state.runs.map(({ version }) => version)).toEqual([1, 2]);
    life.live(published([first, second]), NOW + 2 * DAY);
    expect(life.letters).toEqual(["old"]);
    life.live(published([first, second]), NOW + 6 * DAY);
    expect(life.letters).toEqual(["old", "new"]);
  });

  it("takes over who waits at a like block, where it is told to, and leaves the wait as it was", () => {
    const life = waiting().live(published([first, second], {}), NOW + HOUR);
    expect(life.state.runs).toMatchObject([{ version: 2, block: "wait", due: NOW + DAY }]);
    expect(life.effects.at(-1)).toMatchObject({ kind: "moved", run: { version: 2 } });
    life.live(published([first, second], {}), NOW + DAY);
    expect(life.letters).toEqual(["new"]);
  });

  it("is followed by the stop conditions of the version that took over", () => {
    const strict = { ...second, stop_when: [{ event: "Enough" }] };
    const playbook = published([first, strict], {});
    const life = waiting().live(playbook, NOW + HOUR, { type: "event", at: NOW + HOUR, id: "x", name: "Enough" });
    expect(life.exits).toEqual(["stop_condition"]);
  });

  it("leaves who has no place in it with the old one, or lets them go with that reason", () => {
    const stays = waiting().live(published([first, without], { unmatched: "stay" }), NOW + DAY);
    expect(stays.letters).toEqual(["old"]);
    const goes = waiting().live(published([first, without], { unmatched: "exit" }), NOW + HOUR);
    expect([goes.letters, goes.exits, goes.state.runs]).toEqual([[], ["block_gone"], []]);
    expect(goes.state.past).toMatchObject([{ outcome: "interrupted" }]);
  });

  it("knows a block by its new name, and what the run remembers by it", () => {
    const playbook = published([first, without], { blocks: { wait: "pause" } });
    const life = waiting().live(playbook, NOW + HOUR);
    expect(life.state.runs).toMatchObject([{ version: 2, block: "pause", due: NOW + DAY, visits: { pause: 1 } }]);
  });

  it("of two blocks that become one numbers no passage again", () => {
    const round = scenario({ start, wait: { ...wait("PT1H", "short") }, short: wait("PT2H", "wait") });
    const joined = scenario({ start: { ...start, next: { next: "short" } }, short: wait("PT2H", "short") });
    const passages = (life: Life) => life.state.runs[0]?.visits["short"];
    const life = new Life().live(published([round]), NOW, begun(NOW)).live(published([round]), NOW + 9 * HOUR);
    expect(life.state.runs).toMatchObject([{ visits: { wait: 4, short: 3 } }]);
    expect(passages(life.live(published([round, joined], { blocks: { wait: "short" } }), NOW + 9 * HOUR))).toBe(4);
  });

  it("takes nobody to a block of another kind", () => {
    const other = scenario({
      start: { ...start, next: { next: "letter" } },
      letter: letter("new"),
      wait: { type: "wait.event", params: { event: "X", timeout: "P1D" }, next: { yes: "letter", timeout: "letter" } },
    });
    expect(waiting().live(published([first, other], {}), NOW + HOUR).state.runs).toMatchObject([{ version: 1 }]);
  });

  it("may be the one after the next: a run that was left behind is taken over later", () => {
    const third = published([first, without, second], {}, { version: 3 });
    expect(waiting().live(third, NOW + HOUR).state.runs).toMatchObject([{ version: 3 }]);
    const kept = published([first, second, second], {});
    expect(waiting().live(kept, NOW + HOUR).state.runs).toMatchObject([{ version: 2 }]);
  });

  it("is counted with where everybody waits by now", () => {
    const states = [waiting().state, waiting().state, EMPTY_STATE];
    expect(positionsOf(states, "s", published([first, second]))).toEqual([{ version: 1, block: "wait", runs: 2 }]);
    expect(positionsOf(states, "s", published([first, second], {}))).toEqual([{ version: 2, block: "wait", runs: 2 }]);
    expect(positionsOf(states, "other", published([first]))).toEqual([]);
  });
});
