import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DAY, HOUR, MINUTE, SECOND } from "../../../src/shared/clock";
import { durationInWords, durationMs, laterBy, parseDuration } from "../../../src/shared/duration";
import { firstShown, wallTime } from "../../../src/shared/wall-time";

const part = fc.nat({ max: 5_000 });

describe("a duration", () => {
  it.each([
    ["PT30M", 30 * MINUTE],
    ["P14D", 14 * DAY],
    ["PT4H30M", 4 * HOUR + 30 * MINUTE],
    ["P1W", 7 * DAY],
    ["P1W2DT3H4M5S", 9 * DAY + 3 * HOUR + 4 * MINUTE + 5 * SECOND],
    ["PT0S", 0],
    ["P0D", 0],
  ])("%s is read", (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each([
    "",
    "P",
    "PT",
    "P1DT",
    "P1M",
    "P1Y",
    "PT1.5H",
    "-P1D",
    "P-1D",
    "1D",
    "PT1H ",
    "pt1h",
    "P1D1W",
    "PT1S1M",
    "PT99999999999999999S",
  ])("%j is none", (text) => {
    expect(parseDuration(text)).toBeNull();
    expect(() => durationMs(text)).toThrow("not an ISO 8601 duration");
  });

  it("is the sum of its parts", () => {
    fc.assert(
      fc.property(part, part, part, part, (days, hours, minutes, seconds) => {
        const ms = days * DAY + hours * HOUR + minutes * MINUTE + seconds * SECOND;
        expect(durationMs(`P${days}DT${hours}H${minutes}M${seconds}S`)).toBe(ms);
      }),
    );
  });
});

describe("a duration in words", () => {
  it.each([
    [4 * HOUR, "4 hours", "4 heures"],
    [DAY + 12 * HOUR, "1 day 12 hours", "1 jour 12 heures"],
    [30 * MINUTE, "30 minutes", "30 minutes"],
    [SECOND, "1 second", "1 seconde"],
  ])("%d ms", (ms, en, fr) => {
    expect(durationInWords(ms, "en")).toBe(en);
    expect(durationInWords(ms, "fr")).toBe(fr);
  });
});

describe("so much later by a calendar", () => {
  const later = (at: string, duration: string, zone: string): string =>
    new Date(laterBy(Date.parse(at), duration, zone)).toISOString().replace(":00.000Z", "Z");

  it.each([
    ["a day over the night of summer time has 23 hours", "2026-03-28T09:00Z", "P1D", "2026-03-29T08:00Z"],
    ["a day over the night of winter time has 25", "2026-10-24T08:00Z", "P1D", "2026-10-25T09:00Z"],
    ["24 hours are 24 hours in spring", "2026-03-28T09:00Z", "PT24H", "2026-03-29T09:00Z"],
    ["24 hours are 24 hours in autumn", "2026-10-24T08:00Z", "PT24H", "2026-10-25T08:00Z"],
    ["hours count from where the days end", "2026-03-27T22:30Z", "P1DT3H", "2026-03-29T01:30Z"],
    ["a time of day that is left out is read as if it were not", "2026-03-28T01:30Z", "P1D", "2026-03-29T01:30Z"],
    ["one that comes twice is the first", "2026-10-24T00:30Z", "P1D", "2026-10-25T00:30Z"],
    ["from its second coming a day goes to the only one", "2026-10-25T01:30Z", "P1D", "2026-10-26T01:30Z"],
    ["a week over both is a week of the calendar", "2026-03-25T09:00Z", "P1W", "2026-04-01T08:00Z"],
    ["the 29th of February is a day like others", "2028-02-28T09:00Z", "P1D", "2028-02-29T09:00Z"],
    ["and the day before the 1st of March", "2028-02-29T09:00Z", "P1D", "2028-03-01T09:00Z"],
    ["which it is only in leap years", "2027-02-28T09:00Z", "P1D", "2027-03-01T09:00Z"],
  ])("%s", (_what, at, duration, expected) => {
    expect(later(at, duration, "Europe/Paris")).toBe(expected);
  });

  const zones = fc.constantFrom(...Intl.supportedValuesOf("timeZone"));
  const moments = fc
    .integer({ min: Date.UTC(2024, 0) / MINUTE, max: Date.UTC(2037, 0) / MINUTE })
    .map((at) => at * MINUTE);

  it("keeps the time of day wherever the clocks show it, and never goes backwards", () => {
    fc.assert(
      fc.property(zones, moments, fc.integer({ min: 1, max: 400 }), (zone, at, days) => {
        const end = laterBy(at, `P${days}D`, zone);
        const due = wallTime(at, zone) + days * DAY;
        const gap = wallTime(end, zone) - due;
        // Only a time of day that the clocks leave out is another one, by as much as they are put forward.
        if (gap !== 0) expect(firstShown(end - DAY, due, due + MINUTE, zone)).toBeNull();
        expect(Math.abs(gap)).toBeLessThanOrEqual(2 * HOUR);
        expect(end).toBeGreaterThan(at);
        expect(laterBy(at, `P${days + 1}D`, zone)).toBeGreaterThan(end);
      }),
      { numRuns: 500 },
    );
  });

  it("hours are the same in every zone", () => {
    fc.assert(
      fc.property(zones, moments, fc.nat({ max: 5_000 }), (zone, at, minutes) => {
        expect(laterBy(at, `PT${minutes}M`, zone)).toBe(at + minutes * MINUTE);
      }),
    );
  });
});
