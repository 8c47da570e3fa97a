// What breaks in products of this kind, by the trackers of their users. Each is impossible here; those that concern
// delivery and tracking stand with these, by the same names in their titles.
import { describe, expect, it } from "vitest";
import type { Stimulus } from "../../../src/scenarios/stimulus";
import { DAY, HOUR } from "../../../src/shared/clock";
import { Days } from "./days";
import { facts, NOW } from "./facts";
import { scenario } from "./scenario";

const letter = { type: "send.email", params: { content: "hello" } };
const told = (at: number, name: string): Stimulus => ({ type: "event", at, id: `${name}-${at}`, name });
const start = (next: string) => ({ type: "start.event", params: { event: "Begun" }, next: { next } });
const wait = (duration: string, next: string) => ({ type: "wait.for", params: { duration }, next: { next } });
const sent = (days: Days) => days.told.filter((word) => word.startsWith("send"));

describe("a scenario", () => {
  it("that takes everybody once is entered once, however often its schedule finds them (parcelvoy 462)", () => {
    const onTarget = {
      type: "start.targeting",
      params: { rule: { all: [] }, every: "PT1H" },
      next: { next: "letter" },
    };
    const definition = scenario({ start: onTarget, letter }, { reentry: { policy: "once" } });
    const days = new Days({ definitions: { s: definition } });
    for (let evaluation = 0; evaluation < 4; evaluation++) {
      const at = NOW + evaluation * HOUR;
      days.hear(at, { type: "enter", at, scenario: "s", key: `evaluation-${evaluation}` });
    }
    expect(days.told.filter((word) => word === "entered")).toHaveLength(1);
    expect(sent(days)).toHaveLength(1);
  });

  it("does not take what happened before a run for what happened in it (parcelvoy 548)", () => {
    const ask = { type: "if.since_start", params: { event: "Paid", at_least: 1 }, next: { yes: "out", no: "letter" } };
    const definition = scenario({ start: start("wait"), wait: wait("P1D", "ask"), ask, letter, out: { type: "exit" } });
    const days = new Days({ definitions: { s: definition } });
    days
      .hear(NOW - HOUR, told(NOW - HOUR, "Paid"))
      .hear(NOW, told(NOW, "Begun"))
      .hear(NOW + DAY);
    expect(sent(days)).toHaveLength(1);
  });

  it("follows the graph as it stands when a wait is over (PostHog 43086)", () => {
    const before = scenario({ start: start("wait"), wait: wait("P1D", "letter"), letter });
    const after = scenario({ start: start("wait"), wait: wait("P1D", "out"), letter, out: { type: "exit" } });
    const days = new Days({ definitions: { s: before } }).hear(NOW, told(NOW, "Begun"));
    const changed = new Days({ definitions: { s: after } });
    changed.state = days.state;
    expect(sent(changed.hear(NOW + DAY))).toEqual([]);
  });

  it("keeps whoever came in, though its filter no longer fits them (mautic 6439)", () => {
    const vip = { type: "attribute", name: "vip", as: "boolean", op: "is", value: true };
    const definition = scenario({ start: start("wait"), wait: wait("P1D", "letter"), letter }, { filter: vip });
    const definitions = { s: definition };
    const days = new Days({ definitions, facts: facts({ profile: { attributes: { vip: true } } }) });
    days.hear(NOW, told(NOW, "Begun"));
    const later = new Days({ definitions });
    later.state = days.state;
    expect(sent(later.hear(NOW + HOUR, told(NOW + HOUR, "Seen")).hear(NOW + DAY))).toHaveLength(1);
  });

  it("knows days and hours by the contact’s own clock (mautic 17283)", () => {
    const hours = { days: ["tue"], from: "09:00", to: "10:00", holidays: "include" };
    const window = { type: "wait.window", params: hours, next: { next: "letter" } };
    const definition = scenario({ start: start("window"), window, letter });
    // NOW is a Monday at 10:00 UTC.
    const at = (timezone: string) => {
      const days = new Days({ definitions: { s: definition }, facts: facts({ profile: { timezone } }) });
      days.hear(NOW, told(NOW, "Begun"));
      return new Date(days.state.runs[0]?.due ?? 0).toISOString();
    };
    expect(at("Pacific/Auckland")).toBe("2026-01-05T20:00:00.000Z");
    expect(at("America/Los_Angeles")).toBe("2026-01-06T17:00:00.000Z");
    expect(at("Nowhere/At_All")).toBe("2026-01-06T08:00:00.000Z");
  });

  it("that was paused goes on where it stood, and begins nothing again (listmonk 2313)", () => {
    const definition = scenario({
      start: start("letter"),
      letter: { ...letter, next: { next: "wait" } },
      wait: wait("P1D", "again"),
      again: letter,
    });
    const definitions = { s: definition };
    const days = new Days({ definitions }).hear(NOW, told(NOW, "Begun"));
    const paused = new Days({ definitions, paused: true });
    paused.state = days.state;
    expect(paused.hear(NOW + 3 * DAY, told(NOW + 3 * DAY, "Begun")).told).toEqual([]);
    const resumed = new Days({ definitions });
    resumed.state = paused.state;
    resumed.hear(NOW + 4 * DAY);
    expect(resumed.effects.flatMap((effect) => (effect.kind === "decided" ? [effect.intent.block] : []))).toEqual([
      "again",
    ]);
  });
});
