import { DAY } from "./clock";

/** A span of the calendar: whole months, then whole days. */
export interface Period {
  readonly months: number;
  readonly days: number;
}

const PATTERN = /^P(?:(\d{1,3})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?$/;

/** Reads an ISO 8601 period of years, months, weeks and days (`P12M`, `P1Y6M`, `P30D`); null for anything else. */
export function parsePeriod(text: string): Period | null {
  const match = PATTERN.exec(text);
  if (!match || text === "P") return null;
  const [years, months, weeks, days] = match.slice(1).map((part) => Number(part ?? 0));
  return { months: (years ?? 0) * 12 + (months ?? 0), days: (weeks ?? 0) * 7 + (days ?? 0) };
}

/**
 * `at` (epoch ms) and a period, in the calendar of UTC; a month that lacks the day ends at its last one (31 January and
 * one month is 28 February). Throws on a text that `parsePeriod` does not read.
 */
export function addPeriod(at: number, text: string): number {
  const period = parsePeriod(text);
  if (period === null) throw new Error(`not a period: ${text}`);
  const from = new Date(at);
  const month = from.getUTCMonth() + period.months;
  const last = new Date(Date.UTC(from.getUTCFullYear(), month + 1, 0)).getUTCDate();
  const day = Date.UTC(from.getUTCFullYear(), month, Math.min(from.getUTCDate(), last));
  return day + (((at % DAY) + DAY) % DAY) + period.days * DAY;
}
