import { describe, expect, it } from "vitest";
import { ranked, scoreOf } from "../../../src/decisions/arbitration";
import { HOUR } from "../../../src/shared/clock";

const NOW = Date.UTC(2026, 10, 23, 10);
const one = (priority: number, more: object = {}) => ({
  class: "marketing" as const,
  priority,
  plannedAt: NOW,
  ...more,
});

describe("the worth of a message", () => {
  it("is its priority, more for what it is expected to earn, less for every hour past its time (mission §9.2)", () => {
    expect(scoreOf(one(75), NOW)).toBe(75);
    expect(scoreOf(one(75, { value: 99 }), NOW)).toBe(75 + 20);
    expect(scoreOf(one(75), NOW + 3 * HOUR)).toBe(72);
    expect(scoreOf(one(75), NOW + 300 * HOUR)).toBe(55);
    expect(scoreOf(one(75), NOW - HOUR)).toBe(75);
  });

  it("puts service first, then whichever is worth most, and among equals the first", () => {
    const all = [
      one(15),
      one(75, { name: "a" }),
      one(75, { name: "b" }),
      { ...one(0), class: "transactional" as const },
    ];
    expect(ranked(all, (each) => each, NOW)).toEqual([all[3], all[1], all[2], all[0]]);
  });
});
