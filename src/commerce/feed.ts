import { DAY, MINUTE } from "../shared/clock";
import { durationMs } from "../shared/duration";
import type { FeedField } from "./feed-record";

export const FEED_FORMATS = ["auto", "google_xml", "csv"] as const;
export type FeedFormat = (typeof FEED_FORMATS)[number];

/** A product feed as the shop set it up. */
export interface FeedDefinition {
  readonly url: string;
  /** `auto` goes by the first character. CSV may be parted by tabs, commas, semicolons or bars. */
  readonly format: FeedFormat;
  /** ISO 8601, at least `LEAST_INTERVAL`. */
  readonly every: string;
  /** Of amounts that name none. */
  readonly currency: string;
  /** Of times that name none. */
  readonly timezone: string;
  /** What a CSV calls its columns, by our names. */
  readonly columns: Readonly<Partial<Record<FeedField, string>>>;
  /** Fetched only when somebody asks for it. */
  readonly paused: boolean;
}

/** A feed with where it stands. Times epoch ms. */
export interface Feed {
  readonly key: string;
  readonly definition: FeedDefinition;
  /** Since when it is set up as it is. */
  readonly setAt: number;
  /** When a run of it ended well last, be it that nothing had changed; null where none did yet. */
  readonly hadAt: number | null;
  readonly etag: string | null;
  readonly lastModified: string | null;
  /** When the next fetch is due; null while it is paused. */
  readonly nextAt: number | null;
  /** The run under way. */
  readonly run: string | null;
}

/** A run goes through the first three, each of which can be begun again, and ends in one of the others. */
export type RunState = "reading" | "writing" | "leaving" | "done" | "unchanged" | "failed";

/** Why items were left out, with the first of them. */
export interface Rejection {
  readonly reason: string;
  readonly count: number;
  readonly line: number;
  /** The item's id, where it has one. */
  readonly example: string | null;
}

/** One fetch of a feed and what came of it. */
export interface FeedRun {
  readonly feed: string;
  readonly id: string;
  readonly startedAt: number;
  readonly finishedAt: number | null;
  readonly state: RunState;
  /** Why it failed: completes "the feed …". */
  readonly reason: string | null;
  /** How often reading was begun. */
  readonly tries: number;
  readonly etag: string | null;
  readonly lastModified: string | null;
  readonly parts: number;
  readonly part: number;
  readonly items: number;
  /** Items that say something new. */
  readonly changed: number;
  /** Variants that the feed does not list any more. */
  readonly gone: number;
  /** Rows that the database wrote for it, index entries among them. */
  readonly rowsWritten: number;
  readonly rejected: readonly Rejection[];
}

const REASONS = 40;

/** Counts another item that was left out. */
export function withRejection(
  rejected: readonly Rejection[],
  reason: string,
  line: number,
  id: string | null,
): Rejection[] {
  const known = rejected.find((one) => one.reason === reason);
  if (known) return rejected.map((one) => (one === known ? { ...one, count: one.count + 1 } : one));
  if (rejected.length >= REASONS) return [...rejected];
  return [...rejected, { reason, count: 1, line, example: id?.slice(0, 80) ?? null }];
}

/** How often the cron looks; it comes a little early or late. */
const CRON = 5 * MINUTE;
/** A fetch that is due so soon is made now: its cron may be this one. */
export const EARLY = CRON / 2;

/**
 * When a feed is fetched again after a fetch at `now`; null while it is paused. Times are counted from when it was set
 * up, so that neither a late cron nor a retry shifts those that follow, and lie on the times of the cron, so that one
 * that comes a little early or late meets them all the same.
 */
export function nextFetch({ paused, every }: FeedDefinition, setAt: number, now: number): number | null {
  if (paused) return null;
  const step = durationMs(every);
  const turn = (count: number): number => Math.floor((setAt + count * step) / CRON) * CRON;
  const passed = Math.floor((now + EARLY - setAt) / step);
  const next = turn(passed + 1);
  return next > now + EARLY ? next : turn(passed + 2);
}

/** A single fetch that fails is no alarm: the next one most likely does not. */
const FETCHES_MISSED = 3;

/** Since when nothing was had of a feed: its last good run, or when it was set up as it is. */
export function lackingSince({ setAt, hadAt }: Feed): number {
  return Math.max(setAt, hadAt ?? 0);
}

/** From when on it fails for good: three fetches without a good one, and a day at least; null while it is paused. */
export function failsAt(feed: Feed): number | null {
  const { every, paused } = feed.definition;
  return paused ? null : lackingSince(feed) + Math.max(FETCHES_MISSED * durationMs(every), DAY);
}
