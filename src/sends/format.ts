import type { Language } from "../shared/language";
import { ContentFault } from "./content";

const LOCALES: Readonly<Record<Language, string>> = { en: "en-GB", fr: "fr-FR" };

const DATE_STYLES: Readonly<Record<string, Intl.DateTimeFormatOptions>> = {
  short: { day: "2-digit", month: "2-digit", year: "numeric" },
  long: { day: "numeric", month: "long", year: "numeric" },
  weekday: { weekday: "long", day: "numeric", month: "long" },
  time: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
};

interface MoneyFormat {
  readonly format: Intl.NumberFormat;
  /** Minor units in one major unit: 100 for EUR, 1 for JPY. */
  readonly minor: number;
}

// Currencies come with events: a stream of invented ones must not fill the memory.
const MAX_FORMATS = 64;

// Making an Intl formatter, or asking one for its options, costs a hundred times what using it does.
const moneyFormats = new Map<string, MoneyFormat>();
const dateFormats = new Map<string, Intl.DateTimeFormat>();

function moneyFormat(currency: string, language: Language): MoneyFormat {
  const known = moneyFormats.get(language + currency);
  if (known !== undefined) return known;
  if (!/^[A-Z]{3}$/.test(currency)) throw new ContentFault("money_invalid", "currency");
  const options = { style: "currency", currency, currencyDisplay: "narrowSymbol" } as const;
  const format = new Intl.NumberFormat(LOCALES[language], options);
  const made = { format, minor: 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2) };
  if (moneyFormats.size >= MAX_FORMATS) moneyFormats.clear();
  moneyFormats.set(language + currency, made);
  return made;
}

/**
 * An amount as the language writes it: `€1,234.50`, `1 234,50 €` (with no-break spaces).
 * @param minor integer minor units of `currency` (ISO 4217, three capitals)
 * @throws ContentFault `money_invalid` for anything else: a message never shows a wrong amount
 */
export function formatMoney(minor: unknown, currency: unknown, language: Language): string {
  if (typeof minor !== "number" || !Number.isSafeInteger(minor)) throw new ContentFault("money_invalid", "amount");
  if (typeof currency !== "string") throw new ContentFault("money_invalid", "currency");
  const known = moneyFormat(currency, language);
  return known.format.format(minor / known.minor);
}

function dateFormat(style: string, zone: string, language: Language): Intl.DateTimeFormat {
  const key = `${language} ${style} ${zone}`;
  const known = dateFormats.get(key);
  if (known !== undefined) return known;
  const options = DATE_STYLES[style];
  if (options === undefined) throw new ContentFault("date_invalid", `style ${style}`);
  let made: Intl.DateTimeFormat;
  try {
    made = new Intl.DateTimeFormat(LOCALES[language], { ...options, timeZone: zone });
  } catch {
    throw new ContentFault("date_invalid", "time zone");
  }
  if (dateFormats.size >= MAX_FORMATS) dateFormats.clear();
  dateFormats.set(key, made);
  return made;
}

/**
 * A moment as the language writes it: `4 March 2027`, `1er mars 2027`.
 * @param at epoch milliseconds
 * @param style `short`, `long`, `weekday` or `time`
 * @param zone IANA time zone
 * @throws ContentFault `date_invalid`
 */
export function formatDate(at: unknown, style: string, zone: string, language: Language): string {
  if (typeof at !== "number" || !Number.isFinite(at)) throw new ContentFault("date_invalid", "moment");
  const written = dateFormat(style, zone, language).format(at);
  // French writes the first of a month as an ordinal, which Intl does not.
  return language === "fr" ? written.replace(/(^|\s)1 (?=\p{L})/u, "$11er ") : written;
}
