import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SourceHour } from "../../../src/events/tally";
import { Tally } from "../../../src/events/tally";
import { isStillSilent, silentAt } from "../../../src/reports/silence";
import { sourceFigures } from "../../../src/reports/source-figures";
import type { SourceHours } from "../../../src/reports/source-hours";
import { bySource } from "../../../src/reports/source-hours";
import { DAY, HOUR, MINUTE } from "../../../src/shared/clock";

/** A Monday, midnight UTC. */
const MONDAY = Date.UTC(2026, 0, 5);
const GAPS = 12;

/** A source that was heard at these times. */
function heard(times: Iterable<number>): { of: SourceHours; last: number } {
  const hours = new Map<number, SourceHour>();
  let last = 0;
  for (const at of [...times].sort((left, right) => left - right)) {
    const tally = new Tally();
    const begun = Math.floor(at / HOUR) * HOUR;
    tally.note({ source: "shop", at, events: 3, lastEventAt: at });
    const row = tally.take(at)[0] as SourceHour;
    const [sum] = bySource([row, ...[hours.get(begun) ?? []].flat()]);
    hours.set(begun, sum?.hours.get(begun) as SourceHour);
    last = at;
  }
  return { of: { source: "shop", hours }, last };
}

/** Every `step` from `from` to `to`, where `isOpen` says so. */
function* every(step: number, from: number, to: number, isOpen: (at: number) => boolean = () => true) {
  for (let at = from; at < to; at += step) if (isOpen(at)) yield at;
}

const hourOf = (at: number) => Math.floor(at / HOUR) % 24;
const weekday = (at: number) => new Date(at).getUTCDay();
const isDay = (at: number) => hourOf(at) >= 8 && hourOf(at) < 20;
const isOffice = (at: number) => isDay(at) && weekday(at) >= 1 && weekday(at) <= 5;

describe("a source is silent", () => {
  test("an hour after its last event where it is heard all the time", () => {
    const { of, last } = heard(every(MINUTE, MONDAY, MONDAY + 7 * DAY));
    const at = silentAt(of, last, GAPS) ?? 0;
    expect(Math.abs(at - last - HOUR)).toBeLessThan(MINUTE);
  });

  test("not for its being quiet at night, and in the morning as soon as ever", () => {
    const { of, last } = heard(every(5 * MINUTE, MONDAY, MONDAY + 9 * DAY, isDay));
    expect(new Date(last).getUTCHours()).toBe(19);
    const morning = Math.floor(last / DAY) * DAY + DAY + 8 * HOUR;
    expect(silentAt(of, last, GAPS)).toBeGreaterThan(morning + 30 * MINUTE);
    expect(silentAt(of, last, GAPS)).toBeLessThan(morning + 2 * HOUR);
  });

  test("not for its Sunday, where the last one was quiet too", () => {
    const friday = MONDAY + 12 * DAY;
    const { of, last } = heard(every(5 * MINUTE, MONDAY, friday, isOffice));
    expect(weekday(last)).toBe(5);
    const monday = MONDAY + 14 * DAY + 8 * HOUR;
    expect(silentAt(of, last, GAPS)).toBeGreaterThan(monday);
    expect(silentAt(of, last, GAPS)).toBeLessThan(monday + 3 * HOUR);
  });

  test("later where it says little: a few visits a day are missed for days", () => {
    const visits = [9, 11, 14, 17, 19].map((hour) => hour * HOUR);
    const times = [...every(DAY, MONDAY, MONDAY + 7 * DAY)].flatMap((day) => visits.map((visit) => day + visit));
    const { of, last } = heard(times);
    const at = silentAt(of, last, GAPS) ?? 0;
    expect(at - last).toBeGreaterThan(2 * DAY);
    expect(at - last).toBeLessThan(3 * DAY);
  });

  test("a burst of one day, as an import is, says nothing of the next", () => {
    const { of, last } = heard(every(MINUTE, MONDAY, MONDAY + 5 * HOUR));
    expect(silentAt(of, last, GAPS)).toBeNull();
  });

  test("never at once, whatever its past", () => {
    const hours = fc.uniqueArray(fc.integer({ min: 0, max: 7 * 24 * 12 - 1 }), { minLength: 30, maxLength: 800 });
    fc.assert(
      fc.property(hours, fc.integer({ min: 3, max: 40 }), (slots, gaps) => {
        const { of, last } = heard(slots.map((slot) => MONDAY + slot * 5 * MINUTE));
        const at = silentAt(of, last, gaps);
        if (at === null) return;
        expect(at).toBeGreaterThanOrEqual(last + 15 * MINUTE);
        // More patience is never sooner.
        expect(silentAt(of, last, gaps + 1) ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(at);
      }),
    );
  });
});

describe("a silence that was told of", () => {
  const OPENED = MONDAY;
  const look = (figures: { lastAt: number | null; silentAt: number | null } | null, now: number, isWatched = true) =>
    isStillSilent(OPENED, figures, isWatched, now);

  test("goes on while nothing comes, though nobody can say any more what is usual, or nothing is kept of it", () => {
    const before = OPENED - HOUR;
    for (const days of [1, 13, 15, 40, 400]) {
      expect(look({ lastAt: before, silentAt: null }, OPENED + days * DAY)).toBe(true);
      expect(look({ lastAt: before, silentAt: OPENED }, OPENED + days * DAY)).toBe(true);
      expect(look(null, OPENED + days * DAY)).toBe(true);
    }
  });

  test("is over once the source is heard, or when it would not be one by what is set now", () => {
    expect(look({ lastAt: OPENED + MINUTE, silentAt: null }, OPENED + HOUR)).toBe(false);
    // What it sent before came to be counted later, or somebody gave it more time.
    expect(look({ lastAt: OPENED - MINUTE, silentAt: OPENED + DAY }, OPENED + HOUR)).toBe(false);
    expect(look({ lastAt: OPENED - DAY, silentAt: null }, OPENED + HOUR, false)).toBe(false);
  });
});

describe("the figures of a source", () => {
  const { of, last } = heard(every(MINUTE, MONDAY, MONDAY + 7 * DAY));
  const at = (now: number, after: "auto" | "off" | number) => sourceFigures(of, now, { after, gaps: GAPS });

  test("say how it stands, by its habits, by an hour that was set, or never", () => {
    expect(at(last + 30 * MINUTE, "auto").state).toBe("ok");
    expect(at(last + 2 * HOUR, "auto").state).toBe("silent");
    expect(at(last + 30 * MINUTE, 20 * MINUTE).state).toBe("silent");
    expect(at(last + 30 * DAY, "off").state).toBe("ok");
  });

  test("count the last hour and day by moments, not by the clock's hours", () => {
    const figures = at(last, "auto");
    expect(figures.eventsLastHour).toBe(3 * 60);
    expect(figures.hour).toEqual(Array.from({ length: 12 }, () => 15));
    expect(figures.day).toHaveLength(24);
    expect(at(last + 30 * MINUTE, "auto").eventsLastHour).toBe(3 * 30);
  });
});
