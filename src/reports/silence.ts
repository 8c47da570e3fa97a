import { SLOT } from "../events/tally";
import { DAY, HOUR } from "../shared/clock";
import type { SourceHours } from "./source-hours";

const WEEK = 7 * DAY;
/** A source is compared with itself once it was heard on so many days of the last seven. */
const DAYS_NEEDED = 3;
/** Nothing is silent that spoke a moment ago. */
const AT_LEAST = 3 * SLOT;
/** Beyond this a source is so quiet that nothing can be said of it. */
export const HORIZON = 14 * DAY;

/**
 * When a source that was last heard at `last` counts as silent, or null where its past does not say.
 *
 * What is counted is five-minute slots in which it was heard: a visitor's dozen events are one sign of life. Its usual
 * gap is taken from the seven days before, by the hour of the day, so that a night adds nothing to the waiting; and a
 * day that was quiet a week before, as a Sunday is, counts for as little as then. The source is silent when `gaps` of
 * these usual gaps have passed.
 */
export function silentAt(of: SourceHours, last: number, gaps: number): number | null {
  const usual = usualSlots(of, last);
  if (usual === null || usual.total < gaps) return null;
  let missed = 0;
  for (let at = last; at < last + HORIZON; ) {
    const end = (Math.floor(at / HOUR) + 1) * HOUR;
    const rate = usual.at(at);
    const more = (rate * (end - at)) / HOUR;
    // A whole millisecond: what waits for a part of one waits for ever.
    if (missed + more >= gaps) return Math.max(Math.ceil(at + ((gaps - missed) / rate) * HOUR), last + AT_LEAST);
    missed += more;
    at = end;
  }
  return null;
}

/**
 * Whether a silence that was told of at `openedAt` goes on: until the source was heard since, or until it would not
 * count as silent by what is set now. That its past cannot be compared with any more ends nothing, nor that nothing of
 * it is kept (null).
 */
export function isStillSilent(
  openedAt: number,
  figures: { readonly lastAt: number | null; readonly silentAt: number | null } | null,
  isWatched: boolean,
  now: number,
): boolean {
  if (!isWatched) return false;
  if (figures === null) return true;
  const { lastAt, silentAt: at } = figures;
  return (lastAt === null || lastAt <= openedAt) && (at === null || at <= now);
}

interface Usual {
  /** Slots heard in the week. */
  readonly total: number;
  /** Slots that are heard in the hour of a moment, 0 to 12. */
  readonly at: (moment: number) => number;
}

function usualSlots({ hours }: SourceHours, last: number): Usual | null {
  const end = Math.floor(last / HOUR) * HOUR + HOUR;
  const known = Math.min(...hours.keys());
  const byHour = Array.from({ length: 24 }, () => 0);
  const byDay = new Map<number, number>();
  const days = new Set<number>();
  let total = 0;
  for (const { hour, counts } of hours.values()) {
    const slots = counts.slots.filter(([events]) => events > 0).length;
    const day = Math.floor(hour / DAY);
    byDay.set(day, (byDay.get(day) ?? 0) + slots);
    if (slots === 0 || hour < end - WEEK || hour >= end) continue;
    byHour[hourOfDay(hour)] = (byHour[hourOfDay(hour)] ?? 0) + slots;
    days.add(day);
    total += slots;
  }
  if (days.size < DAYS_NEEDED) return null;
  const span = Math.max(1, (end - Math.max(end - WEEK, known)) / DAY);
  return {
    total,
    at(moment) {
      const before = Math.floor((moment - WEEK) / DAY);
      // Only a day that was known whole says how quiet it is.
      const share = before * DAY < known ? 1 : Math.min(1, ((byDay.get(before) ?? 0) * span) / total);
      return ((byHour[hourOfDay(moment)] ?? 0) / span) * share;
    },
  };
}

function hourOfDay(at: number): number {
  return Math.floor(at / HOUR) % 24;
}
