import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import type { Terms } from "../segments/compile";
import { formatMoney } from "../sends/format";
import type { Services } from "../services";
import { DAY, HOUR, MINUTE } from "../shared/clock";
import type { Language } from "../shared/language";
import { isLanguage, preferredLanguage } from "../shared/language";
import { typeset } from "./words/typeset";

/** What every page of the console is drawn from. */
export interface View {
  readonly language: Language;
  /** The words of this page's language. */
  readonly say: (en: string, fr: string) => string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Our time, epoch ms. */
  readonly now: number;
  /** IANA zone that times are written in. */
  readonly zone: string;
  readonly shopName: string;
  /** The shop whose money, days and tables rules in words speak of. */
  readonly terms: Terms;
  readonly environment: "local" | "production";
  /** True only on a developer's machine: then the page has the clock's controls. */
  readonly isLocal: boolean;
  /** The largest holdout of what runs, 0 to 0.5; told only on a developer's machine. */
  readonly holdout: number;
  /** Whether sending windows are kept, and how many frequency caps there are; told only there as well. */
  readonly keepsHours: boolean;
  readonly caps: number;
  /** Carried by every form; null where nobody is signed in. */
  readonly formToken: string | null;
  /** Signed in by cookie: then there is something to sign out of. */
  readonly hasSession: boolean;
}

const LANGUAGE_COOKIE = "relance_language";
const YEAR_SECONDS = 31_536_000;

/** Makes the view of a request. `?lang=` is remembered, so that links need not carry it. */
export function viewOf(
  context: Context,
  services: Services,
  known: Partial<Pick<View, "formToken" | "hasSession" | "holdout" | "keepsHours" | "caps">> = {},
): View {
  const language = languageOf(context);
  return {
    language,
    say: (en, fr) => (language === "fr" ? typeset(fr, language) : en),
    path: context.req.path,
    query: context.req.query(),
    now: services.clock.now(),
    zone: services.config.SHOP_TIMEZONE,
    shopName: services.shop.name,
    terms: services.terms,
    environment: services.config.RELANCE_ENV,
    isLocal: services.isLocal,
    formToken: null,
    hasSession: false,
    holdout: 0,
    keepsHours: false,
    caps: 0,
    ...known,
  };
}

function languageOf(context: Context): Language {
  const asked = context.req.query("lang");
  if (isLanguage(asked)) {
    const secure = new URL(context.req.url).protocol === "https:";
    setCookie(context, LANGUAGE_COOKIE, asked, {
      path: "/",
      httpOnly: true,
      sameSite: "Lax",
      secure,
      maxAge: YEAR_SECONDS,
    });
    return asked;
  }
  const kept = getCookie(context, LANGUAGE_COOKIE);
  if (isLanguage(kept)) return kept;
  return preferredLanguage(context.req.header("Accept-Language") ?? "");
}

/** This page again with other parameters; null takes one away. */
export function here(view: View, changes: Readonly<Record<string, string | null>>): string {
  const query = new URLSearchParams(view.query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString();
  return text === "" ? view.path : `${view.path}?${text}`;
}

const LOCALES: Readonly<Record<Language, string>> = { en: "en-GB", fr: "fr-FR" };
const DATE: Intl.DateTimeFormatOptions = { day: "numeric", month: "short" };
const TIME: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const STYLES = {
  moment: { ...DATE, ...TIME },
  clock: { weekday: "short", ...DATE, year: "numeric", ...TIME },
  full: { weekday: "long", ...DATE, month: "long", year: "numeric", ...TIME, second: "2-digit" },
  year: { ...DATE, year: "numeric" },
  day: DATE,
  hour: TIME,
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

const formats = new Map<string, Intl.DateTimeFormat>();

/** A moment in the shop's zone; one of another year says so instead of its hour. */
export function timeText(view: View, at: number, style: keyof typeof STYLES = "moment"): string {
  const chosen = style === "moment" && Math.abs(view.now - at) > 180 * DAY ? "year" : style;
  const key = `${view.language} ${view.zone} ${chosen}`;
  const format =
    formats.get(key) ?? new Intl.DateTimeFormat(LOCALES[view.language], { ...STYLES[chosen], timeZone: view.zone });
  formats.set(key, format);
  return format.format(at);
}

/** How long ago, or in how long: "4 h ago", "dans 12 min". */
export function agoText(view: View, at: number): string {
  const distance = Math.abs(view.now - at);
  const [size, unit] = distance >= DAY ? [DAY, "day"] : distance >= HOUR ? [HOUR, "hour"] : [MINUTE, "minute"];
  const count = Math.round((at - view.now) / (size as number));
  const format = new Intl.RelativeTimeFormat(LOCALES[view.language], { style: "short", numeric: "auto" });
  return format.format(count, unit as Intl.RelativeTimeFormatUnit);
}

/** A whole number as the language writes it. */
export function numberText(view: View, value: number): string {
  return new Intl.NumberFormat(LOCALES[view.language]).format(value);
}

/** An amount in minor units. A currency that cannot be written is shown as it is stored. */
export function moneyText(view: View, amount: number, currency: string): string {
  try {
    return formatMoney(amount, currency, view.language);
  } catch {
    return `${amount} ${currency}`;
  }
}
