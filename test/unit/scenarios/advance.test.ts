import { describe, expect, it } from "vitest";
import type { RunInput } from "../../../src/scenarios/advance";
import { advance } from "../../../src/scenarios/advance";
import type { ScenarioDefinition } from "../../../src/scenarios/definition";
import { settlesAt } from "../../../src/scenarios/signal";
import type { Run } from "../../../src/scenarios/state";
import { DAY, HOUR } from "../../../src/shared/clock";
import { facts, NOW } from "./facts";
import { scenario } from "./scenario";

const letter = (next: string) => ({ type: "send.email", params: { content: "hello" }, next: { next } });
const wait = (duration: string, next: string) => ({ type: "wait.for", params: { duration }, next: { next } });

const journey = scenario({
  start: { type: "start.event", params: { event: "Signed Up" }, next: { next: "first" } },
  first: letter("wait"),
  wait: wait("PT4H", "answer"),
  answer: {
    type: "wait.message",
    params: { block: "first", on: "clicked", timeout: "P2D" },
    next: { yes: "done", timeout: "second" },
  },
  second: letter("done"),
  done: { type: "exit", params: { outcome: "goal", reason: "all said" } },
});

function run(change: Partial<Run> = {}): Run {
  const about = { id: "run_1", scenario: "s", version: 1, entryKey: "k", enteredAt: NOW, since: NOW, cart: null };
  const blank = { due: null, sends: {}, lastSendAt: null, signals: {} };
  return { ...about, block: "start", visits: { start: 1 }, ...blank, ...change };
}

const step = (from: Run, input: RunInput, at = NOW, definition: ScenarioDefinition = journey) =>
  advance(from, input, at, facts(), definition);
const enter: RunInput = { kind: "enter" };
const due: RunInput = { kind: "due" };

describe("a run", () => {
  it("goes on until it has to wait", () => {
    const { run: waiting, wanted, exit } = step(run(), enter);
    expect(waiting).toMatchObject({ block: "wait", due: NOW + 4 * HOUR, visits: { start: 1, first: 1, wait: 1 } });
    expect(wanted).toMatchObject([{ block: "first", channel: "email", content: "hello" }]);
    expect(exit).toBeNull();
  });

  it("wants each message under an id that follows from what it is", () => {
    const [once] = step(run(), enter).wanted;
    expect(step(run(), enter, NOW + DAY).wanted[0]?.send).toBe(once?.send);
    expect(step(run({ id: "run_2" }), enter).wanted[0]?.send).not.toBe(once?.send);
    expect(step(run({ visits: { start: 1, first: 1 } }), enter).wanted[0]?.send).not.toBe(once?.send);
  });

  it("counts a wait from when it was due, however late the alarm was", () => {
    const waiting = step(run(), enter).run;
    expect(step(waiting, due, NOW + 4 * HOUR).run).toMatchObject({ block: "answer", due: NOW + 4 * HOUR + 2 * DAY });
  });

  it("goes one way when there is a reaction, and another when the time is over", () => {
    const waiting = step(step(run(), enter).run, due, NOW + 4 * HOUR).run;
    const send = waiting.sends["first"] ?? "";
    const heard: RunInput = { kind: "heard", stimulus: { type: "message", at: NOW, send, signal: "clicked" } };
    expect(step(waiting, heard)).toMatchObject({ exit: null, run: { block: "answer" } });
    const clicked = { ...waiting, signals: { [send]: { clicked: NOW } } };
    expect(step(clicked, heard).exit).toBeNull();
    expect(step(clicked, heard, settlesAt(NOW)).exit).toEqual({ outcome: "goal", reason: "all said" });
    expect(step(waiting, due, NOW + 3 * DAY).wanted).toMatchObject([{ block: "second" }]);
  });

  it("does not wait for a reaction that came already", () => {
    const sent = step(run(), enter).run;
    const clicked = { ...sent, signals: { [sent.sends["first"] ?? ""]: { clicked: NOW } } };
    expect(step(clicked, due, NOW + 4 * HOUR).exit?.outcome).toBe("goal");
  });

  it("looks its next block up after the wait, so that a change of the graph is followed", () => {
    const waiting = step(run(), enter).run;
    const changed = { ...journey, blocks: { ...journey.blocks, wait: { ...wait("PT4H", "done") } } };
    expect(step(waiting, due, NOW + 4 * HOUR, changed as ScenarioDefinition).exit?.outcome).toBe("goal");
  });

  it("ends where no way leads on", () => {
    const last = scenario({ start: { type: "start.event", params: { event: "x" } } });
    expect(step(run(), enter, NOW, last).exit).toEqual({ outcome: "completed", reason: "end" });
  });
});

describe("a run that cannot go on", () => {
  it("says so where its block is gone, from the graph or from the product", () => {
    const gone = { outcome: "failed", reason: "block_gone" };
    for (const input of [enter, due]) expect(step(run({ block: "nowhere" }), input).exit).toMatchObject(gone);
    const unknown = scenario({ start: { type: "send.pigeon" } });
    expect(step(run(), enter, NOW, unknown).exit).toMatchObject(gone);
  });

  it("is stopped when it goes in circles without ever waiting", () => {
    const circle = scenario({
      start: { type: "start.event", params: { event: "x" }, next: { next: "again" } },
      again: { type: "if.targeting", params: { rule: { all: [] } }, next: { yes: "again", no: "again" } },
    });
    expect(step(run(), enter, NOW, circle).exit).toEqual({ outcome: "failed", reason: "loop_without_wait" });
  });

  it("says so where something is due that never waits", () => {
    expect(step(run({ block: "first" }), due).exit).toMatchObject({ outcome: "failed", reason: "block_never_due" });
  });

  it("is not changed: what goes in stays as it was", () => {
    const before = Object.freeze(run());
    step(before, enter);
    expect(before).toEqual(run());
  });
});
