import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dayNumber, daysIn, dayText, monthsBefore, shiftsBetween } from "../../../../src/segments/rfm/days";
import { matrixByDay } from "../../../../src/segments/rfm/history";
import { DAY, HOUR } from "../../../../src/shared/clock";

const ZONES = ["UTC", "Europe/Paris", "America/New_York", "Asia/Kathmandu", "Africa/Casablanca", "Australia/Lord_Howe"];
const at = (text: string) => Date.parse(text);

describe("days of a shop's calendar", () => {
  test("begin at its own midnight, also where that day has 23 or 25 hours", () => {
    const paris = daysIn("Europe/Paris");
    expect(dayText(paris.of(at("2025-12-31T22:59:59Z")))).toBe("2025-12-31");
    expect(dayText(paris.of(at("2025-12-31T23:00:00Z")))).toBe("2026-01-01");
    const lengths = ["2026-03-29", "2026-07-01", "2026-10-25"].map((text) => {
      return (paris.start(dayNumber(text) + 1) - paris.start(dayNumber(text))) / HOUR;
    });
    expect(lengths).toEqual([23, 24, 25]);
  });

  test.each(ZONES)("are told in %s by the shifts that the database goes by", (zone) => {
    const days = daysIn(zone);
    const [first, last] = [dayNumber("2024-01-01"), dayNumber("2026-12-31")];
    const shifts = shiftsBetween(days, first, last);
    fc.assert(
      fc.property(fc.integer({ min: days.start(first), max: days.start(last) }), (moment) => {
        const shift = shifts.find(({ from }) => moment >= from);
        expect(Math.floor((moment + (shift?.ms ?? 0)) / DAY)).toBe(days.of(moment));
      }),
    );
  });

  test("so many months before one is the last of a month that is too short", () => {
    const earlier = (text: string, months: number) => dayText(monthsBefore(dayNumber(text), months));
    expect([earlier("2026-03-31", 1), earlier("2024-02-29", 24), earlier("2026-01-15", 1)]).toEqual([
      "2026-02-28",
      "2022-02-28",
      "2025-12-15",
    ]);
  });
});

describe("the matrix by day", () => {
  const row = (day: string, cell: number, contacts: number) => {
    return { day, cell, contacts, segment: "s", orders: contacts, revenue: contacts };
  };
  const rows = [row("2026-01-01", 111, 5), row("2026-01-03", 111, 0), row("2026-01-03", 555, 5)];

  test("holds what was not written anew, and starts with what was there", () => {
    const shown = (from: string) =>
      matrixByDay(rows, from).map(({ day, cells }) => [day, cells.map(({ cell }) => cell)]);
    expect(shown("2026-01-01")).toEqual([
      ["2026-01-01", [111]],
      ["2026-01-03", [555]],
    ]);
    expect(shown("2026-01-02")).toEqual([
      ["2026-01-02", [111]],
      ["2026-01-03", [555]],
    ]);
    expect(shown("2026-02-01")).toEqual([["2026-02-01", [555]]]);
  });
});
