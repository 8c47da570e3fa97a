import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DAY } from "../../../src/shared/clock";
import { addPeriod, parsePeriod } from "../../../src/shared/period";

const ending = (from: string, period: string) => new Date(addPeriod(Date.parse(from), period)).toISOString();

describe("a period", () => {
  it("is years, months, weeks and days of the calendar, and nothing else", () => {
    expect(parsePeriod("P1Y6M")).toEqual({ months: 18, days: 0 });
    expect(parsePeriod("P2W3D")).toEqual({ months: 0, days: 17 });
    for (const text of ["", "P", "P1", "PT4H", "P1.5M", "1M", "P-1D", "P1D2M"]) expect(parsePeriod(text)).toBeNull();
    expect(() => addPeriod(0, "PT1H")).toThrow("not a period");
  });

  it("ends on a month's last day where the month lacks the day, and keeps the time of day", () => {
    expect(ending("2026-01-31T10:20:30.456Z", "P1M")).toBe("2026-02-28T10:20:30.456Z");
    expect(ending("2028-02-29T00:00:00Z", "P12M")).toBe("2029-02-28T00:00:00.000Z");
    expect(ending("2026-11-22T23:59:00Z", "P1Y2M1D")).toBe("2028-01-23T23:59:00.000Z");
    expect(ending("1969-12-31T12:00:00Z", "P1M")).toBe("1970-01-31T12:00:00.000Z");
  });

  it("never goes back, and the later begins the later it ends", () => {
    const time = fc.integer({ min: -DAY * 20_000, max: DAY * 40_000 });
    fc.assert(
      fc.property(
        time,
        time,
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 0, max: 400 }),
        (one, other, months, days) => {
          const text = `P${months}M${days}D`;
          const [from, to] = [Math.min(one, other), Math.max(one, other)];
          expect(addPeriod(from, text)).toBeGreaterThanOrEqual(from);
          if (to - from >= 3 * DAY) expect(addPeriod(from, text)).toBeLessThanOrEqual(addPeriod(to, text));
        },
      ),
    );
  });
});
