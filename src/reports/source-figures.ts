import { skewOf } from "../events/tally";
import { DAY, HOUR } from "../shared/clock";
import { refusalJump } from "./refusal-jump";
import { silentAt } from "./silence";
import type { SourceHours } from "./source-hours";
import { lastHour, latest } from "./source-hours";

/** How a source stands: a word of `SOURCE_STATES`. */
export type SourceState = "ok" | "silent" | "rejecting";

/** When a source counts as silent: by its own past, never, or after so many ms. */
export type SilenceAfter = "auto" | "off" | number;

/** What operators see of a source. Times are epoch ms. */
export interface SourceFigures {
  readonly source: string;
  readonly state: SourceState;
  /** When something was taken last, and the time of its latest event. */
  readonly lastAt: number | null;
  readonly lastEventAt: number | null;
  /** From when on it counts as silent if nothing comes; null where that cannot be said. */
  readonly silentAt: number | null;
  /** Events of the last twelve times five minutes, the oldest first. */
  readonly hour: readonly number[];
  /** Events of the last 24 hours, by the hour, the oldest first. */
  readonly day: readonly number[];
  readonly eventsLastHour: number;
  readonly eventsLastDay: number;
  readonly refusedLastHour: number;
  readonly refusedLastDay: number;
  /** Share of what came in the last hour that was refused, and the usual one, 0 to 1. */
  readonly refusedShare: number;
  readonly usualShare: number;
  /** Refused in the last day, by reason, the most frequent first. */
  readonly reasons: readonly { readonly reason: string; readonly count: number }[];
  readonly clock: ClockSkew;
}

/** How far the clocks of a source's clients are behind ours (a minus: ahead), over the last day. */
export interface ClockSkew {
  /** Requests that said when they were sent. */
  readonly requests: number;
  /** Middle skew in ms, to the nearest power of two of a second; null where none said. */
  readonly median: number | null;
  /** Share of requests that are off by more than five minutes, 0 to 1. */
  readonly wrongShare: number;
}

/** The figures of a source at a moment. `gaps` is how many usual gaps make a silence. */
export function sourceFigures(
  of: SourceHours,
  now: number,
  { after, gaps }: { readonly after: SilenceAfter; readonly gaps: number },
): SourceFigures {
  const all = [...of.hours.values()];
  const lastAt = all.reduce<number | null>((last, hour) => latest(last, hour.lastAt), null);
  const silent = lastAt === null ? null : silenceOf(of, lastAt, after, gaps);
  const jump = refusalJump(of, now);
  const current = Math.floor(now / HOUR) * HOUR;
  const day = Array.from({ length: 24 }, (_, index) => of.hours.get(current - (23 - index) * HOUR));
  const { slots, events, refused } = lastHour(of, now);
  return {
    source: of.source,
    state: silent !== null && silent <= now ? "silent" : jump.isJump ? "rejecting" : "ok",
    lastAt,
    lastEventAt: all.reduce<number | null>((last, hour) => latest(last, hour.lastEventAt), null),
    silentAt: silent,
    hour: slots,
    day: day.map((hour) => hour?.events ?? 0),
    eventsLastHour: events,
    eventsLastDay: day.reduce((sum, hour) => sum + (hour?.events ?? 0), 0),
    refusedLastHour: refused,
    refusedLastDay: day.reduce((sum, hour) => sum + (hour?.refused ?? 0), 0),
    refusedShare: jump.share,
    usualShare: jump.usual,
    reasons: reasonsOf(all.filter(({ hour }) => hour > now - DAY)),
    clock: clockOf(all.filter(({ hour }) => hour > now - DAY)),
  };
}

function silenceOf(of: SourceHours, lastAt: number, after: SilenceAfter, gaps: number): number | null {
  if (after === "off") return null;
  return after === "auto" ? silentAt(of, lastAt, gaps) : lastAt + after;
}

type Hours = readonly {
  readonly counts: { readonly [key in "reasons" | "skews"]: Readonly<Record<string, number>> };
}[];

function sumOf(hours: Hours, key: "reasons" | "skews"): [name: string, count: number][] {
  const sums = new Map<string, number>();
  for (const { counts } of hours) {
    for (const [name, count] of Object.entries(counts[key])) sums.set(name, (sums.get(name) ?? 0) + count);
  }
  return [...sums];
}

function reasonsOf(hours: Hours): { reason: string; count: number }[] {
  return sumOf(hours, "reasons")
    .map(([reason, count]) => ({ reason, count }))
    .sort((left, right) => right.count - left.count || left.reason.localeCompare(right.reason));
}

function clockOf(
  hours: readonly { readonly counts: Hours[number]["counts"] & { readonly wrong: number } }[],
): ClockSkew {
  const buckets = sumOf(hours, "skews").sort(([left], [right]) => Number(left) - Number(right));
  const requests = buckets.reduce((sum, [, count]) => sum + count, 0);
  if (requests === 0) return { requests, median: null, wrongShare: 0 };
  const wrong = hours.reduce((sum, { counts }) => sum + counts.wrong, 0);
  return { requests, median: skewOf(middleOf(buckets, requests / 2)), wrongShare: wrong / requests };
}

function middleOf(buckets: readonly (readonly [name: string, count: number])[], half: number): string {
  let passed = 0;
  for (const [name, count] of buckets) {
    passed += count;
    if (passed >= half) return name;
  }
  return "0";
}
