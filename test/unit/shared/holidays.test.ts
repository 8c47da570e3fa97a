import { readFileSync } from "node:fs";
import Holidays from "date-holidays";
import { describe, expect, it } from "vitest";
import { DAY } from "../../../src/shared/clock";
import { easterOf } from "../../../src/shared/easter";
import { isHoliday } from "../../../src/shared/holidays";
import { HOLIDAYS, HOLIDAYS_FROM } from "../../../src/shared/holidays.generated";

const dayText = (at: number): string => new Date(at).toISOString().slice(0, 10);

function holidaysOf(year: number, place: string): string[] {
  const days = Array.from({ length: 366 }, (_, day) => dayText(Date.UTC(year, 0, 1) + day * DAY));
  return days.filter((day) => day.startsWith(String(year)) && isHoliday(day, place));
}

// Easter Sundays as almanacs print them; 2024 and 2045 lie outside of the table.
const EASTERS = ["2024-03-31", "2026-04-05", "2027-03-28", "2028-04-16", "2030-04-21", "2035-03-25", "2045-04-09"];
const fromEaster = (easter: string, days: number): string => dayText(Date.parse(easter) + days * DAY);

const FRENCH = ["01-01", "05-01", "05-08", "07-14", "08-15", "11-01", "11-11", "12-25"];
const BELGIAN = ["01-01", "05-01", "07-21", "08-15", "11-01", "11-11", "12-25"];

describe.each(EASTERS)("in the year whose Easter is %s", (easter) => {
  const year = Number(easter.slice(0, 4));
  const withEaster = (fixed: readonly string[], ...moving: number[]): string[] =>
    [...new Set([...fixed.map((day) => `${year}-${day}`), ...moving.map((days) => fromEaster(easter, days))])].sort();

  it("Easter is on that day", () => expect(dayText(easterOf(year))).toBe(easter));

  it("France keeps its eleven holidays, Alsace and Moselle two more", () => {
    expect(holidaysOf(year, "FR")).toEqual(withEaster(FRENCH, 1, 39, 50));
    for (const place of ["FR-57", "FR-67", "FR-68"]) {
      expect(holidaysOf(year, place)).toEqual(withEaster([...FRENCH, "12-26"], -2, 1, 39, 50));
    }
    expect(holidaysOf(year, "FR-75")).toEqual(holidaysOf(year, "FR"));
  });

  it("Belgium keeps its ten", () => expect(holidaysOf(year, "BE")).toEqual(withEaster(BELGIAN, 1, 39, 50)));
});

it("of a place that nobody knows every day is a working day", () => {
  for (const place of ["", "QQ", "fr", "toString"]) expect(isHoliday("2026-01-01", place)).toBe(false);
});

it("knows the days by the moon and all days of a feast within the years of the table", () => {
  const days = ["2026-03-19", "2026-03-20", "2026-03-21", "2026-03-22"];
  expect(days.filter((day) => isHoliday(day, "SA"))).toEqual(days);
  expect(isHoliday("2026-03-23", "SA")).toBe(false);
});

it("the table says what the package says, of every country", () => {
  const year = HOLIDAYS_FROM + 3;
  const countries = Object.keys(HOLIDAYS).filter((place) => place.length === 2);
  expect(countries.length).toBeGreaterThan(200);
  // Some whose days follow the moon, another Easter, or make up for a Sunday.
  for (const country of ["GB", "GR", "JP", "US", "MA", "IN", "TH", "BR", "CA", "DE", "ES", "PL"]) {
    expect(countries).toContain(country);
    const stated = new Holidays(country, { types: ["public"] })
      .getHolidays(year)
      .filter(({ type }) => type === "public");
    const found = new Set(holidaysOf(year, country));
    for (const { date } of stated) expect(found, `${country} ${date}`).toContain(date.slice(0, 10));
    const length = ({ start, end }: (typeof stated)[number]) => Math.max(1, Math.round((+end - +start) / DAY));
    expect(found.size, country).toBeLessThanOrEqual(stated.reduce((sum, one) => sum + length(one), 0));
  }
});

it("the table is made once for a year, whatever the day", async () => {
  const made = readFileSync("src/shared/holidays.generated.ts", "utf8");
  const script = new URL("../../../scripts/lib/holidays.mjs", import.meta.url).href;
  const { holidaysModule } = await import(/* @vite-ignore */ script);
  for (const day of ["01-01", "06-30", "12-31"]) {
    expect(await holidaysModule(made, new Date(`${HOLIDAYS_FROM + 1}-${day}T12:00:00Z`))).toBeNull();
  }
});

it("the table is small", () => {
  expect(readFileSync("src/shared/holidays.generated.ts").length).toBeLessThan(150_000);
});
