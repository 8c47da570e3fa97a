import { expect, test } from "vitest";
import { bucketCounts, countKinds, SLOT_MS, topReasons } from "../../../src/console/fates";
import { periodOf, startOfDay } from "../../../src/console/period";

const HOUR = 3_600_000;
const NOW = Date.parse("2026-03-30T12:34:56Z");

test("a day begins at the shop's midnight, on the days on which its clocks change too", () => {
  // Paris goes from UTC+1 to UTC+2 on 29 March 2026.
  const starts = [0, 1, 2].map((back) => new Date(startOfDay(NOW, back, "Europe/Paris")).toISOString());
  expect(starts).toEqual(["2026-03-29T22:00:00.000Z", "2026-03-28T23:00:00.000Z", "2026-03-27T23:00:00.000Z"]);
  const autumn = Date.parse("2026-10-26T12:00:00Z");
  const later = [0, 1, 2].map((back) => new Date(startOfDay(autumn, back, "Europe/Paris")).toISOString());
  expect(later).toEqual(["2026-10-25T23:00:00.000Z", "2026-10-24T22:00:00.000Z", "2026-10-23T22:00:00.000Z"]);
});

test.each(["day", "fortnight", "quarter"])("the bars of a %s follow one another up to now", (name) => {
  for (const zone of ["UTC", "Europe/Paris", "Asia/Kolkata", "America/St_Johns"]) {
    const { since, buckets } = periodOf(name, NOW, zone);
    expect(buckets[0]?.from).toBe(since);
    for (const [index, { from, to }] of buckets.entries()) {
      expect(to).toBeGreaterThan(from);
      if (index > 0) expect(from).toBe(buckets[index - 1]?.to);
    }
    expect(buckets.at(-1)?.to).toBeGreaterThan(NOW);
  }
});

test("every message is in exactly one bar", () => {
  const period = periodOf("day", NOW, "UTC");
  const at = [NOW, NOW - HOUR, NOW - 23 * HOUR];
  const slots = at.map((time) => ({ slot: Math.floor(time / SLOT_MS), fate: "sent", count: 2 }));
  const bars = bucketCounts(slots, period);
  expect(bars.reduce((sum, { sent }) => sum + sent, 0)).toBe(6);
  expect(bars.at(-1)?.sent).toBe(2);
});

test("fates add up by kind; one that nobody knows is not taken for a success", () => {
  const counts = ["sent", "queued", "claimed", "held", "suppressed", "failed", "unknown", "brand_new"];
  expect(countKinds(counts.map((fate) => ({ fate, count: 1 })))).toEqual({
    sent: 1,
    waiting: 3,
    withheld: 1,
    failed: 3,
  });
});

test("the most frequent reasons come first, and what was sent needs none", () => {
  const top = topReasons(
    [
      { fate: "suppressed", reason: "no_consent", count: 2 },
      { fate: "held", reason: "kill_switch", count: 3 },
      { fate: "suppressed", reason: "no_consent", count: 5 },
      { fate: "sent", reason: "network", count: 9 },
      { fate: "queued", reason: null, count: 9 },
    ],
    2,
  );
  expect(top.map(({ reason, count }) => [reason, count])).toEqual([
    ["no_consent", 7],
    ["kill_switch", 3],
  ]);
});
