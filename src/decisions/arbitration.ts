import { HOUR } from "../shared/clock";

/** What makes one message of a person worth more than another. */
export interface Contender {
  readonly class: "marketing" | "transactional";
  /** 0 to 100, of its scenario (mission §9.2). */
  readonly priority: number;
  /** What it is expected to earn beyond what would come by itself, minor units of the shop's currency; 0 where nobody knows. */
  readonly value?: number | undefined;
  readonly plannedAt: number;
}

/** What is no service and competes with nothing. */
const TRANSACTIONAL = 100;
/** A campaign, or whatever else says nothing of its worth (mission §9.2). */
export const NEWSLETTER = 15;
/** Points that a message loses for every hour past its time, and at most. */
export const LATENESS = { perHour: 1, most: 20 } as const;

/**
 * priority + 10·log10(1 + expected value in €/0.01) − lateness (mission §9.2). One minor unit stands for €0.01. A message
 * loses a point an hour after its time, 20 at most: among equals the fresher one goes.
 */
export function scoreOf({ class: kind, priority, value = 0, plannedAt }: Contender, now: number): number {
  const worth = kind === "transactional" ? Math.max(priority, TRANSACTIONAL) : priority;
  const late = Math.min(LATENESS.most, (Math.max(0, now - plannedAt) / HOUR) * LATENESS.perHour);
  return worth + valuePoints(value) - late;
}

/** What an expected value (minor units) adds to a score. */
export function valuePoints(value: number): number {
  return 10 * Math.log10(1 + Math.max(0, value));
}

/** Contenders with the most valuable first; among equals, in the order in which they came. */
export function ranked<One>(all: readonly One[], contender: (one: One) => Contender, now: number): readonly One[] {
  if (all.length < 2) return all;
  const scored = all.map((one, place) => ({
    one,
    place,
    score: scoreOf(contender(one), now),
    of: contender(one).class,
  }));
  const first = (kind: string): number => (kind === "transactional" ? 0 : 1);
  scored.sort(
    (left, right) => first(left.of) - first(right.of) || right.score - left.score || left.place - right.place,
  );
  return scored.map(({ one }) => one);
}
