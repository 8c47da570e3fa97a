import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_SENDING, OPEN_SENDING, rulesOf } from "../../../src/decisions/sending";
import { earliestDue } from "../../../src/scenarios/state";
import type { Stimulus } from "../../../src/scenarios/stimulus";
import type { Surroundings } from "../../../src/scenarios/surroundings";
import { DAY, HOUR, MINUTE } from "../../../src/shared/clock";
import { durationMs } from "../../../src/shared/duration";
import { Days, OPEN } from "./days";
import { NOW } from "./facts";
import { scenario } from "./scenario";

const letter = { type: "send.email", params: { content: "hello" } };
const start = { type: "start.event", params: { event: "Occasion" }, next: { next: "send" } };
const occasion = (at = NOW, id = "e-1"): Stimulus => ({ type: "event", at, id, name: "Occasion" });
const wants = (priority: number, more: object = {}) => scenario({ start, send: letter }, { priority, ...more });
const SENDING = rulesOf(DEFAULT_SENDING);
const POLICY: Surroundings["policy"] = ({ max_lateness }) => {
  return { ...OPEN, sending: SENDING, maxLatenessMs: durationMs(max_lateness) };
};

const dueOf = ({ state }: Days): number => earliestDue(state, () => false) ?? Number.POSITIVE_INFINITY;

function decisions(days: Days): string[] {
  return days.effects.flatMap((effect) =>
    effect.kind === "decided"
      ? [`${effect.intent.scenario} ${effect.decision.outcome}: ${effect.decision.reason}`]
      : [],
  );
}

describe("scenarios that want the same contact at once", () => {
  it("send the most valuable message; the others wait, and are dropped when it is too late (Appendix B 20)", () => {
    const definitions = { low: wants(35), high: wants(75), middle: wants(50, { max_lateness: "PT2H" }) };
    const days = new Days({ definitions, policy: POLICY }).hear(NOW, occasion());
    expect(decisions(days).sort()).toEqual([
      "high send: permitted",
      "low held: frequency_cap",
      "middle held: frequency_cap",
    ]);
    expect(days.state.held).toHaveLength(2);
    days.hear(NOW + 2 * HOUR);
    expect(decisions(days).at(-1)).toBe("middle suppressed: lost_arbitration");
    // After sixteen hours there is room for the other.
    days.hear(NOW + 16 * HOUR);
    expect(decisions(days).at(-1)).toBe("low send: permitted");
    expect(days.state.held).toEqual([]);
  });

  it("rank by what they are expected to earn too, and each decision says so (mission §9.2)", () => {
    const definitions = { dear: wants(50), cheap: wants(60), unknown: wants(55) };
    const earnings = {
      // 30 and 10 points: log10 of a thousand cents, and of ten.
      dear: { messages: 1_000, orders: 10, revenue: 999_000 },
      cheap: { messages: 1_000, orders: 10, revenue: 9_000 },
    };
    const policy: Surroundings["policy"] = (terms) => ({ ...POLICY(terms), earnings });
    const days = new Days({ definitions, policy }).hear(NOW, occasion());
    expect(decisions(days)[0]).toBe("dear send: permitted");
    const inputs = days.effects.flatMap((effect) =>
      effect.kind === "decided" ? [[effect.intent.scenario, effect.decision.inputs["expected_value"]]] : [],
    );
    expect(Object.fromEntries(inputs)).toEqual({ dear: 999, cheap: 9, unknown: undefined });
    days.hear(NOW + 16 * HOUR);
    expect(decisions(days).filter((line) => line.endsWith("permitted"))).toEqual([
      "dear send: permitted",
      "cheap send: permitted",
    ]);
  });

  it("compete again with whoever came meanwhile", () => {
    const late = { type: "start.event", params: { event: "Later" }, next: { next: "send" } };
    const definitions = {
      first: wants(75),
      low: wants(35),
      newcomer: scenario({ start: late, send: letter }, { priority: 60 }),
    };
    const days = new Days({ definitions, policy: POLICY }).hear(NOW, occasion());
    days.hear(NOW + HOUR, { type: "event", at: NOW + HOUR, id: "e-2", name: "Later" });
    expect(decisions(days).at(-1)).toBe("newcomer held: frequency_cap");
    days.hear(NOW + 16 * HOUR);
    expect(decisions(days).slice(-2).sort()).toEqual(["low held: frequency_cap", "newcomer send: permitted"]);
  });

  it("hold a contact across channels: one occasion is one message", () => {
    const sms = { type: "send.sms", params: { content: "hello" } };
    const definitions = { letter: wants(50), text: scenario({ start, send: sms }, { priority: 60 }) };
    const days = new Days({ definitions, policy: POLICY }).hear(NOW, occasion());
    expect(decisions(days).sort()).toEqual(["letter held: frequency_cap", "text send: permitted"]);
    days.hear(NOW + HOUR);
    expect(decisions(days).at(-1)).toBe("letter send: permitted");
  });

  it("let service through beside them, and count it for nothing", () => {
    const definitions = { service: wants(0, { class: "transactional" }), ad: wants(75), other: wants(60) };
    const days = new Days({ definitions, policy: POLICY }).hear(NOW, occasion());
    expect(decisions(days).sort()).toEqual([
      "ad send: permitted",
      "other held: frequency_cap",
      "service send: permitted",
    ]);
  });

  it("all send where the shop holds nothing back, and nothing is remembered for it", () => {
    const definitions = { one: wants(50), two: wants(60) };
    const days = new Days({ definitions, policy: { ...OPEN, sending: rulesOf(OPEN_SENDING) } }).hear(NOW, occasion());
    expect(decisions(days).sort()).toEqual(["one send: permitted", "two send: permitted"]);
    const without = new Days({ definitions }).hear(NOW, occasion());
    expect(without.state.sent).toBeUndefined();
  });

  it("say of a held message that its run was stopped", () => {
    const definitions = { high: wants(75), low: wants(35) };
    const days = new Days({ definitions, policy: POLICY }).hear(NOW, occasion());
    days.hear(NOW + 1, { type: "order", at: NOW + 1, order: "o-1", cart: null, inCart: true });
    expect(decisions(days)).toContain("low suppressed: run_stopped");
    expect(days.state.held).toEqual([]);
  });
});

it("whoever comes when: each message is decided for good or held, no cap is broken, and of what comes up at once nothing better waits", () => {
  const priorities = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 6 });
  const times = fc.array(fc.integer({ min: 0, max: 40 * 60 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(priorities, times, (all, minutes) => {
      const definitions = Object.fromEntries(all.map((priority, place) => [`s${place}`, wants(priority)]));
      const days = new Days({ definitions, policy: POLICY });
      for (const [place, minute] of minutes.toSorted((one, other) => one - other).entries()) {
        // No two are due at one moment by chance: what falls due comes before what happens then.
        const at = NOW + minute * MINUTE + place;
        // As alarms do: whatever is due on the way is asked about in time.
        for (let due = dueOf(days); due <= at; due = dueOf(days)) days.hear(due);
        days.hear(at, occasion(at, `e-${place}`));
      }
      const last = new Map<string, string>();
      const sentAt: number[] = [];
      const worth = new Map<number, { sent: number[]; held: number[] }>();
      for (const effect of days.effects) {
        if (effect.kind !== "decided") continue;
        last.set(effect.send, effect.decision.outcome);
        const of = worth.get(effect.at) ?? { sent: [], held: [] };
        worth.set(effect.at, of);
        const score = (effect.intent.priority ?? 0) - Math.min(20, (effect.at - effect.intent.plannedAt) / HOUR);
        if (effect.decision.outcome === "send") {
          sentAt.push(effect.at);
          of.sent.push(score);
        } else of.held.push(score);
      }
      for (const { sent, held } of worth.values()) {
        if (sent.length > 0 && held.length > 0)
          expect(Math.min(...sent)).toBeGreaterThanOrEqual(Math.max(...held) - 1e-9);
      }
      for (const at of sentAt) {
        expect(sentAt.filter((other) => other > at - 16 * HOUR && other <= at)).toHaveLength(1);
        expect(sentAt.filter((other) => other > at - 7 * DAY && other <= at).length).toBeLessThanOrEqual(4);
      }
      const held = [...last.values()].filter((outcome) => outcome === "held").length;
      expect(days.state.held).toHaveLength(held);
      expect(last.size).toBe(all.length * minutes.length);
    }),
    { numRuns: 60 },
  );
});
