import type { ConsentKey } from "../../contacts/consent";
import type { Language, Words } from "../../shared/language";

/** Consents as a shopper reads them. */
export const CONSENT_NAMES = {
  email: { en: "Emails", fr: "E-mails" },
  sms: { en: "Text messages", fr: "SMS" },
  push: { en: "Notifications", fr: "Notifications" },
  tracking: { en: "Measuring what I open", fr: "Mesurer ce que j’ouvre" },
  profiling: { en: "A choice made for me", fr: "Une sélection faite pour moi" },
  partner: { en: "Offers of partners", fr: "Offres de partenaires" },
} as const satisfies Record<ConsentKey, Words>;

/** A day in words. `at` is epoch ms. */
export function dateText(at: number, language: Language): string {
  const locale = language === "fr" ? "fr-FR" : "en-GB";
  return new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" }).format(at);
}

/** A language or country by its name; the code where it has none. */
export function nameOf(type: "language" | "region", code: string | null, language: Language): string | null {
  if (code === null) return null;
  return new Intl.DisplayNames([language], { type, fallback: "code" }).of(code) ?? code;
}
