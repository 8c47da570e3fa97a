import { DAY, HOUR } from "../../shared/clock";
import type { Days, Shift } from "../rfm/days";
import { daySql, monthsBefore, shiftsBetween } from "../rfm/days";
import { oldestOf } from "./engagement";

/** Nothing older tells anything: as long as a prospect may be kept after the last contact (mission §11.4). */
const MEMORY_DAYS = 1_095;
/** Months of orders that tell an appetite for promotions (mission §5.5). */
const ORDER_MONTHS = 12;

/** Parts of a day, of six hours each from midnight. */
export const DAY_PARTS = ["night", "morning", "afternoon", "evening"] as const;
export type DayPart = (typeof DAY_PARTS)[number];

/** The shop's calendar about a moment. Moments are epoch ms, days numbers. */
export interface Calendar {
  readonly now: number;
  readonly today: number;
  readonly days: Days;
  readonly shifts: readonly Shift[];
  /** From when on anything counts at all, then acts and visits, then orders. */
  readonly memory: number;
  readonly recent: number;
  readonly year: number;
}

export function calendarAt(now: number, days: Days): Calendar {
  const today = days.of(now);
  const first = today - MEMORY_DAYS;
  return {
    now,
    today,
    days,
    shifts: shiftsBetween(days, first, today + 1),
    memory: days.start(first),
    recent: days.start(oldestOf(today)),
    year: days.start(monthsBefore(today, ORDER_MONTHS)),
  };
}

/** Whether a moment is over and not forgotten. */
export function isKnown(at: number | null, { memory, now }: Calendar): at is number {
  return at !== null && at >= memory && at <= now;
}

export function isWeekend(day: number): boolean {
  return weekday(day) >= 5;
}

/** Monday is 0; 1 January 1970 was a Thursday. */
function weekday(day: number): number {
  return (day + 3) % 7;
}

/** By the clock of the shop. On a day that the clocks change they do so at noon here. */
export function partOf(at: number, { shifts }: Calendar): DayPart {
  const shift = shifts.find(({ from }) => at >= from)?.ms ?? 0;
  return DAY_PARTS[Math.floor(((at + shift) % DAY) / PART)] ?? "night";
}

const PART = (24 * HOUR) / DAY_PARTS.length;

/** The same as SQL: a moment's day, its part of the day by number, whether it is over and not forgotten, a day's weekend. */
export function calendarSql({ shifts, memory, now }: Calendar) {
  const shift = (at: string): string => {
    const cases = shifts.slice(0, -1).map(({ from, ms }) => `WHEN ${at} >= ${from} THEN ${ms}`);
    const last = shifts.at(-1)?.ms ?? 0;
    return cases.length > 0 ? `CASE ${cases.join(" ")} ELSE ${last} END` : String(last);
  };
  return {
    day: (at: string): string => daySql(at, shifts),
    part: (at: string): string => `((${at} + ${shift(at)}) % ${DAY} / ${PART})`,
    known: (at: string): string => `${at} BETWEEN ${memory} AND ${now}`,
    weekend: (day: string): string => `((${day} + 3) % 7 >= 5)`,
  };
}
