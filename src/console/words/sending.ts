import { BEHAVIOUR_FAMILIES } from "../../segments/behaviour/families";
import type { Language, Words } from "../../shared/language";
import { typeset } from "./typeset";

/** Days that the form offers, as it sends them. */
const DAYS: Readonly<Record<string, Words>> = {
  "mon,tue,wed,thu,fri,sat,sun": { en: "Every day", fr: "Tous les jours" },
  "mon,tue,wed,thu,fri,sat": { en: "Monday to Saturday", fr: "Du lundi au samedi" },
  "mon,tue,wed,thu,fri": { en: "Monday to Friday", fr: "Du lundi au vendredi" },
};

export const DAY_CHOICES = Object.keys(DAYS);

const SHORT: Readonly<Record<string, Words>> = {
  mon: { en: "Mon", fr: "lun." },
  tue: { en: "Tue", fr: "mar." },
  wed: { en: "Wed", fr: "mer." },
  thu: { en: "Thu", fr: "jeu." },
  fri: { en: "Fri", fr: "ven." },
  sat: { en: "Sat", fr: "sam." },
  sun: { en: "Sun", fr: "dim." },
};

/** Days in words, whichever they are. */
export function daysName(days: string, language: Language): string {
  const known = Object.hasOwn(DAYS, days) ? DAYS[days]?.[language] : undefined;
  return (
    known ??
    days
      .split(",")
      .map((day) => SHORT[day]?.[language] ?? day)
      .join(", ")
  );
}

/** Levels by behaviour that a cap may be for. */
export function levelChoices(language: Language): readonly (readonly [string, string])[] {
  return BEHAVIOUR_FAMILIES.flatMap(({ key, words, levels }) => {
    return levels.map((level) => {
      const name = `${words[language]}${language === "fr" ? " : " : ": "}${level.words[language].toLowerCase()}`;
      return [`${key}.${level.key}`, typeset(name, language)] as const;
    });
  });
}

const FAULTS: Readonly<Record<string, string>> = {
  "is no level such as email_activity.slowing": "n’est pas un niveau connu",
  "is not an ISO 8601 duration such as PT16H or P7D": "n’est pas une durée : un nombre entier d’heures ou de jours",
  "must be more than nothing and at most 31 days": "doit être entre une heure et 31 jours",
  "is not a country such as FR": "n’est pas un pays comme FR",
  "is not a time of day such as 09:30": "n’est pas une heure comme 09:30",
  "France allows no marketing message that rings before 08:00 or after 22:00":
    "En France, aucun message publicitaire ne peut sonner avant 08:00 ni après 22:00",
};

const FIELDS: readonly (readonly [RegExp, Words])[] = [
  [/^\/caps\/(\d+)/, { en: "Frequency cap, line", fr: "Plafond, ligne" }],
  [/^\/moment/, { en: "Hours between two messages", fr: "Heures entre deux messages" }],
  [/^\/windows\/countries\/?(\w*)/, { en: "Sending window", fr: "Plage d’envoi" }],
  [/^\/windows/, { en: "Sending windows", fr: "Plages d’envoi" }],
  [/^\/sms_countries/, { en: "Countries for text messages", fr: "Pays des SMS" }],
  [/^\/sms_budget/, { en: "Budget of text messages", fr: "Budget de SMS" }],
  [/^\/minimum_age/, { en: "Age", fr: "Âge" }],
  [/^\/brake\/complaints/, { en: "Complaints", fr: "Plaintes" }],
  [/^\/brake\/bounces/, { en: "Bounces", fr: "Rejets" }],
  [/^\/brake/, { en: "Messages", fr: "Messages" }],
];

/** What is wrong with one place of the form, in words. */
export function sendingProblem(pointer: string, detail: string, language: Language): string {
  const [pattern, words] = FIELDS.find(([of]) => of.test(pointer)) ?? [/^/, { en: "The form", fr: "Le formulaire" }];
  const part = pattern.exec(pointer)?.[1] ?? "";
  const which = /^\d+$/.test(part) ? String(Number(part) + 1) : part;
  const field = `${words[language]}${which === "" ? "" : ` ${which}`}`;
  const said = language === "fr" ? (FAULTS[detail] ?? "n’est pas une valeur possible") : detail;
  return typeset(language === "fr" ? `${field} : ${said}.` : `${field}: ${said}.`, language);
}
