import type { DayRow } from "../admin/segment-store";
import { dayAfter } from "../segments/local-day";

/** How many contacts were in each segment on a day, in the order of the segments. */
export interface DaySizes {
  /** A day of the shop. */
  readonly day: string;
  readonly sizes: readonly number[];
}

/**
 * Sizes day by day, from the first day that is known to today, whose are those of now. A night of which nothing was
 * kept is as the one before.
 */
export function sizesByDay(
  rows: readonly DayRow[],
  segments: readonly string[],
  today: string,
  now: ReadonlyMap<string, number>,
): readonly DaySizes[] {
  const known = Map.groupBy(
    rows.filter(({ contacts }) => contacts !== null),
    ({ day }) => day,
  );
  const first = [...known.keys()].toSorted()[0] ?? today;
  const days: DaySizes[] = [];
  let last = new Map<string, number>();
  for (let day = first; day < today; day = dayAfter(day, 1)) {
    const counted = known.get(day);
    if (counted) last = new Map(counted.map(({ segment, contacts }) => [segment, contacts ?? 0]));
    days.push({ day, sizes: segments.map((segment) => last.get(segment) ?? 0) });
  }
  return [...days, { day: today, sizes: segments.map((segment) => now.get(segment) ?? 0) }];
}

export function totalOf({ sizes }: DaySizes): number {
  return sizes.reduce((sum, size) => sum + size, 0);
}
