import { periodOf, unitSql, unitsOf } from "./engagement";

/** What the most engaged tenth has at least, measured once a night over everybody who has a score. */
export interface Ruler {
  /** Thousandths of a score, and those of the ruler before. */
  readonly value: number;
  readonly before: number;
  /** When it was measured, epoch ms. */
  readonly at: number;
}

const SHARE = 0.9;

/** The place of the 90th percentile among so many sorted scores, the lowest being 0: by nearest rank. */
export function percentilePlace(count: number): number {
  return Math.max(0, Math.ceil(count * SHARE) - 1);
}

/** A score in whole thousandths, rounded down: rulers are whole numbers. */
export function thousandthsOf(units: number, since: number | null, today: number): number {
  return since === null ? 0 : Math.floor((units * 1_000) / unitsOf(today, periodOf(since)));
}

/** The same as SQL over `contact_behaviour AS b`. */
export function thousandthsSql(today: number): string {
  return `(b.units * 1000 / ${unitSql("b.since_day", today)})`;
}

/** SQL for whether the score of `contact_behaviour AS b` is no less than a ruler. */
export function bestSql(ruler: number, today: number): string {
  return `${thousandthsSql(today)} >= ${ruler}`;
}
