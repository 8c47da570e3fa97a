import type { Language } from "../../shared/language";
import { typeset as punctuate } from "../../shared/language";

/** As every page of ours is set, and figures with their signs, which stand in Liquid elsewhere. */
export function typeset(text: string, language: Language): string {
  const set = punctuate(text, language);
  return language === "fr" ? set.replace(/ (?=[%€])/g, "\u00a0") : set;
}
