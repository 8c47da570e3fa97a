/** The languages that a shopper or marketer can read the product in. */
export type Language = "en" | "fr";

/** The same words in every language. */
export type Words = Readonly<Record<Language, string>>;
