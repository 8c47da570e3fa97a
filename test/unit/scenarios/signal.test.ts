// Nothing moves by a reaction to a message until it is settled that a person did it (D14).
import { describe, expect, it } from "vitest";
import type { ScenarioDefinition } from "../../../src/scenarios/definition";
import { heardOf, receiveShare, shareOf } from "../../../src/scenarios/handover";
import { SETTLED_AFTER } from "../../../src/scenarios/signal";
import { earliestDue } from "../../../src/scenarios/state";
import type { Stimulus } from "../../../src/scenarios/stimulus";
import { DAY, HOUR, MINUTE, SECOND } from "../../../src/shared/clock";
import { TAINT } from "../../../src/tracking/machine";
import { Days } from "./days";
import { NOW } from "./facts";
import { scenario } from "./scenario";

const begun: Stimulus = { type: "event", at: NOW, id: "e-1", name: "Begun" };
const start = { type: "start.event", params: { event: "Begun" }, next: { next: "letter" } };
const letter = { type: "send.email", params: { content: "hello" }, next: { next: "wait" } };
const exit = (reason: string) => ({ type: "exit", params: { outcome: "completed", reason } });
const waiting = (on = "engaged") =>
  scenario({
    start,
    letter,
    wait: {
      type: "wait.message",
      params: { block: "letter", on, timeout: "P2D" },
      next: { yes: "yes", timeout: "end" },
    },
    yes: exit("answered"),
    end: exit("silent"),
  });

/** Somebody who was written to. */
function written(definition: ScenarioDefinition = waiting()) {
  const days = new Days({ definitions: { s: definition } }).hear(NOW, begun);
  const send = Object.values(days.state.runs[0]?.sends ?? {})[0] ?? "";
  const act = (signal: "opened" | "clicked", at: number): Stimulus => ({ type: "message", at, send, signal });
  const disowned = (from: number, until: number, at = until): Stimulus => ({ type: "disowned", at, send, from, until });
  return { days, send, act, disowned };
}

const endOf = ({ effects }: Days): string | null =>
  effects.flatMap((effect) => (effect.kind === "exited" ? [effect.reason] : [])).at(-1) ?? null;

describe("a click", () => {
  it("moves a run once nothing more can show that it was a machine's", () => {
    expect(SETTLED_AFTER).toBeGreaterThan(TAINT);
    const { days, act } = written();
    const at = NOW + HOUR;
    days.hear(at, act("clicked", at));
    expect([endOf(days), earliestDue(days.state, () => false)]).toEqual([null, at + SETTLED_AFTER]);
    // Whatever happens meanwhile asks nothing of it.
    days.hear(at + SECOND, { type: "event", at: at + SECOND, id: "e-2", name: "Viewed" });
    expect(endOf(days)).toBeNull();
    days.hear(at + SETTLED_AFTER);
    expect(endOf(days)).toBe("answered");
    expect(days.state.unsettled).toBeUndefined();
  });

  it("moves nothing where it turns out to be a machine's, and a person's of later does", () => {
    const { days, act, disowned } = written();
    const at = NOW + HOUR;
    days.hear(at, act("opened", at), act("clicked", at));
    days.hear(at + TAINT, disowned(at - TAINT, at + TAINT));
    expect(days.state.runs[0]?.signals).toEqual({ [Object.keys(days.state.runs[0]?.signals ?? {})[0] ?? ""]: {} });
    days.hear(at + HOUR);
    expect([endOf(days), days.state.unsettled]).toEqual([null, undefined]);
    days.hear(at + DAY, act("clicked", at + DAY));
    expect(endOf(days.hear(at + DAY + SETTLED_AFTER))).toBe("answered");
  });

  it("of a machine is nothing that a later block finds, however late it is found out", () => {
    const { days, act, disowned } = written(
      scenario({
        start,
        letter: { ...letter, next: { next: "pause" } },
        pause: { type: "wait.for", params: { duration: "P1D" }, next: { next: "wait" } },
        wait: {
          type: "wait.message",
          params: { block: "letter", on: "clicked", timeout: "P2D" },
          next: { yes: "yes", timeout: "end" },
        },
        yes: exit("answered"),
        end: exit("silent"),
      }),
    );
    days.hear(NOW + 2 * SECOND, act("clicked", NOW + 2 * SECOND));
    // The provider says an hour later that it was delivered after the click.
    days.hear(NOW + HOUR, disowned(NOW - DAY, NOW + 4 * SECOND, NOW + HOUR));
    expect(endOf(days.hear(NOW + 4 * DAY))).toBe("silent");
  });

  it("of a person counts where another one before it was a machine's", () => {
    const { days, act, disowned } = written(waiting("clicked"));
    const at = NOW + HOUR;
    days.hear(at, act("clicked", at));
    days.hear(at + 30 * SECOND, act("clicked", at + 30 * SECOND));
    days.hear(at + 40 * SECOND, disowned(at - DAY, at + 4 * SECOND, at + 40 * SECOND));
    expect(endOf(days.hear(at + SETTLED_AFTER))).toBeNull();
    expect(endOf(days.hear(at + 30 * SECOND + SETTLED_AFTER))).toBe("answered");
  });

  it("at the last moment is an answer all the same", () => {
    const { days, act, disowned } = written();
    const at = NOW + 2 * DAY - SECOND;
    days.hear(at, act("clicked", at));
    const before = days.state;
    expect(endOf(days.hear(NOW + 2 * DAY + MINUTE))).toBeNull();
    expect(endOf(days.hear(NOW + 3 * DAY))).toBe("answered");
    const other = new Days({ definitions: { s: waiting() } });
    other.state = before;
    other.hear(at + SECOND, disowned(at - MINUTE, at + SECOND));
    expect(endOf(other.hear(NOW + 3 * DAY))).toBe("silent");
  });

  it("keeps no one awake who waits for nothing of the kind", () => {
    const days = new Days({ definitions: { s: waiting() } }).hear(NOW, begun);
    days.hear(NOW + HOUR, { type: "message", at: NOW + HOUR, send: "msg_of_a_campaign", signal: "clicked" });
    expect(days.state.unsettled).toBeUndefined();
  });

  it("goes along where its run is taken over by another contact", () => {
    const { days, act } = written();
    const at = NOW + HOUR;
    days.hear(at, act("clicked", at));
    const out = heardOf(days.state, { type: "handover.out", at, handover: "h1", merge: null });
    const share = shareOf(out, "h1");
    const handover = { id: "h1", from: 1, to: 2, merge: "m1", isUndo: false };
    const winner = new Days({ definitions: { s: waiting() } });
    const awaiting = heardOf(winner.state, { type: "handover.in", at, handover: "h1" });
    winner.state = receiveShare(awaiting, share as NonNullable<typeof share>, handover, at).state;
    expect(endOf(winner.hear(at + SETTLED_AFTER))).toBe("answered");
  });
});
