import { DAY, HOUR, MINUTE } from "../../shared/clock";
import { localDate } from "../../shared/wall-time";

/** A night's pass begins at three o'clock of the shop. */
const NIGHT = 3 * HOUR;

/** The shop-local day whose night has come by `now`. */
export function nightOf(now: number, timezone: string): string {
  return localDate(now - NIGHT, timezone);
}

/** The quarter of an hour in which the next night comes, found by looking: days are of 23 to 25 hours. */
export function nextNight(now: number, timezone: string): number {
  const today = nightOf(now, timezone);
  const quarter = 15 * MINUTE;
  let at = Math.floor(now / quarter) * quarter;
  while (nightOf(at, timezone) === today && at < now + 2 * DAY) at += quarter;
  return at;
}
