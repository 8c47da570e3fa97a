import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type * as z from "zod";
import { DAY, HOUR, MINUTE } from "../../../src/shared/clock";
import type { Opening } from "../../../src/shared/opening";
import { nextOpening, openingInput } from "../../../src/shared/opening";

const WEEK = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;
const never = (_day: string): boolean => false;
type Asked = z.input<typeof openingInput>;
const at = (text: string): number => Date.parse(text);

function opens(from: string, opening: Asked, zone: string, isClosed = never): string | null {
  const found = nextOpening(at(from), openingInput.parse(opening), zone, isClosed);
  return found === null ? null : new Date(found).toISOString().replace(":00.000Z", "Z");
}

describe("an opening in Paris", () => {
  it.each<[string, string, Asked, string]>([
    ["is now, where it is open", "2026-01-05T10:07Z", {}, "2026-01-05T10:07Z"],
    ["is at its first minute", "2026-01-05T07:00Z", {}, "2026-01-05T07:00Z"],
    ["is over at its last", "2026-01-05T19:00Z", {}, "2026-01-06T07:00Z"],
    ["leaves out a Sunday", "2026-01-10T20:00Z", { days: ["mon", "sat"] }, "2026-01-12T07:00Z"],
    ["goes on over midnight", "2026-01-06T01:00Z", { days: ["mon"], from: "22:00", to: "06:00" }, "2026-01-06T01:00Z"],
    [
      "belongs to its first day",
      "2026-01-07T01:00Z",
      { days: ["mon"], from: "22:00", to: "06:00" },
      "2026-01-12T21:00Z",
    ],
    [
      "is a whole day where it ends as it begins",
      "2026-01-05T23:30Z",
      { days: ["tue"], from: "00:00", to: "00:00" },
      "2026-01-05T23:30Z",
    ],
    // The clocks go from 02:00 to 03:00 at 01:00Z.
    ["keeps its hours on the day of summer time", "2026-03-28T20:00Z", {}, "2026-03-29T06:00Z"],
    [
      "begins behind the hour that is left out",
      "2026-03-29T00:00Z",
      { from: "02:30", to: "05:00" },
      "2026-03-29T01:00Z",
    ],
    [
      "is not there where it lies in that hour",
      "2026-03-29T00:00Z",
      { from: "02:10", to: "02:50" },
      "2026-03-30T00:10Z",
    ],
    // They go from 03:00 back to 02:00 at 01:00Z.
    ["keeps its hours on the day of winter time", "2026-10-24T20:00Z", {}, "2026-10-25T07:00Z"],
    ["is there a second time with its hour", "2026-10-25T00:55Z", { from: "02:10", to: "02:50" }, "2026-10-25T01:10Z"],
    ["lasts an hour longer that night", "2026-10-25T04:30Z", { from: "22:00", to: "06:00" }, "2026-10-25T04:30Z"],
  ])("%s", (_what, from, opening, expected) => {
    expect(opens(from, opening, "Europe/Paris")).toBe(expected);
  });

  it("leaves out days that are taken out, and what began on them", () => {
    const first = (day: string): boolean => day === "2026-05-01";
    expect(opens("2026-05-01T10:00Z", {}, "Europe/Paris", first)).toBe("2026-05-02T06:00Z");
    expect(opens("2026-05-02T01:00Z", { from: "22:00", to: "06:00" }, "Europe/Paris", first)).toBe("2026-05-02T20:00Z");
    expect(opens("2026-05-01T10:00Z", {}, "Europe/Paris", () => true)).toBeNull();
  });
});

/** Asks a clock on the wall, minute by minute, without a word of how days and offsets are counted. */
function oracle({ days, from, to }: Opening, zone: string, isClosed: (day: string) => boolean) {
  const clock = new Intl.DateTimeFormat("sv-SE", {
    timeZone: zone,
    ...{ year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" },
  });
  const counts = (day: string): boolean => days.includes(WEEK[new Date(day).getUTCDay()] ?? "sun") && !isClosed(day);
  return (moment: number): boolean => {
    const [day = "", time = ""] = clock.format(moment).split(" ");
    const yesterday = new Date(Date.parse(day) - DAY).toISOString().slice(0, 10);
    if (from < to) return counts(day) && time >= from && time < to;
    return (counts(day) && time >= from) || (counts(yesterday) && time < to);
  };
}

const ZONES = Intl.supportedValuesOf("timeZone");
const time = fc
  .tuple(fc.nat({ max: 23 }), fc.constantFrom(0, 1, 15, 30, 45, 59))
  .map((parts) => parts.map((part) => String(part).padStart(2, "0")).join(":"));
const opening = fc.record({
  days: fc.subarray([...WEEK], { minLength: 1 }),
  from: time,
  to: time,
});
const moment = fc.integer({ min: at("2024-01-01T00:00Z") / MINUTE, max: at("2037-01-01T00:00Z") / MINUTE });
const STEPS = 26 * HOUR;

/** Every change of a zone's clocks within two years. */
function changesOf(zone: string): number[] {
  const clock = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" });
  const offset = (moment: number): string =>
    clock.formatToParts(moment).find(({ type }) => type === "timeZoneName")?.value ?? "";
  const found: number[] = [];
  for (let day = at("2026-01-01T00:00Z"); day < at("2028-01-01T00:00Z"); day += DAY) {
    if (offset(day) === offset(day + DAY)) continue;
    let hour = day;
    while (offset(hour) === offset(hour + 15 * MINUTE)) hour += 15 * MINUTE;
    found.push(hour);
  }
  return found;
}

function check(from: number, asked: Opening, zone: string, isClosed: (day: string) => boolean): void {
  const isOpen = oracle(asked, zone, isClosed);
  const found = nextOpening(from, asked, zone, isClosed);
  expect(found).not.toBeNull();
  if (found === null) return;
  expect(found).toBeGreaterThanOrEqual(from);
  expect(isOpen(found)).toBe(true);
  // Of a wait of many days the last ones are looked at.
  for (let minute = Math.max(from, found - STEPS); minute < found; minute += MINUTE) {
    if (isOpen(minute)) throw new Error(`${new Date(minute).toISOString()} would have done`);
  }
}

describe("whatever the zone, an opening is found by its clocks, and none before it", () => {
  const isClosed = (day: string): boolean => day.endsWith("1");

  it("at random moments", () => {
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), moment, opening, (zone, minute, asked) => {
        check(minute * MINUTE, asked as Opening, zone, isClosed);
      }),
      { numRuns: 100 },
    );
  });

  it("in every zone there is", () => {
    for (const [place, zone] of ZONES.entries()) {
      check(
        at("2026-03-28T12:00Z") + place * 7 * HOUR,
        openingInput.parse({ from: "09:15", to: "09:45" }),
        zone,
        never,
      );
    }
  });

  it("around the nights in which clocks change", () => {
    const changes = [
      "Europe/Paris",
      "America/New_York",
      "Australia/Lord_Howe",
      "Africa/Casablanca",
      "America/Nuuk",
      "Antarctica/Troll",
      "Atlantic/Azores",
      "Asia/Beirut",
    ].flatMap((zone) => changesOf(zone).map((change) => ({ zone, change })));
    expect(changes.length).toBeGreaterThan(25);
    fc.assert(
      fc.property(
        fc.constantFrom(...changes),
        fc.integer({ min: -600, max: 300 }),
        opening,
        ({ zone, change }, minutes, asked) => {
          check(change + minutes * MINUTE, asked as Opening, zone, never);
        },
      ),
      { numRuns: 100 },
    );
  });
});
