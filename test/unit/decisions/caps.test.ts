import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Attempt, Cap } from "../../../src/decisions/caps";
import { fullCap, LONGEST_CAP, withAttempt } from "../../../src/decisions/caps";
import { DAY, HOUR } from "../../../src/shared/clock";

const NOW = Date.UTC(2026, 10, 23, 10);
const once: Cap = { channel: "email", count: 1, withinMs: 16 * HOUR };
const sent = (at: number, channel = "email", weight = 1): Attempt => ({ at, channel, weight });
const ask = (caps: readonly Cap[], attempts: readonly Attempt[], now = NOW, more: object = {}) =>
  fullCap({ caps, factors: [] }, attempts, { channel: "email", weight: 1, ...more }, now);

describe("a frequency cap", () => {
  it("counts within a span that goes with the clock, to the millisecond", () => {
    const at = NOW - 16 * HOUR;
    expect(ask([once], [sent(at + 1)])).toMatchObject({ used: 1, freeAt: NOW + 1 });
    expect(ask([once], [sent(at)])).toBeNull();
  });

  it("counts its own channel, or all of them", () => {
    expect(ask([once], [sent(NOW - 1, "sms")])).toBeNull();
    expect(ask([{ ...once, channel: "all" }], [sent(NOW - 1, "sms")])).not.toBeNull();
    expect(ask([{ ...once, channel: "sms", count: 0 }], [])).toBeNull();
  });

  it("counts by weight", () => {
    const four = { ...once, count: 4 };
    expect(ask([four], [sent(NOW - 2, "email", 2), sent(NOW - 1)], NOW, { weight: 2 })).toMatchObject({
      freeAt: NOW - 2 + 16 * HOUR,
    });
    expect(ask([four], [sent(NOW - 2, "email", 2), sent(NOW - 1)])).toBeNull();
    expect(ask([four], [], NOW, { weight: 5 })).toMatchObject({ freeAt: null });
  });

  it("is wider for whoever a factor is for, but never two messages for one occasion", () => {
    const rules = { caps: [{ ...once, count: 2 }], factors: [{ level: "engagement.very_engaged", factor: 1.5 }] };
    const two = [sent(NOW - 2), sent(NOW - 1)];
    const message = { channel: "email", weight: 1 };
    expect(fullCap(rules, two, { ...message, levels: [] }, NOW)).not.toBeNull();
    const engaged = { ...message, levels: ["engagement.very_engaged"] };
    expect(fullCap(rules, two, engaged, NOW)).toBeNull();
    // Who does not know the levels leaves it to who does, and stops where the widest one stops.
    expect(fullCap(rules, two, message, NOW)).toBeNull();
    expect(fullCap(rules, [...two, sent(NOW - 1)], message, NOW)).not.toBeNull();
    const moment = { ...rules, caps: [{ ...once, count: 2, isMoment: true }] };
    expect(fullCap(moment, two, engaged, NOW)).not.toBeNull();
  });

  it("is for a level alone where it names one", () => {
    const weekly = { ...once, withinMs: 7 * DAY, level: "email_activity.slowing" };
    expect(ask([weekly], [sent(NOW - DAY)])).toBeNull();
    expect(ask([weekly], [sent(NOW - DAY)], NOW, { levels: ["email_activity.slowing"] })).not.toBeNull();
  });

  it("never lets more through than it says, in any span, and lets the next one through at the very moment that it names", () => {
    const cap = fc.record({
      channel: fc.constantFrom("email", "sms", "all"),
      count: fc.integer({ min: 1, max: 4 }),
      withinMs: fc.integer({ min: 1, max: 48 }).map((hours) => hours * HOUR),
    });
    const wish = fc.record({ wait: fc.integer({ min: 0, max: 30 * HOUR }), channel: fc.constantFrom("email", "sms") });
    fc.assert(
      fc.property(fc.array(cap, { minLength: 1, maxLength: 4 }), fc.array(wish, { maxLength: 25 }), (caps, wishes) => {
        let now = NOW;
        let attempts: readonly Attempt[] = [];
        for (const { wait, channel } of wishes) {
          now += wait;
          const message = { channel, weight: 1 };
          const full = fullCap({ caps, factors: [] }, attempts, message, now);
          if (full?.freeAt === null) return;
          if (full) {
            expect(full.freeAt).toBeGreaterThan(now);
            expect(fullCap({ caps, factors: [] }, attempts, message, full.freeAt - 1)).not.toBeNull();
            expect(fullCap({ caps, factors: [] }, attempts, message, full.freeAt)).toBeNull();
          } else attempts = withAttempt(attempts, { at: now, ...message });
        }
        for (const { channel, count, withinMs } of caps) {
          for (const { at: end } of attempts) {
            const within = attempts.filter(
              (one) => one.at > end - withinMs && one.at <= end && (channel === "all" || channel === one.channel),
            );
            expect(within.length).toBeLessThanOrEqual(count);
          }
        }
      }),
    );
  });

  it("remembers no longer than the longest cap", () => {
    const kept = withAttempt([sent(NOW - LONGEST_CAP), sent(NOW - LONGEST_CAP + 1)], sent(NOW));
    expect(kept.map(({ at }) => at)).toEqual([NOW - LONGEST_CAP + 1, NOW]);
  });
});
