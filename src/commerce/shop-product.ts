import type { ProductStatement, VariantStatement } from "../events/connectors/connector";
import { parseMajor } from "../shared/money";
import type { ProductWords, StatedPrice, StatedProduct } from "./stated-product";

/** What the shop's webhooks do not tell of a product, and what another source told stays. */
export type KeptWords = Pick<ProductWords, "daysSupply" | "replenishable" | "marginPct" | "reviewDelayDays">;

export const NO_WORDS: KeptWords = { daysSupply: null, replenishable: null, marginPct: null, reviewDelayDays: null };

/** Pieces of an item over all its locations as of a time (epoch ms). */
export interface ItemStock {
  readonly stock: number;
  readonly at: number;
}

/**
 * What a shop says of a product as lines of the catalogue. Stock that its stock keeping told later (`levels`, by item)
 * counts instead.
 */
export function statedProducts(
  statement: ProductStatement,
  currency: string,
  kept: KeptWords,
  levels: ReadonlyMap<string, ItemStock>,
): StatedProduct[] {
  const { id: product, at, about, variants, gone } = statement;
  const words = about === null ? null : { ...about, ...kept };
  return variants.map((variant): StatedProduct => {
    const { sku, title, item, prices } = variant;
    const [price, ...plan] = prices.flatMap(({ from, price: amount, compareAt }) => {
      const read = priceOf(amount, compareAt, currency);
      return read === null ? [] : [{ ...read, from }];
    });
    const level = item === null ? undefined : levels.get(item);
    const stock =
      level && level.at > at && !gone ? { stock: level.stock, at: level.at } : { ...stockOf(variant, gone), at };
    const told = { product, sku, words, variantTitle: title, price: price ?? null, priceFrom: price?.from ?? at, plan };
    return { ...told, ...stock };
  });
}

function stockOf({ stock }: VariantStatement, gone: boolean): Pick<StatedProduct, "stock" | "stockUncounted"> {
  if (gone) return { stock: 0 };
  if (stock === "some") return { stock: 1, stockUncounted: true };
  return { stock: stock === null ? null : Math.max(0, stock) };
}

function priceOf(price: string, compareAt: string | null, currency: string): StatedPrice | null {
  const amount = parseMajor(price, currency);
  return amount === null ? null : { amount, compareAt: parseMajor(compareAt, currency), currency };
}
