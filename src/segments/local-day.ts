import { DAY } from "../shared/clock";
import { localDate, parseWallTime } from "../shared/wall-time";

/** The day so many days after another one. Days are counted by the calendar, whatever the clocks do. */
export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
}

/** Epoch ms of a time that somebody states: a day begins at the shop's midnight. */
export function momentOf(text: string, zone: string): number {
  return (text.length === 10 ? parseWallTime(text, zone) : null) ?? Date.parse(text);
}

/** The days of the year (`MM-DD`) from `from` to `to` days after today; who was born on a leap day has it on 28 February. */
export function anniversaries(now: number, zone: string, from: number, to: number): string[] {
  const today = localDate(now, zone);
  const days = new Set<string>();
  for (let day = from; day <= to; day++) {
    const date = dayAfter(today, day);
    days.add(date.slice(5));
    if (date.endsWith("-02-28") && dayAfter(date, 1).endsWith("-03-01")) days.add("02-29");
  }
  return [...days];
}
