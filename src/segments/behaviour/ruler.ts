import { oldestOf, periodOf, shiftedSql } from "./engagement";

/** A score without its day: units of a period. Of two the greater one is so on every day, as all decay alike. */
export interface Mark {
  readonly units: number;
  readonly period: number;
}

/** The mark that the most engaged tenth reaches, measured once a night over everybody who has a score. */
export interface Ruler {
  readonly mark: Mark;
  /** The one before it. */
  readonly before: Mark;
  /** When it was measured, epoch ms. */
  readonly at: number;
}

export const NO_MARK: Mark = { units: 0, period: 0 };

const SHARE = 0.9;

/** The place of the 90th percentile among so many sorted scores, the lowest being 0: by nearest rank. */
export function percentilePlace(count: number): number {
  return Math.max(0, Math.ceil(count * SHARE) - 1);
}

/** Units of a mark in those of another period; whole, as whoever reaches it has whole units. */
function unitsIn({ units, period }: Mark, other: number): number {
  return Math.ceil(units * 2 ** (period - other));
}

/** Whether a score reaches a mark. */
export function reaches(units: number, since: number | null, mark: Mark): boolean {
  return since !== null && units >= unitsIn(mark, periodOf(since));
}

/** The units of `contact_behaviour AS b` in those of the oldest period that counts today: they can be compared. */
export function comparableSql(today: number): string {
  return shiftedSql("b.units", periodOf(oldestOf(today)), "b.since_day", "<<");
}

/** SQL for whether `contact_behaviour AS b` reaches a mark. */
export function reachesSql(mark: Mark, today: number): string {
  return `${comparableSql(today)} >= ${unitsIn(mark, periodOf(oldestOf(today)))}`;
}
