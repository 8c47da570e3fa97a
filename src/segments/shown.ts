import type { Language } from "../shared/language";
import { decimalsOf } from "../shared/money";
import { localDate } from "../shared/wall-time";
import type { Cell } from "./facts";
import type { FieldType } from "./operator";
import type { Reader } from "./reader";

const LOCALES: Readonly<Record<Language, string>> = { en: "en-GB", fr: "fr-FR" };

// To make one costs a hundred times what using it does.
const numbers = new Map<string, Intl.NumberFormat>();
const times = new Map<string, Intl.DateTimeFormat>();

function numberFormat(language: Language, key: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const name = `${language} ${key}`;
  const format = numbers.get(name) ?? new Intl.NumberFormat(LOCALES[language], options);
  numbers.set(name, format);
  return format;
}

/** A number as the language writes it: `1,234.5`, `1 234,5`. */
export function numberInWords(value: number, language: Language): string {
  return numberFormat(language, "", { maximumFractionDigits: 3 }).format(value);
}

/** Minor units of the shop's currency: `€1,234.50`, `1 234,50 €`; without a sign where no shop is known. */
function moneyInWords(minor: number, { language, shop: { currency } }: Reader): string {
  const isKnown = /^[A-Z]{3}$/.test(currency);
  const decimals = isKnown ? decimalsOf(currency) : 2;
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  const sign = isKnown ? ({ style: "currency", currency, currencyDisplay: "narrowSymbol" } as const) : {};
  return numberFormat(language, `money ${currency}`, { ...sign, ...digits }).format(minor / 10 ** decimals);
}

/** A day of the calendar, `YYYY-MM-DD`: `1 March 2026`, `1er mars 2026`; a text that is none as it stands. */
export function dayInWords(day: string, language: Language): string {
  const at = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(at)) return quoted(day, language);
  const options = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" } as const;
  const format = times.get(language) ?? new Intl.DateTimeFormat(LOCALES[language], options);
  times.set(language, format);
  const words = format.format(at);
  return language === "fr" ? words.replace(/^1(?= )/, "1er") : words;
}

/** A day of the shop, or a moment by its clocks. */
export function momentInWords(text: string, { language, shop }: Reader): string {
  if (text.length === 10) return dayInWords(text, language);
  const at = Date.parse(text);
  const options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: shop.zone } as const;
  const clock = new Intl.DateTimeFormat(LOCALES[language], options).format(at);
  return `${dayInWords(localDate(at, shop.zone), language)}${language === "fr" ? " à" : ","} ${clock}`;
}

export function quoted(text: string, language: Language): string {
  return language === "fr" ? `« ${text} »` : `“${text}”`;
}

export function yesOrNo(is: boolean, language: Language): string {
  return is ? (language === "fr" ? "oui" : "yes") : language === "fr" ? "non" : "no";
}

const JOINED = { and: { en: "and", fr: "et" }, or: { en: "or", fr: "ou" } } as const;
const MOST_LISTED = 5;

/** `a, b or c`; of many the first five. */
export function listInWords(parts: readonly string[], word: "and" | "or", language: Language): string {
  const more = parts.length - MOST_LISTED;
  const others = language === "fr" ? `${more} autre${more > 1 ? "s" : ""}` : `${more} more`;
  const listed = more > 0 ? [...parts.slice(0, MOST_LISTED), others] : parts;
  const last = listed.at(-1) ?? "";
  return listed.length < 2 ? last : `${listed.slice(0, -1).join(", ")} ${JOINED[word][language]} ${last}`;
}

/** A value as people read it, money in the shop's currency and times as days of its zone. */
export function shown(type: FieldType, value: Cell, reader: Reader): string {
  const { language, shop } = reader;
  if (value === null) return language === "fr" ? "rien" : "nothing";
  if (type === "text") return quoted(String(value), language);
  if (type === "boolean") return yesOrNo(value === 1, language);
  if (type === "date") return dayInWords(String(value), language);
  if (typeof value === "string") return type === "time" ? momentInWords(value, reader) : value;
  if (type === "money") return moneyInWords(value, reader);
  return type === "time" ? dayInWords(localDate(value, shop.zone), language) : numberInWords(value, language);
}
