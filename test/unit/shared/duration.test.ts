import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DAY, HOUR, MINUTE, SECOND } from "../../../src/shared/clock";
import { durationInWords, durationMs, parseDuration } from "../../../src/shared/duration";

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
