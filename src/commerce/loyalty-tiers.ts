import { DAY } from "../shared/clock";
import { addPeriod } from "../shared/period";
import type { Tier } from "./loyalty-programme";

/** Points earned by day, as pairs of a day of UTC (days since 1970) and the points that were kept of it. */
export type Earned = readonly (readonly [day: number, points: number])[];

/** Where an account stands: `until` is when the tier is lost if nothing more is earned. Epoch ms. */
export interface Standing {
  readonly tier: string | null;
  readonly until: number | null;
}

/** The longest that a tier looks back. */
const KEPT_DAYS = 3 * 366;

/** The days' points after `points` more (or less) were earned on the day of `at`. */
export function addEarned(earned: Earned, at: number, points: number): Earned {
  const day = Math.floor(at / DAY);
  const known = earned.find(([each]) => each === day)?.[1] ?? 0;
  const rest = earned.filter(([each]) => each !== day);
  const next = Math.max(0, known + points);
  const all = next > 0 ? [...rest, [day, next] as const] : rest;
  const newest = Math.max(...all.map(([each]) => each));
  return all.filter(([each]) => each > newest - KEPT_DAYS).sort(([one], [other]) => one - other);
}

/** The highest tier that the points earned within its window reach at `now`. */
export function standingOf(tiers: readonly Tier[], earned: Earned, now: number): Standing {
  const highestFirst = [...tiers].sort((one, other) => other.points - one.points);
  for (const tier of highestFirst) {
    const inside = earned.filter(([day]) => addPeriod(day * DAY, tier.window) > now && day * DAY <= now);
    let sum = inside.reduce((total, [, points]) => total + points, 0);
    if (sum < tier.points) continue;
    for (const [day, points] of inside) {
      sum -= points;
      if (sum < tier.points) return { tier: tier.key, until: addPeriod(day * DAY, tier.window) };
    }
  }
  return { tier: null, until: null };
}
