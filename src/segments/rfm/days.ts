import { DAY } from "../../shared/clock";
import { parseWallTime } from "../../shared/wall-time";

/** Days of a shop's calendar, numbered from 1 January 1970. A day begins at midnight of its zone and may last 23 hours. */
export interface Days {
  /** The number of the day that a moment (epoch ms) falls on. */
  of(at: number): number;
  /** The moment at which a day begins. */
  start(day: number): number;
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
