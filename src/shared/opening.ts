import * as z from "zod";
import { DAY, MINUTE } from "./clock";
import type { Language } from "./language";
import { firstShown, wallTime } from "./wall-time";

const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** A time of day on a clock of 24 hours. */
export const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "is not a time of day such as 09:30");

/** Days of the week and hours of the day. `to` is when it closes; one before `from` lies on the next morning. */
export const openingInput = z.strictObject({
  days: z
    .array(z.enum(WEEKDAYS))
    .min(1)
    .default([...WEEKDAYS]),
  from: timeOfDay.default("08:00"),
  to: timeOfDay.default("20:00"),
});

export type Opening = z.output<typeof openingInput>;

/** Milliseconds since midnight, as the clocks show them. */
export function sinceMidnight(time: string): number {
  return (Number(time.slice(0, 2)) * 60 + Number(time.slice(3))) * MINUTE;
}

/** A year without a day that fits is followed by another one. */
const DAYS_LOOKED_AT = 400;

/**
 * The first moment from `at` on (epoch ms) at which the clocks of an IANA zone show a time within an opening; null where no
 * day ever fits. One that begins in an hour that the clocks leave out begins behind it, and one that they show twice is open
 * twice. `isClosed` takes days out, such as public holidays, as `YYYY-MM-DD`; an opening belongs to the day on which
 * it begins.
 */
export function nextOpening(
  at: number,
  { days, from, to }: Opening,
  zone: string,
  isClosed: (day: string) => boolean,
): number | null {
  const wall = wallTime(at, zone);
  const [opens, closes] = [sinceMidnight(from), sinceMidnight(to)];
  const length = closes > opens ? closes - opens : closes - opens + DAY;
  const today = wall - (wall % DAY);
  // What began yesterday may be open still.
  for (let day = today - DAY; day < today + DAYS_LOOKED_AT * DAY; day += DAY) {
    if (!days.includes(weekdayOf(day)) || isClosed(new Date(day).toISOString().slice(0, 10))) continue;
    const first = firstShown(at, day + opens, day + opens + length, zone);
    if (first !== null) return first;
  }
  return null;
}

/** Of a midnight, as if it were UTC. The epoch began on a Thursday. */
function weekdayOf(day: number): (typeof WEEKDAYS)[number] {
  return WEEKDAYS[(Math.round(day / DAY) + 3) % 7] ?? "mon";
}

const NAMES = {
  en: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
  fr: ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
} as const;

/** `from Monday to Friday between 08:00 and 20:00`. */
export function openingInWords({ days, from, to }: Opening, language: Language): string {
  const isFrench = language === "fr";
  const hours = isFrench ? `entre ${from} et ${to}` : `between ${from} and ${to}`;
  const places = WEEKDAYS.flatMap((day, place) => (days.includes(day) ? [place] : []));
  if (places.length === WEEKDAYS.length) return isFrench ? `tous les jours ${hours}` : `every day ${hours}`;
  const names = places.map((place) => NAMES[language][place] ?? "");
  const [first, last] = [names[0] ?? "", names.at(-1) ?? ""];
  const isRow = places.length > 2 && (places.at(-1) ?? 0) - (places[0] ?? 0) === places.length - 1;
  if (isRow) return isFrench ? `du ${first} au ${last} ${hours}` : `from ${first} to ${last} ${hours}`;
  if (names.length === 1) return isFrench ? `le ${first} ${hours}` : `on ${first} ${hours}`;
  const list = `${names.slice(0, -1).join(", ")} ${isFrench ? "et" : "and"} ${last}`;
  return isFrench ? `les ${list} ${hours}` : `on ${list} ${hours}`;
}
