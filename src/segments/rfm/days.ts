import { DAY } from "../../shared/clock";
import { parseWallTime } from "../../shared/wall-time";

/** Days of a shop's calendar, numbered from 1 January 1970. A day begins at midnight of its zone and may last 23 hours. */
export interface Days {
  /** The number of the day that a moment (epoch ms) falls on. */
  readonly of: (at: number) => number;
  /** The moment at which a day begins. */
  readonly start: (day: number) => number;
}

/** The calendar of an IANA zone. */
export function daysIn(zone: string): Days {
  const starts = new Map<number, number>();
  const start = (day: number): number => {
    const known = starts.get(day);
    if (known !== undefined) return known;
    const found = parseWallTime(dayText(day), zone) ?? day * DAY;
    starts.set(day, found);
    return found;
  };
  const of = (at: number): number => {
    let day = Math.floor(at / DAY);
    while (start(day) > at) day--;
    while (start(day + 1) <= at) day++;
    return day;
  };
  return { of, start };
}

/** A numbered day as a date, `2011-12-10`. */
export function dayText(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

/** The number of a date. */
export function dayNumber(text: string): number {
  return Math.floor(Date.parse(`${text}T00:00:00Z`) / DAY);
}

/** The day so many calendar months before another; a month that lacks it ends at its last day. */
export function monthsBefore(day: number, months: number): number {
  const date = new Date(day * DAY);
  const month = date.getUTCMonth() - months;
  const last = new Date(Date.UTC(date.getUTCFullYear(), month + 1, 0)).getUTCDate();
  return Math.floor(Date.UTC(date.getUTCFullYear(), month, Math.min(date.getUTCDate(), last)) / DAY);
}

/** From a moment on (epoch ms), the milliseconds that give a moment's day when they are added to it. */
export interface Shift {
  readonly from: number;
  readonly ms: number;
}

const WEEK = 7;

/**
 * The shifts between two days, the last first. Clocks change in the night, so a shift begins at the noon before a day
 * whose midnight has another one: both give the same day there.
 */
export function shiftsBetween(days: Days, first: number, last: number): Shift[] {
  const shiftOf = (day: number): number => day * DAY - days.start(day);
  const shifts: Shift[] = [{ from: Number.MIN_SAFE_INTEGER, ms: shiftOf(first) }];
  for (let day = first; day <= last; day += WEEK) {
    if (shiftOf(day) === shiftOf(day + WEEK)) continue;
    for (let next = day + 1; next <= day + WEEK; next++) {
      if (shiftOf(next) !== shiftOf(next - 1))
        shifts.unshift({ from: days.start(next - 1) + DAY / 2, ms: shiftOf(next) });
    }
  }
  return shifts;
}

/** SQL for the number of the day of a moment. */
export function daySql(moment: string, shifts: readonly Shift[]): string {
  const [latest, ...rest] = shifts;
  if (rest.length === 0) return `((${moment} + ${latest?.ms ?? 0}) / ${DAY})`;
  const cases = shifts.slice(0, -1).map(({ from, ms }) => `WHEN ${moment} >= ${from} THEN ${ms}`);
  return `((${moment} + CASE ${cases.join(" ")} ELSE ${shifts.at(-1)?.ms ?? 0} END) / ${DAY})`;
}
