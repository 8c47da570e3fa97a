import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { correctTime, parseTime } from "../../../src/events/time";
import { DAY, HOUR, MINUTE, SECOND } from "../../../src/shared/clock";

const RECEIVED = Date.UTC(2026, 0, 5, 10);
const iso = (ms: number) => new Date(ms).toISOString();

describe("a time stamp", () => {
  it.each([
    ["2026-01-05T10:00:00Z", RECEIVED],
    ["2026-01-05T11:00:00+01:00", RECEIVED],
    [RECEIVED, RECEIVED],
    [0, 0],
  ])("%s is read", (value, ms) => expect(parseTime(value)).toBe(ms));

  it.each([
    "yesterday",
    "",
    "2026-13-45",
    "x".repeat(65),
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1e20,
    null,
    undefined,
    {},
    [],
    true,
  ])("%s is none", (value) => expect(parseTime(value)).toBeNull());
});

describe("the corrected time of an event", () => {
  it("is its own where no clock is known to be wrong", () => {
    expect(correctTime(iso(RECEIVED - HOUR), undefined, RECEIVED)).toEqual({ at: RECEIVED - HOUR });
  });

  it("counts only the time that passed on the client, whatever its clock shows", () => {
    const wrong = RECEIVED + 400 * DAY;
    expect(correctTime(iso(wrong - 3 * SECOND), iso(wrong), RECEIVED)).toEqual({ at: RECEIVED - 3 * SECOND });
  });

  it("is receipt where there is no time stamp, or none that can be read", () => {
    expect(correctTime(undefined, iso(RECEIVED), RECEIVED)).toEqual({ at: RECEIVED });
    expect(correctTime("soon", undefined, RECEIVED)).toEqual({ at: RECEIVED, skewed: "soon" });
  });

  it("is never later than receipt; a few minutes are the network's fault, more is noted", () => {
    expect(correctTime(RECEIVED + MINUTE, undefined, RECEIVED)).toEqual({ at: RECEIVED });
    expect(correctTime(RECEIVED + 6 * MINUTE, undefined, RECEIVED)).toEqual({
      at: RECEIVED,
      skewed: String(RECEIVED + 6 * MINUTE),
    });
  });

  it("is at most 30 days old; what lay before is kept as it was said", () => {
    const stamp = "1970-01-01T00:00:00Z";
    expect(correctTime(stamp, undefined, RECEIVED)).toEqual({ at: RECEIVED - 30 * DAY, skewed: stamp });
    expect(correctTime(RECEIVED - 30 * DAY, undefined, RECEIVED)).toEqual({ at: RECEIVED - 30 * DAY });
  });

  it("is receipt where the time stamp is an object that makes no text", () => {
    const stamp = { toString: "" };
    expect(correctTime(stamp, undefined, RECEIVED)).toEqual({ at: RECEIVED, skewed: '{"toString":""}' });
  });

  it("lies within its window for any input at all", () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (timestamp, sentAt) => {
        const { at, skewed } = correctTime(timestamp, sentAt, RECEIVED);
        expect(at).toBeGreaterThanOrEqual(RECEIVED - 30 * DAY);
        expect(at).toBeLessThanOrEqual(RECEIVED);
        expect(skewed === undefined || skewed.length <= 64).toBe(true);
      }),
    );
  });

  it("keeps the order and the distance of what one request brings", () => {
    const ms = fc.integer({ min: 0, max: 10 * DAY });
    fc.assert(
      fc.property(ms, ms, fc.integer({ min: -1_000 * DAY, max: 1_000 * DAY }), (one, other, error) => {
        const sent = RECEIVED + error;
        const at = (ago: number) => correctTime(sent - ago, sent, RECEIVED).at;
        expect(at(one) - at(other)).toBe(other - one);
      }),
    );
  });
});
