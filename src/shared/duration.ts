import { DAY, HOUR, MINUTE, SECOND } from "./clock";
import type { Language } from "./language";
import { momentAt, wallTime } from "./wall-time";

const PATTERN = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d{1,3})?)S)?)?$/;

/**
 * Milliseconds of an ISO 8601 duration of weeks, days, hours, minutes and seconds (`P14D`, `PT4H30M`,
 * `PT0.5S`).
 * Returns null for anything else: months and years have no fixed length and are not taken.
 */
export function parseDuration(text: string): number | null {
  const match = PATTERN.exec(text);
  if (!match || text.endsWith("P") || text.endsWith("T")) return null;
  const [weeks, days, hours, minutes, seconds] = match.slice(1).map((part) => Number((part ?? "0").replace(",", ".")));
  const total =
    (weeks ?? 0) * 7 * DAY +
    (days ?? 0) * DAY +
    (hours ?? 0) * HOUR +
    (minutes ?? 0) * MINUTE +
    Math.round((seconds ?? 0) * SECOND);
  return Number.isSafeInteger(total) ? total : null;
}

/**
 * The moment so much later than another by an IANA zone's calendar: weeks and days end at the same time of day, whatever the
 * clocks did meanwhile; hours, minutes and seconds are what a stopwatch shows. Throws on a text that is no duration.
 */
export function laterBy(at: number, duration: string, timezone: string): number {
  const [, weeks = 0, days = 0] = (PATTERN.exec(duration) ?? []).map(Number);
  const dated = (weeks || 0) * 7 + (days || 0);
  const rest = durationMs(duration) - dated * DAY;
  const day = dated > 0 ? momentAt(wallTime(at, timezone) + dated * DAY, timezone) : at;
  return day + rest;
}

/** Milliseconds of a duration that was validated when it was stored; throws on any other text. */
export function durationMs(text: string): number {
  const ms = parseDuration(text);
  if (ms === null) throw new Error(`not an ISO 8601 duration: ${text}`);
  return ms;
}

const UNITS = {
  en: { day: ["day", "days"], hour: ["hour", "hours"], minute: ["minute", "minutes"], second: ["second", "seconds"] },
  fr: {
    day: ["jour", "jours"],
    hour: ["heure", "heures"],
    minute: ["minute", "minutes"],
    second: ["seconde", "secondes"],
  },
} as const;

/** A duration in words, e.g. "4 hours" or "1 jour 12 heures". */
export function durationInWords(ms: number, language: Language): string {
  const parts: string[] = [];
  let rest = ms;
  for (const [unit, size] of [
    ["day", DAY],
    ["hour", HOUR],
    ["minute", MINUTE],
    ["second", SECOND],
  ] as const) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    // French says "zéro" and "un" in the singular, English only "one".
    if (count > 0) parts.push(`${count} ${UNITS[language][unit][count === 1 ? 0 : 1]}`);
  }
  return parts.length > 0 ? parts.join(" ") : `0 ${UNITS[language].minute[language === "fr" ? 0 : 1]}`;
}
