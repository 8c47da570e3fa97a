import { DAY, HOUR } from "../shared/clock";

/** A time up to now that figures are counted over. */
export interface Period {
  readonly key: "day" | "fortnight" | "quarter";
  /** Epoch ms; the end is now. */
  readonly since: number;
  /** Bars of the chart: start and end of each, oldest first. */
  readonly buckets: readonly { readonly from: number; readonly to: number }[];
}

export const PERIODS = ["day", "fortnight", "quarter"] as const;

/** The period of that name up to `now`; a fortnight for any other name. Days are local days of `zone`. */
export function periodOf(name: string | undefined, now: number, zone: string): Period {
  if (name === "day") {
    const last = Math.floor(now / HOUR) * HOUR;
    return made(
      "day",
      boundaries(24, (back) => last - back * HOUR, last + HOUR),
    );
  }
  if (name === "quarter")
    return made(
      "quarter",
      boundaries(13, (back) => startOfDay(now, back * 7 + 6, zone), now + 1),
    );
  return made(
    "fortnight",
    boundaries(14, (back) => startOfDay(now, back, zone), now + 1),
  );
}

function made(key: Period["key"], buckets: Period["buckets"]): Period {
  return { key, since: buckets[0]?.from ?? 0, buckets };
}

/** Buckets that begin at `startOf(count - 1)` … `startOf(0)`; the last ends at `end`. */
function boundaries(count: number, startOf: (back: number) => number, end: number): Period["buckets"] {
  const starts = Array.from({ length: count }, (_, index) => startOf(count - 1 - index));
  return starts.map((from, index) => ({ from, to: starts[index + 1] ?? end }));
}

/** When the local day began that lies `back` days before the one of `now`. */
export function startOfDay(now: number, back: number, zone: string): number {
  const local = now + offsetOf(now, zone);
  const midnight = Math.floor(local / DAY) * DAY - back * DAY;
  // The offset is that of the midnight itself: clocks change between then and now, and on that very day.
  const guess = midnight - offsetOf(midnight, zone);
  return midnight - offsetOf(guess, zone);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** How far the clocks of a zone are ahead of UTC at a moment, ms. */
function offsetOf(at: number, zone: string): number {
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  formats.set(zone, format);
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1_000) * 1_000;
}
