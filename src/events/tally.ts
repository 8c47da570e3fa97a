import { DAY, HOUR, MINUTE, SECOND } from "../shared/clock";
import { ANYBODYS } from "./source";

/** What one request, or several that were refused, tell of their source. */
export interface SourceNote {
  readonly source: string;
  /** When it was stored or refused, epoch ms. */
  readonly at: number;
  /** Events that were taken. */
  readonly events: number;
  /** What was not taken, by reason. */
  readonly refused?: Readonly<Record<string, number>> | undefined;
  /** Time of the latest event taken, epoch ms. */
  readonly lastEventAt?: number | undefined;
  /** How far the client's clock is behind ours, ms: receipt less the time at which it says to have sent. */
  readonly skew?: number | undefined;
}

/** Beyond this a client's clock is wrong, rather than its network slow. */
const WRONG_CLOCK = 5 * MINUTE;
/** Slots of an hour. */
export const SLOT = 5 * MINUTE;
export const SLOTS = HOUR / SLOT;

/** What is counted of a source in an hour beside its events. */
export interface Counts {
  requests: number;
  /** Refused, by reason. */
  reasons: Record<string, number>;
  /** Events and refusals of every five minutes; without those that anybody could bring about. */
  slots: [events: number, refused: number][];
  /** Requests by their clock's skew: see `skewBucket`. */
  skews: Record<string, number>;
  /** Requests whose clock is wrong by more than five minutes. */
  wrong: number;
}

/** A source in an hour. Times are epoch ms. */
export interface SourceHour {
  readonly source: string;
  /** When the hour began. */
  readonly hour: number;
  events: number;
  refused: number;
  lastEventAt: number | null;
  /** When something was taken last. */
  lastAt: number | null;
  readonly counts: Counts;
}

/** Kinds of reasons that are told apart in one hour; what comes beyond is `other`. */
const REASONS = 30;
const SOURCES = 100;
const OTHER = "other";

export function emptyHour(source: string, hour: number): SourceHour {
  const slots = Array.from({ length: SLOTS }, (): [number, number] => [0, 0]);
  const counts: Counts = { requests: 0, reasons: {}, slots, skews: {}, wrong: 0 };
  return { source, hour, events: 0, refused: 0, lastEventAt: null, lastAt: null, counts };
}

/**
 * Counts by source and hour in memory. Nothing of it is an event: what a crash takes along is a minute of statistics.
 * The hours of the last two are kept, so that a row always has all that its life counted.
 */
export class Tally {
  private readonly hours = new Map<string, SourceHour>();
  private changed = new Set<string>();

  note({ source, at, events, refused = {}, lastEventAt, skew }: SourceNote): void {
    const hour = this.hourOf(source, at);
    const { counts } = hour;
    const slot = counts.slots[Math.floor((at - hour.hour) / SLOT)];
    hour.events += events;
    if (events > 0) {
      counts.requests++;
      hour.lastAt = Math.max(hour.lastAt ?? at, at);
    }
    if (lastEventAt !== undefined) hour.lastEventAt = Math.max(hour.lastEventAt ?? lastEventAt, lastEventAt);
    if (slot) slot[0] += events;
    for (const [reason, count] of Object.entries(refused)) {
      hour.refused += count;
      if (slot && !ANYBODYS.has(reason)) slot[1] += count;
      const known = reason in counts.reasons || Object.keys(counts.reasons).length < REASONS;
      add(counts.reasons, known ? reason : OTHER, count);
    }
    if (skew === undefined) return;
    add(counts.skews, skewBucket(skew), 1);
    if (Math.abs(skew) > WRONG_CLOCK) counts.wrong++;
  }

  /** The hours that have changed since the last call; those of before `now`'s last hour are forgotten. */
  take(now: number): SourceHour[] {
    const taken = [...this.changed].flatMap((key) => this.hours.get(key) ?? []);
    this.changed = new Set();
    for (const [key, { hour }] of this.hours) if (hour < now - 2 * HOUR) this.hours.delete(key);
    return taken;
  }

  /** These could not be written: they are taken again. */
  giveBack(hours: readonly SourceHour[]): void {
    for (const hour of hours) {
      const key = keyOf(hour.source, hour.hour);
      if (!this.hours.has(key)) this.hours.set(key, hour);
      this.changed.add(key);
    }
  }

  private hourOf(source: string, at: number): SourceHour {
    const begun = Math.floor(at / HOUR) * HOUR;
    const isKnown = this.hours.has(keyOf(source, begun)) || this.hours.size < SOURCES;
    const key = keyOf(isKnown ? source : OTHER, begun);
    const hour = this.hours.get(key) ?? emptyHour(isKnown ? source : OTHER, begun);
    this.hours.set(key, hour);
    this.changed.add(key);
    return hour;
  }
}

function keyOf(source: string, hour: number): string {
  return `${hour} ${source}`;
}

function add(counts: Record<string, number>, key: string, count: number): void {
  counts[key] = (counts[key] ?? 0) + count;
}

/** A skew's place on a scale of powers of two of a second: `0` is within a second, `-3` 7 to 15 s ahead of us. */
export function skewBucket(skew: number): string {
  const size = Math.floor(Math.log2(1 + Math.min(Math.abs(skew), 365 * DAY) / SECOND));
  return String(size === 0 ? 0 : Math.sign(skew) * size);
}

/** The middle of a bucket, in ms. */
export function skewOf(bucket: string): number {
  const size = Math.abs(Number(bucket));
  return size === 0 ? 0 : Math.sign(Number(bucket)) * Math.round((1.5 * 2 ** size - 1) * SECOND);
}

/** How often each of some words stands there. */
export function countBy(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) add(counts, word, 1);
  return counts;
}
