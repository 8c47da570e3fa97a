import { expect, test } from "vitest";
import type { Feed } from "../../../src/commerce/feed";
import type { Alert } from "../../../src/reports/alert";
import { alertLetter } from "../../../src/reports/alert-words";
import { failingFeeds, nextFailure } from "../../../src/reports/feed-failing";
import { DAY, HOUR } from "../../../src/shared/clock";

const NOW = Date.UTC(2026, 0, 20, 12);

function feed(every: string, rest: Partial<Feed> = {}, paused = false): Feed {
  const url = "https://shop.test/feed.xml";
  const definition = { url, format: "auto", every, currency: "EUR", timezone: "UTC", columns: {}, paused } as const;
  const none = { etag: null, lastModified: null, nextAt: null, run: null };
  return { key: "main", definition, setAt: NOW, hadAt: null, ...none, ...rest };
}

/** After how many hours a feed of which nothing is had fails, as far as two weeks go. */
function failsAfter(of: Feed): number | null {
  for (let hours = 0; hours <= 14 * 24; hours++)
    if (failingFeeds([of], [], NOW + hours * HOUR).length > 0) return hours;
  return null;
}

const told: Alert = {
  rule: "feed-failing",
  subject: "main",
  facts: { failing_since: new Date(NOW).toISOString() },
  id: "alr_1",
  openedAt: NOW + 3 * DAY,
  closedAt: null,
  saidAt: NOW,
  reminders: 0,
};

test("a feed fails when three fetches were missed, and not within a day", () => {
  expect(failsAfter(feed("PT15M"))).toBe(24);
  expect(failsAfter(feed("PT12H"))).toBe(36);
  expect(failsAfter(feed("P1D"))).toBe(72);
  expect(failsAfter(feed("PT1H", { hadAt: NOW + 10 * HOUR }))).toBe(34);
  expect(failsAfter(feed("PT1H", {}, true))).toBeNull();
  expect(nextFailure([feed("P1D"), feed("PT1H", { key: "other" })], [])).toBe(NOW + DAY);
  expect(nextFailure([feed("P1D")], [told])).toBeNull();
});

test("a feed that was told of fails until a run ends well, though it was set up anew meanwhile", () => {
  const later = told.openedAt + HOUR;
  const since = (of: Feed) => failingFeeds([of], [told], later).map(({ facts }) => facts.failing_since);
  expect(since(feed("P1D"))).toEqual([told.facts.failing_since]);
  expect(since(feed("P1D", { setAt: later }))).toEqual([told.facts.failing_since]);
  expect(since(feed("P1D", { hadAt: later }))).toEqual([]);
  expect(since(feed("P1D", {}, true))).toEqual([]);
});

test.each(["en", "fr"] as const)("in %s its letter names the feed and the time", (language) => {
  const sender = { shop: "Lumen", consoleUrl: "https://relance.example/admin/sources" };
  const { subject, text } = alertLetter({ kind: "opened", alert: told }, sender, language);
  expect(subject).toContain("main");
  expect(text).toContain("2026-01-20 12:00 UTC");
});
