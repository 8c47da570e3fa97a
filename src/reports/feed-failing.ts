import type { Feed } from "../commerce/feed";
import { failsAt, lackingSince } from "../commerce/feed";
import type { Alert, Condition } from "./alert";

/**
 * Feeds that fail for good at a moment, each for itself. One that was told of fails until a run of it ends well: that it
 * was set up anew only gives it time where nothing was told yet.
 */
export function failingFeeds(feeds: readonly Feed[], open: readonly Alert[], now: number): Condition[] {
  return feeds.flatMap((feed): Condition[] => {
    const at = failsAt(feed);
    if (at === null) return [];
    const told = open.find(({ rule, subject }) => rule === "feed-failing" && subject === feed.key);
    if (told ? (feed.hadAt ?? 0) > told.openedAt : at > now) return [];
    const facts = told?.facts ?? { failing_since: new Date(lackingSince(feed)).toISOString() };
    return [{ rule: "feed-failing", subject: feed.key, facts }];
  });
}

/** When the next feed fails for good of which nothing was told yet, if nothing is had of it; null where none does. */
export function nextFailure(feeds: readonly Feed[], open: readonly Alert[]): number | null {
  const told = new Set(open.filter(({ rule }) => rule === "feed-failing").map(({ subject }) => subject));
  const times = feeds.filter(({ key }) => !told.has(key)).flatMap((feed) => failsAt(feed) ?? []);
  return times.length > 0 ? Math.min(...times) : null;
}
