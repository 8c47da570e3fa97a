import type { Language } from "../shared/language";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

const NAMES: Readonly<Record<Language, readonly string[]>> = {
  en: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
  fr: ["lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."],
};

const SPAN = /^([01]?\d|2[0-3]):([0-5]\d)\s*[-–]\s*([01]?\d|2[0-4]):([0-5]\d)$/;
const MOST_LETTERS = 200;

function spanText(span: unknown): string | null {
  const [, from, fromMinute, to, toMinute] = (typeof span === "string" && SPAN.exec(span.trim())) || [];
  return from === undefined || to === undefined
    ? null
    : `${from.padStart(2, "0")}:${fromMinute}–${to.padStart(2, "0")}:${toMinute}`;
}

/** The hours of one day; empty where it is closed or nothing that can be read is said of it. */
function dayText(day: unknown): string {
  const spans = Array.isArray(day) ? (day as unknown[]) : [day];
  return spans.flatMap((span) => spanText(span) ?? []).join(", ");
}

/**
 * A store's opening hours on one line, days of the same hours together: `Mon–Fri 09:00–12:00, 14:00–19:00 · Sat 10:00–18:00`.
 * They are stated as `{"mon": ["09:00-12:00", "14:00-19:00"]}`, or as a line of the shop's own, which stays as it is;
 * null for whatever else it may be.
 */
export function openingText(stated: unknown, language: Language): string | null {
  if (typeof stated === "string") return stated.trim().slice(0, MOST_LETTERS) || null;
  if (typeof stated !== "object" || stated === null) return null;
  const week = DAYS.map((day) => dayText((stated as Readonly<Record<string, unknown>>)[day]));
  const names = NAMES[language];
  const parts = week.flatMap((hours, day) => {
    // A run of days is told of at its first.
    if (hours === "" || week[day - 1] === hours) return [];
    const behind = week.findIndex((other, index) => index > day && other !== hours);
    const last = (behind === -1 ? week.length : behind) - 1;
    return [`${names[day]}${last > day ? `–${names[last]}` : ""} ${hours}`];
  });
  return parts.length > 0 ? parts.join(" · ") : null;
}
