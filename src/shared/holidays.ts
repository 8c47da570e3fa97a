import { DAY } from "./clock";
import { easterOf } from "./easter";
import { HOLIDAYS, HOLIDAYS_FROM } from "./holidays.generated";

/** What a place keeps: days of every year (`MM-DD`), days from Easter Sunday, and what else each year of the table has. */
interface Calendar {
  readonly fixed: ReadonlySet<string>;
  readonly moving: ReadonlySet<number>;
  readonly yearly: readonly ReadonlySet<string>[];
}

const read = new Map<string, Calendar>();

/**
 * Whether everybody of a place has a public holiday on a day (`YYYY-MM-DD`). A place is a country (ISO 3166-1 alpha-2) or
 * a part of one (`FR-67`); of most parts no more is known than of their country. Nobody knows of a place that is no
 * country. Beyond the years of the table, days of every year and those that move with Easter hold: days by the moon, and
 * those that make up for a Sunday, are not known there.
 */
export function isHoliday(day: string, place: string): boolean {
  const country = place.slice(0, 2);
  return keeps(country, day) || (place !== country && keeps(place, day));
}

function keeps(place: string, day: string): boolean {
  const calendar = calendarOf(place);
  if (calendar === null) return false;
  const { fixed, moving, yearly } = calendar;
  const [year, date] = [Number(day.slice(0, 4)), day.slice(5)];
  if (fixed.has(date) || yearly[year - HOLIDAYS_FROM]?.has(date)) return true;
  return moving.size > 0 && moving.has((Date.parse(`${day}T00:00:00Z`) - easterOf(year)) / DAY);
}

function calendarOf(place: string): Calendar | null {
  const text = Object.hasOwn(HOLIDAYS, place) ? HOLIDAYS[place] : undefined;
  if (text === undefined) return null;
  let calendar = read.get(place);
  if (!calendar) {
    const [fixed = "", moving = "", yearly = ""] = text.split("|");
    calendar = {
      fixed: daysIn(fixed),
      moving: new Set(moving.match(/[+-]\d+/g)?.map(Number)),
      yearly: yearly.split(",").map(daysIn),
    };
    read.set(place, calendar);
  }
  return calendar;
}

function daysIn(text: string): ReadonlySet<string> {
  return new Set(text.match(/\d{4}/g)?.map((day) => `${day.slice(0, 2)}-${day.slice(2)}`));
}
