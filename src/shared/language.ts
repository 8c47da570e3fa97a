/** The languages that a shopper or marketer can read the product in. */
export const LANGUAGES = ["en", "fr"] as const;

export type Language = (typeof LANGUAGES)[number];

/** The same words in every language. */
export type Words = Readonly<Record<Language, string>>;

export function isLanguage(text: unknown): text is Language {
  return (LANGUAGES as readonly unknown[]).includes(text);
}

/** French sets a space before its double punctuation and inside guillemets, at which no line may break. */
export function typeset(text: string, language: Language): string {
  return language === "fr" ? text.replace(/ (?=[;:!?»])/g, "\u00a0").replace(/« /g, "«\u00a0") : text;
}

/** What a browser prefers of these, by the weights of its Accept-Language; English where it names none of them. */
export function preferredLanguage(header: string): Language {
  const preferred = header
    .split(",")
    .map((range) => {
      const [tag = "", weight] = range.trim().split(/\s*;\s*q=/);
      return { language: tag.slice(0, 2).toLowerCase(), weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ language, weight }) => weight > 0 && isLanguage(language))
    .sort((left, right) => right.weight - left.weight)[0];
  return isLanguage(preferred?.language) ? preferred.language : "en";
}
