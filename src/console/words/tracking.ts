import type { Language, Words } from "../../shared/language";
import { CHANNEL_NAMES, label } from "./labels";
import { typeset } from "./typeset";

export const UNIT_NAMES: Readonly<Record<string, Words>> = {
  days: { en: "days", fr: "jours" },
  hours: { en: "hours", fr: "heures" },
  minutes: { en: "minutes", fr: "minutes" },
  seconds: { en: "seconds", fr: "secondes" },
};

const FAULTS: Readonly<Record<string, Words>> = {
  "is no ISO 8601 duration such as P5D or PT24H": {
    en: "is not a whole number",
    fr: "n’est pas un nombre entier",
  },
  "is longer than 90 days": { en: "is longer than 90 days", fr: "dépasse 90 jours" },
  "is letters, digits, dots, dashes and underscores, 40 at most": {
    en: "takes letters, digits, dots, dashes and underscores, 40 at most",
    fr: "n’accepte que lettres, chiffres, points, tirets et tirets bas, 40 au plus",
  },
};

/** What is wrong with one place of the form, in words. */
export function trackingProblem(pointer: string, detail: string, language: Language): string {
  const [, first, second = ""] = pointer.split("/");
  const name =
    first === "windows"
      ? { en: `Window, ${label(CHANNEL_NAMES, second, "en")}`, fr: `Fenêtre, ${label(CHANNEL_NAMES, second, "fr")}` }
      : { en: "Name of the source", fr: "Nom de la source" };
  const said = FAULTS[detail]?.[language] ?? (language === "fr" ? "n’est pas une valeur possible" : detail);
  return typeset(language === "fr" ? `${name.fr} : ${said}.` : `${name.en}: ${said}.`, language);
}
