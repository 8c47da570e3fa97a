import { DAY } from "../shared/clock";
import { addPeriod } from "../shared/period";
import type { Tier } from "./loyalty-programme";
import type { Earned } from "./loyalty-tiers";

/** The names under which scenarios hear of a tier that was reached or lost, and of points that came or went. */
export const TIER_CHANGED = "loyalty.tier_changed";
export const POINTS_CHANGED = "loyalty.points_changed";
/** The property that names a tier and a year: being near it is news once. */
export const NEAR_TIER = "next_tier_year";

/** The next tier, and what is missing to it. */
export interface NextTier {
  readonly next_tier: string;
  readonly missing: number;
  /** Of the tier's own points, rounded up. */
  readonly missing_percent: number;
  readonly next_tier_year: string;
}

/** The lowest tier above `current`, and how far it is at `now` (epoch ms); null for whoever is at the top. */
export function nextTier(tiers: readonly Tier[], earned: Earned, current: string | null, now: number): NextTier | null {
  const level = tiers.find(({ key }) => key === current)?.points ?? 0;
  const [next] = tiers.filter(({ points }) => points > level).sort((one, other) => one.points - other.points);
  if (!next) return null;
  const inside = earned.filter(([day]) => addPeriod(day * DAY, next.window) > now && day * DAY <= now);
  const missing = Math.max(0, next.points - inside.reduce((sum, [, points]) => sum + points, 0));
  return {
    next_tier: next.key,
    missing,
    missing_percent: Math.ceil((missing * 100) / next.points),
    next_tier_year: `${next.key}:${new Date(now).getUTCFullYear()}`,
  };
}
