import { DAY, HOUR, MINUTE, SECOND } from "../shared/clock";
import { durationMs } from "../shared/duration";
import type { Language } from "../shared/language";
import { numberInWords } from "./shown";

interface Unit {
  readonly size: number;
  readonly en: string;
  readonly fr: string;
  readonly feminine: boolean;
}

const UNITS: readonly Unit[] = [
  { size: DAY, en: "day", fr: "jour", feminine: false },
  { size: HOUR, en: "hour", fr: "heure", feminine: true },
  { size: MINUTE, en: "minute", fr: "minute", feminine: true },
  { size: SECOND, en: "second", fr: "seconde", feminine: true },
];
const [, HOURS, MINUTES] = UNITS;

/** A duration in the largest unit that it is a whole number of; a day is said in hours, as it is no day of the calendar. */
function counted(duration: string): { count: number; unit: Unit } {
  const ms = durationMs(duration);
  const whole = UNITS.find(({ size }) => ms > 0 && ms % size === 0);
  const unit = (ms === DAY ? HOURS : (whole ?? MINUTES)) as Unit;
  return { count: ms / unit.size, unit };
}

/** `in the last 30 days`, `au cours des 30 derniers jours`. */
export function lastInWords(duration: string, language: Language): string {
  const { count, unit } = counted(duration);
  const many = `${numberInWords(count, language)} `;
  if (language === "en") return `in the last ${count === 1 ? unit.en : `${many}${unit.en}s`}`;
  const last = unit.feminine ? "dernière" : "dernier";
  if (count === 1) return `au cours ${unit.feminine ? "de la" : "du"} ${last} ${unit.fr}`;
  return `au cours des ${many}${last}s ${unit.fr}s`;
}

/** `in the next 30 days`, `dans les 30 jours à venir`. */
export function nextInWords(duration: string, language: Language): string {
  const { count, unit } = counted(duration);
  const many = `${numberInWords(count, language)} `;
  if (language === "en") return `in the next ${count === 1 ? unit.en : `${many}${unit.en}s`}`;
  if (count !== 1) return `dans les ${many}${unit.fr}s à venir`;
  return `dans ${unit.fr.startsWith("h") ? "l’" : unit.feminine ? "la " : "le "}${unit.fr} à venir`;
}

/** `at least 30 days ago`, `il y a au moins 30 jours`. */
export function agoInWords(duration: string, language: Language): string {
  const { count, unit } = counted(duration);
  const isOne = language === "fr" ? count < 2 : count === 1;
  const words = `${numberInWords(count, language)} ${unit[language]}${isOne ? "" : "s"}`;
  return language === "fr" ? `il y a au moins ${words}` : `at least ${words} ago`;
}

function daysInWords(count: number, language: Language): string {
  const word = language === "fr" ? "jour" : "day";
  const isOne = language === "fr" ? count < 2 : count === 1;
  return `${numberInWords(count, language)} ${word}${isOne ? "" : "s"}`;
}

/** A day of the calendar so many days ago or before. */
export function daysAgoInWords(days: number, language: Language): string {
  if (days === 0) return language === "fr" ? "aujourd’hui ou avant" : "today or before";
  const words = daysInWords(days, language);
  return language === "fr" ? `il y a au moins ${words}` : `at least ${words} ago`;
}

const NAMED: Readonly<Record<string, { readonly en: string; readonly fr: string }>> = {
  "-1 -1": { en: "yesterday", fr: "hier" },
  "0 0": { en: "today", fr: "aujourd’hui" },
  "1 1": { en: "tomorrow", fr: "demain" },
  "-1 0": { en: "yesterday or today", fr: "hier ou aujourd’hui" },
  "0 1": { en: "today or tomorrow", fr: "aujourd’hui ou demain" },
};

/** Days counted from today, both of them in it: `today or in the next 7 days`, `dans 3 jours`. */
export function nearInWords({ from, to }: { readonly from: number; readonly to: number }, language: Language): string {
  const named = NAMED[`${from} ${to}`];
  if (named) return named[language];
  const fr = language === "fr";
  const days = (count: number): string => daysInWords(Math.abs(count), language);
  if (from === 0) return fr ? `aujourd’hui ou dans les ${days(to)} à venir` : `today or in the next ${days(to)}`;
  if (to === 0) {
    return fr ? `aujourd’hui ou au cours des ${-from} derniers jours` : `today or in the last ${days(from)}`;
  }
  const span = from === to ? days(from) : `${Math.min(Math.abs(from), Math.abs(to))} ${fr ? "à" : "to"} `;
  const far = from === to ? "" : days(Math.max(Math.abs(from), Math.abs(to)));
  if (from > 0) return `${fr ? "dans" : "in"} ${span}${far}`;
  if (to < 0) return fr ? `il y a ${span}${far}` : `${span}${far} ago`;
  return fr
    ? `de ${days(from)} avant aujourd’hui à ${days(to)} après`
    : `from ${days(from)} before today to ${days(to)} after`;
}
