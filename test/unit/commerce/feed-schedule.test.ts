import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FeedDefinition } from "../../../src/commerce/feed";
import { EARLY, nextFetch } from "../../../src/commerce/feed";
import { DAY, HOUR, MINUTE } from "../../../src/shared/clock";

const CRON = 5 * MINUTE;
const BEGIN = Date.UTC(2026, 0, 5);

function feed(minutes: number, paused = false): FeedDefinition {
  const url = "https://shop.test/feed.xml";
  return { url, format: "auto", every: `PT${minutes}M`, currency: "EUR", timezone: "UTC", columns: {}, paused };
}

/**
 * The times of the cron at which a feed is fetched that was set up at `setAt`, by a cron that is off by so much each
 * time. The fetches named in `failing` fail and are tried again an hour later.
 */
function fetches(
  minutes: number,
  setAt: number,
  until: number,
  off: readonly number[],
  failing: readonly number[] = [],
) {
  const times: number[] = [];
  let nextAt = setAt;
  let tries = 0;
  for (let tick = Math.ceil(setAt / CRON) * CRON, turn = 0; tick < until; tick += CRON, turn++) {
    const now = Math.max(setAt, tick + (off[turn % off.length] ?? 0));
    if (nextAt > now + EARLY) continue;
    times.push(tick);
    nextAt = nextFetch(feed(minutes), setAt, now) ?? Number.POSITIVE_INFINITY;
    if (failing.includes(tries++)) nextAt = Math.min(nextAt, now + HOUR);
  }
  return times;
}

describe("a feed is fetched as often as it says", () => {
  test("where the cron comes some milliseconds earlier or later each time", () => {
    const often = fetches(15, BEGIN + 2 * MINUTE, BEGIN + 4 * HOUR, [3, -2, 0, 5, -4]);
    expect(often.slice(1).map((at, index) => (at - (often[index] ?? 0)) / MINUTE)).toEqual([10, ...Array(14).fill(15)]);
    const daily = fetches(24 * 60, BEGIN + 3 * HOUR, BEGIN + 20 * DAY, [-7, 4, 11, 0, -1]);
    expect(new Set(daily.map((at) => at % DAY))).toEqual(new Set([3 * HOUR]));
  });

  test("at the same time of the day after one that failed and was tried again", () => {
    const daily = fetches(24 * 60, BEGIN + 3 * HOUR, BEGIN + 5 * DAY, [0], [1]);
    expect(daily.map((at) => (at - BEGIN) / HOUR)).toEqual([3, 27, 28, 51, 75, 99]);
  });

  test("by any cron that is off by less than two minutes, whenever it was set up", () => {
    const off = fc.array(fc.integer({ min: -2 * MINUTE, max: 2 * MINUTE }), { minLength: 1, maxLength: 7 });
    fc.assert(
      fc.property(off, fc.integer({ min: 0, max: DAY }), fc.integer({ min: 15, max: 200 }), (offs, phase, minutes) => {
        const setAt = BEGIN + phase;
        // What is fetched first is late by the first cron; from then on each has its turn, on the cron before it.
        const [, ...times] = fetches(minutes, setAt, setAt + 12 * HOUR, offs);
        const late = times.map((at, index) => at - (setAt + (index + 1) * minutes * MINUTE));
        for (const ms of late) expect(ms > -CRON && ms <= 0).toBe(true);
      }),
    );
  });

  test("and not while it is paused", () => {
    expect(nextFetch(feed(60, true), BEGIN, BEGIN)).toBeNull();
  });
});
