/** Words that sell: they have no place in a notice or a service message (case G14). */
const SELLING =
  /\bcoupon|code promo|\bpromo(tion|s)?\b|\bdiscount|\bsolde|\bon sale\b|\bremise|\boffre sp|\bspecial offer|\bréduction|\breduction\b|[-−]\s?\d+\s?%|\d+\s?% (off|de)\b|\bvente privée|\bbon d’achat|\bbon d'achat|\bgift card|\bbuy now|\bachetez/iu;

/** The first words of a content that sell something; null where none does. */
export function sellingWords(texts: unknown): string | null {
  // Style sheets have percentages of their own.
  const text = JSON.stringify(texts).replaceAll(/<style[\s\S]*?<\/style>|<[^>]*>/giu, " ");
  return SELLING.exec(text)?.[0] ?? null;
}
