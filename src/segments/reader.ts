import type { Language, Words } from "../shared/language";
import type { Terms } from "./compile";
import type { Shop } from "./facts";

/** Who reads a rule in words: their language, and the shop whose money, days and tables it speaks of. */
export interface Reader {
  readonly language: Language;
  readonly shop: Shop;
  readonly table: Terms["table"];
  readonly segment: (family: string, segment: string) => Words | undefined;
}

/** Where nobody says which shop it is, amounts come without a currency and tables by their keys. */
const SOME_SHOP: Terms = { shop: { zone: "UTC", currency: "" }, table: () => undefined };

export function readerOf(language: Language, { shop, table, segment = () => undefined }: Terms = SOME_SHOP): Reader {
  return { language, shop, table, segment };
}

/** The same words in the reader's language. */
export function inWords(words: Words, { language }: Pick<Reader, "language">): string {
  return words[language];
}
