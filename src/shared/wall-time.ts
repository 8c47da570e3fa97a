import { HOUR, MINUTE } from "./clock";

const WALL = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?$/;

/** Offsets from UTC by zone and hour: to ask for one costs more than all else that a line of a file does. */
const offsets = new Map<string, Map<number, number>>();
const formats = new Map<string, Intl.DateTimeFormat>();
const REMEMBERED = 20_000;

/** Whether a text names a time zone of the IANA database. */
export function isTimezone(text: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: text });
    return true;
  } catch {
    return false;
  }
}

/**
 * A date or a time of day without a zone (`2010-12-01 08:26:00`) in an IANA zone, as epoch ms. Of an hour that the
 * clocks show twice it is the first; one that they leave out is read as if they had not. Null for any other text.
 */
export function parseWallTime(text: string, timezone: string): number | null {
  const match = WALL.exec(text);
  if (!match) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0));
  const ms = Number((match[7] ?? "").padEnd(3, "0").slice(0, 3));
  if (!isTimeOfDay(hour ?? 0, minute ?? 0, second ?? 0)) return null;
  const wall = Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second, ms);
  // 30 February is no day.
  if (new Date(wall).getUTCDate() !== day || new Date(wall).getUTCMonth() + 1 !== month) return null;
  if (timezone === "UTC") return wall;
  // With the offset of a day before, which no change of the clocks lies between and it but that day's own.
  const before = offsetAt(wall - 24 * HOUR, timezone);
  const after = offsetAt(wall + 24 * HOUR, timezone);
  const early = wall - Math.max(before, after);
  const late = wall - Math.min(before, after);
  return early + offsetAt(early, timezone) === wall
    ? early
    : late + offsetAt(late, timezone) === wall
      ? late
      : wall - before;
}

/** The day that the clocks of an IANA zone show at a moment (epoch ms), as `YYYY-MM-DD`. */
export function localDate(at: number, timezone: string): string {
  return new Date(at + offsetAt(at, timezone)).toISOString().slice(0, 10);
}

function isTimeOfDay(hour: number, minute: number, second: number): boolean {
  return hour < 24 && minute < 60 && second < 60;
}

/** Milliseconds that a zone's clocks are ahead of UTC at a moment. Zones change at whole quarters of an hour. */
function offsetAt(at: number, timezone: string): number {
  const quarter = Math.floor(at / (15 * MINUTE));
  let known = offsets.get(timezone);
  if (!known || known.size > REMEMBERED) {
    known = new Map();
    offsets.set(timezone, known);
  }
  const found = known.get(quarter);
  if (found !== undefined) return found;
  const start = quarter * 15 * MINUTE;
  const offset = wallAt(start, timezone) - start;
  known.set(quarter, offset);
  return offset;
}

function wallAt(at: number, timezone: string): number {
  let format = formats.get(timezone);
  if (!format) {
    const parts = { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric" } as const;
    format = new Intl.DateTimeFormat("en-US", { timeZone: timezone, hourCycle: "h23", second: "numeric", ...parts });
    formats.set(timezone, format);
  }
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}
