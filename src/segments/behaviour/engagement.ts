/** What an act counts for (mission SC-03). A visit counts once a shop-local day, everything else each time. */
export const WEIGHTS = { visit_day: 1, click: 2, wishlist: 3, store_visit: 3, review: 4, referral: 6 } as const;

/** An act counts for half after so many shop-local days, and for nothing after `WINDOW` (mission SC-03). */
const HALF_LIFE = 30;
const WINDOW = 90;

/** Scores from which on somebody is very engaged, if the most engaged tenth is as well, and engaged. */
export const VERY_ENGAGED = 12;
export const ENGAGED = 3;

/**
 * What an act is worth on each day of a half-life, in units: whole numbers, so that sums do not depend on the order of
 * adding up. One half-life later the same act is worth twice as much, against which all earlier ones are worth half.
 */
const WORTH = Array.from({ length: HALF_LIFE }, (_, day) => Math.round(2 ** 20 * 2 ** (day / HALF_LIFE)));

/** Units are those of a period: doubled from one to the next. */
export function periodOf(day: number): number {
  return Math.floor(day / HALF_LIFE);
}

/** What an act of weight 1 on a day is worth, in units of a period that is no later. */
export function unitsOf(day: number, period: number): number {
  return (WORTH[day % HALF_LIFE] ?? 0) * 2 ** (periodOf(day) - period);
}

/**
 * Σ weight · 2^(−age / 30 d) over the last 90 days. Units over what one act of weight 1 is worth today: the same number
 * whenever the units were added up.
 *
 * @param since the oldest day in it, in whose period units are
 */
export function scoreOf(units: number, since: number | null, today: number): number {
  return since === null ? 0 : units / unitsOf(today, periodOf(since));
}

/** SQL for what an act of weight 1 is worth today in units of the period of a column's day. */
export function unitSql(since: string, today: number): string {
  return `(${WORTH[today % HALF_LIFE] ?? 0} << (${periodOf(today)} - ${since} / ${HALF_LIFE}))`;
}

/** SQL for units of a period in those of the period of a later day (an expression), or (`<<`) the other way round. */
export function shiftedSql(units: string, period: number, since: string, way: ">>" | "<<" = ">>"): string {
  return `(${units} ${way} (${since} / ${HALF_LIFE} - ${period}))`;
}

/** Units of an act of weight 1 by its age in days, in the period of the oldest day of the window. */
export function unitsByAge(today: number): number[] {
  const period = periodOf(oldestOf(today));
  return Array.from({ length: WINDOW }, (_, age) => unitsOf(today - age, period));
}

/** The first day that counts. */
export function oldestOf(today: number): number {
  return today - WINDOW + 1;
}
