import type { Language } from "../../shared/language";

/** French sets a space before its high punctuation, at which no line may break. */
export function typeset(text: string, language: Language): string {
  return language === "fr" ? text.replace(/ (?=[:;!?»%€])/g, "\u00a0").replace(/« /g, "«\u00a0") : text;
}
