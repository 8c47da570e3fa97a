import type { PaletteKey } from "../../sends/brand";
import type { Language, Words } from "../../shared/language";
import { typeset } from "./typeset";

/** What each colour is in a letter. */
export const COLOUR_NAMES: Readonly<Record<PaletteKey, Words>> = {
  page: { en: "Around the letter", fr: "Autour de la lettre" },
  sheet: { en: "The letter’s paper", fr: "Papier de la lettre" },
  tint: { en: "Boxes in it", fr: "Encadrés" },
  ink: { en: "Text", fr: "Texte" },
  soft: { en: "Small print", fr: "Petits textes" },
  rule: { en: "Lines", fr: "Filets" },
  accent: { en: "Buttons and prices", fr: "Boutons et prix" },
  on_accent: { en: "Text of buttons", fr: "Texte des boutons" },
};

export const SCHEME_NAMES: Readonly<Record<"colours" | "night", Words>> = {
  colours: { en: "By day", fr: "De jour" },
  night: { en: "By night", fr: "De nuit" },
};

/** What is set besides colours. */
export const BRAND_FIELDS = {
  logo: { en: "Address of the logo, on https", fr: "Adresse du logo, en https" },
  logo_width: { en: "Width of the logo, in pixels", fr: "Largeur du logo, en pixels" },
  heading_font: { en: "Headings", fr: "Titres" },
  body_font: { en: "Text", fr: "Texte" },
  radius: { en: "Rounded corners of buttons, in pixels", fr: "Arrondi des boutons, en pixels" },
  countdown: {
    en: "Service that draws countdowns, on https",
    fr: "Service qui dessine les comptes à rebours, en https",
  },
} as const satisfies Readonly<Record<string, Words>>;

export const FONT_NAMES: Readonly<Record<string, Words>> = {
  serif: { en: "Serif (Georgia)", fr: "À empattements (Georgia)" },
  sans: { en: "Sans serif (Helvetica, Arial)", fr: "Sans empattements (Helvetica, Arial)" },
  humanist: { en: "Wide sans serif (Verdana)", fr: "Sans empattements, large (Verdana)" },
  rounded: { en: "Soft sans serif (Trebuchet)", fr: "Sans empattements, souple (Trebuchet)" },
};

const FAULTS: Readonly<Record<string, string>> = {
  "is not a colour as in #2a241e": "n’est pas une couleur comme #2a241e",
  "is not an address on https": "n’est pas une adresse en https",
};

const CONTRAST = /^has a contrast of ([\d.]+) : 1 on (\w+); ([\d.]+) is needed$/;

function fieldName(pointer: string, language: Language): string {
  const [, first = "", second = ""] = pointer.split("/");
  if (Object.hasOwn(BRAND_FIELDS, first)) return BRAND_FIELDS[first as keyof typeof BRAND_FIELDS][language];
  const colour = COLOUR_NAMES[second as PaletteKey];
  const scheme = SCHEME_NAMES[first as "colours" | "night"];
  return colour && scheme ? `${colour[language]} (${scheme[language].toLowerCase()})` : pointer;
}

/** What is wrong with one place of the form, in words. */
export function brandProblem(pointer: string, detail: string, language: Language): string {
  const field = fieldName(pointer, language);
  const [, ratio, ground = "", least] = CONTRAST.exec(detail) ?? [];
  if (ratio !== undefined) {
    const on = COLOUR_NAMES[ground as PaletteKey]?.[language] ?? ground;
    return language === "fr"
      ? typeset(
          `${field} : contraste de ${ratio.replace(".", ",")} sur « ${on} », il faut ${least?.replace(".", ",")}.`,
          "fr",
        )
      : `${field}: a contrast of ${ratio} on “${on}”, ${least} is needed.`;
  }
  const said = language === "fr" ? (FAULTS[detail] ?? "n’est pas une valeur possible") : detail;
  return typeset(language === "fr" ? `${field} : ${said}.` : `${field}: ${said}.`, language);
}
