import { DAY, HOUR, MINUTE } from "./clock";

const WALL = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?$/;
/** `28/02/2026`, `28.2.2026 10:30` or `2-28-2026 10:30:00 PM`, as spreadsheets write them: which part is the day, somebody must say. */
const WRITTEN = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?:,? (\d{1,2}):(\d{2})(?::(\d{2}))?(?: ?([ap])m)?)?$/i;

/** Whether the day or the month comes first in a date that begins with neither year. */
export type DateOrder = "dmy" | "mdy";

interface Wall {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly ms: number;
}

/** Offsets from UTC by zone and hour: to ask for one costs more than all else that a line of a file does. */
const offsets = new Map<string, Map<number, number>>();
const formats = new Map<string, Intl.DateTimeFormat>();
const REMEMBERED = 20_000;
const QUARTER = 15 * MINUTE;

/** Whether texts name a zone. Whoever states one states one of a few hundred; what is none is not worth keeping. */
const zones = new Set(["UTC"]);

/** Whether a text names a time zone of the IANA database. */
export function isTimezone(text: string): boolean {
  if (zones.has(text)) return true;
  try {
    new Intl.DateTimeFormat("en", { timeZone: text });
    zones.add(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * A date or a time of day without a zone (`2010-12-01 08:26:00`) in an IANA zone, as epoch ms. Of an hour that the
 * clocks show twice it is the first; one that they leave out is read as if they had not. With `order`, dates as people
 * write them (`01/12/2010 08:26`) are read as well. Null for any other text.
 */
export function parseWallTime(text: string, timezone: string, order?: DateOrder): number | null {
  const wall = isoWall(text) ?? (order ? writtenWall(text, order) : null);
  const at = wall && momentOf(wall);
  return at === null ? at : momentAt(at, timezone);
}

function isoWall(text: string): Wall | null {
  const match = WALL.exec(text);
  if (!match) return null;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const ms = Number((match[7] ?? "").padEnd(3, "0").slice(0, 3));
  return { year, month, day, hour, minute, second, ms };
}

function writtenWall(text: string, order: DateOrder): Wall | null {
  const match = WRITTEN.exec(text);
  if (!match) return null;
  const [one = 1, , other = 1, year = 0, stated = 0, minute = 0, second = 0] = match
    .slice(1, 8)
    .map((part) => Number(part ?? 0));
  const [day, month] = order === "dmy" ? [one, other] : [other, one];
  const half = match[8]?.toLowerCase();
  // Of the clock with two halves: 12 stands for the beginning of each.
  if (half !== undefined && (stated < 1 || stated > 12)) return null;
  const hour = half === undefined ? stated : (stated % 12) + (half === "p" ? 12 : 0);
  return { year, month, day, hour, minute, second, ms: 0 };
}

/** What the clocks show, as if it were UTC; null for what they never show, such as 30 February. */
function momentOf({ year, month, day, hour, minute, second, ms }: Wall): number | null {
  if (!isTimeOfDay(hour, minute, second)) return null;
  const at = Date.UTC(year, month - 1, day, hour, minute, second, ms);
  const shown = new Date(at);
  return shown.getUTCDate() === day && shown.getUTCMonth() + 1 === month && shown.getUTCFullYear() === year ? at : null;
}

/**
 * The moment at which a zone's clocks show something: `wall` is what they show as if it were UTC. Of an hour that they show
 * twice it is the first; one that they leave out is read as if they had not.
 */
export function momentAt(wall: number, timezone: string): number {
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

/**
 * The first moment from `at` on at which a zone's clocks show something in [from, to), as if it were UTC; null where they
 * never will. It knows the hour that clocks leave out, which nobody sees, and the one that they show twice. The span
 * is a day at most.
 */
export function firstShown(at: number, from: number, to: number, timezone: string): number | null {
  const [early, late] = [from - DAY, to + DAY];
  const [before, after] = [offsetAt(early, timezone), offsetAt(late, timezone)];
  if (before === after) return firstWithin(at, from - before, to - before);
  const change = changeOf(early, late, timezone);
  return (
    firstWithin(at, from - before, Math.min(to - before, change)) ??
    firstWithin(at, Math.max(from - after, change), to - after)
  );
}

function firstWithin(at: number, from: number, to: number): number | null {
  const first = Math.max(at, from);
  return first < to ? first : null;
}

/** When a zone's clocks change between two moments of unlike offsets, which lie so close that they change once. */
function changeOf(from: number, to: number, timezone: string): number {
  const before = offsetAt(from, timezone);
  let [same, other] = [Math.floor(from / QUARTER), Math.floor(to / QUARTER)];
  while (other - same > 1) {
    const middle = Math.floor((same + other) / 2);
    if (offsetAt(middle * QUARTER, timezone) === before) same = middle;
    else other = middle;
  }
  return other * QUARTER;
}

/** What a zone's clocks show at a moment, as if it were UTC. */
export function wallTime(at: number, timezone: string): number {
  return timezone === "UTC" ? at : at + offsetAt(at, timezone);
}

/** The day that the clocks of an IANA zone show at a moment (epoch ms), as `YYYY-MM-DD`. */
export function localDate(at: number, timezone: string): string {
  return new Date(wallTime(at, timezone)).toISOString().slice(0, 10);
}

function isTimeOfDay(hour: number, minute: number, second: number): boolean {
  return hour < 24 && minute < 60 && second < 60;
}

/** Milliseconds that a zone's clocks are ahead of UTC at a moment. Zones change at whole quarters of an hour. */
function offsetAt(at: number, timezone: string): number {
  const quarter = Math.floor(at / QUARTER);
  let known = offsets.get(timezone);
  if (!known || known.size > REMEMBERED) {
    known = new Map();
    offsets.set(timezone, known);
  }
  const found = known.get(quarter);
  if (found !== undefined) return found;
  const start = quarter * QUARTER;
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
