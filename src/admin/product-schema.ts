import * as z from "zod";
import type { ProductRow, Stock, VariantRow } from "../commerce/catalogue-store";
import type { Price } from "../commerce/price";
import { lowestBefore, priceAt } from "../commerce/price";
import type { StatedProduct } from "../commerce/product-store";
import { currencyCode, money, statedTime, time, timeText } from "./api";

const id = z.string().min(1).max(255);
const text = z.string().min(1).max(500).nullish();
const address = z
  .url({ protocol: /^https?$/, error: "is not a web address" })
  .max(2_000)
  .nullish();
const amount = z.strictObject({
  amount: z.number().int().min(0).max(1_000_000_000),
  currency: currencyCode,
});

/** A variant of a product, with what is said of the product itself. */
export const productInput = z
  .strictObject({
    product_id: id,
    sku: id.optional().openapi({ description: "The variant; the product's own id where it has none." }),
    title: z.string().min(1).max(500).optional().openapi({
      description:
        "States the product anew as a whole. Without it only price and stock of a variant are told, of a product that is known.",
    }),
    variant_title: text,
    url: address,
    image: address,
    category: text,
    brand: text,
    price: amount.optional(),
    compare_at: amount.optional(),
    effective_from: statedTime.optional().openapi({ description: "Of the price: one to come is announced." }),
    stock: z.number().int().min(-1_000_000).max(1_000_000_000).optional(),
    days_supply: z.number().int().min(1).max(3_650).nullish(),
    replenishable: z.boolean().nullish(),
    margin_pct: z.number().min(-1_000).max(100).nullish(),
    review_delay_days: z.number().int().min(0).max(365).nullish(),
  })
  .superRefine(({ price, compare_at, effective_from }, context) => {
    const fault = (path: string, message: string): void => context.addIssue({ code: "custom", path: [path], message });
    if (!price && compare_at) fault("compare_at", "needs a price that is set against it");
    if (!price && effective_from !== undefined) fault("effective_from", "needs a price that begins then");
    if (price && compare_at && price.currency !== compare_at.currency)
      fault("compare_at", "is of another currency than the price");
  });

export type ProductInput = z.output<typeof productInput>;

export const productsInput = z.strictObject({ products: z.array(productInput).min(1).max(500) }).openapi("Products", {
  example: { products: [{ product_id: "P1", sku: "P1-S", title: "Lamp", price: { amount: 4990, currency: "EUR" } }] },
});

/** The input as it is written, all of it said at `now`. */
export function statedProduct(input: ProductInput, now: number): StatedProduct {
  const { title, url = null, image = null, category = null, brand = null, price, compare_at: compareAt } = input;
  const { days_supply: daysSupply = null, margin_pct: marginPct = null, review_delay_days: delay = null } = input;
  const { replenishable = null, effective_from: from } = input;
  const about = { url, image, category, brand, daysSupply, replenishable, marginPct, reviewDelayDays: delay };
  return {
    product: input.product_id,
    sku: input.sku ?? input.product_id,
    words: title === undefined ? null : { title, ...about },
    variantTitle: input.variant_title ?? null,
    price: price ? { ...price, compareAt: compareAt?.amount ?? null } : null,
    priceFrom: from === undefined ? now : Date.parse(from),
    stock: input.stock ?? null,
    at: now,
  };
}

const variant = z.object({
  sku: z.string(),
  title: z.string().nullable(),
  price: money.nullable().openapi({ description: "In force now." }),
  compare_at: money.nullable(),
  stock: z.number().int().nullable(),
  feed: z.string().nullable().openapi({ description: "The product feed that lists it." }),
  left_feed_at: time.nullable().openapi({ description: "Since when that feed does not list it any more." }),
});

const shape = {
  product_id: z.string(),
  title: z.string(),
  url: z.string().nullable(),
  image: z.string().nullable(),
  category: z.string().nullable(),
  brand: z.string().nullable(),
  days_supply: z.number().int().nullable(),
  replenishable: z.boolean().nullable(),
  margin_pct: z.number().nullable(),
  review_delay_days: z.number().int().nullable(),
  gone_at: time.nullable().openapi({
    description: "Since when it can no longer be bought, whatever is in stock: deleted, archived, or a draft again.",
  }),
  updated_at: time,
};

export const product = z.object({ ...shape, variants: z.array(variant) }).openapi("Product");

const change = z.object({ sku: z.string(), effective_from: time });
const priceChange = change.extend({ price: money, compare_at: money.nullable() });

export const productFile = z
  .object({
    ...shape,
    variants: z.array(
      variant.extend({
        lowest_price_30_days: money.nullable().openapi({
          description: "Lowest price in the 30 days before the price in force began, which a reduction must name.",
        }),
      }),
    ),
    announced: z.array(priceChange).openapi({ description: "Prices to come, the earliest first." }),
    price_history: z
      .array(priceChange)
      .openapi({ description: "The latest first, at most 60 of a variant, those to come counted." }),
    stock_history: z.array(change.extend({ stock: z.number().int() })),
  })
  .openapi("ProductFile");

export function showProduct(row: ProductRow, variants: readonly VariantRow[]): z.output<typeof product> {
  const { updated_at: at, gone_at, replenishable, ...rest } = row;
  const shown = variants.filter(({ product_id }) => product_id === row.product_id).map(showVariant);
  const flag = replenishable === null ? null : replenishable === 1;
  return { ...rest, replenishable: flag, gone_at: timeText(gone_at), updated_at: timeText(at), variants: shown };
}

function showVariant(row: VariantRow): z.output<typeof variant> {
  const { sku, title, price, compare_at, currency, stock, feed, left_feed_at } = row;
  const sums = { price: sum(price, currency), compare_at: sum(compare_at, currency) };
  return { sku, title, ...sums, stock, feed, left_feed_at: timeText(left_feed_at) };
}

function sum(value: number | null, currency: string | null): z.output<typeof money> | null {
  return value === null || currency === null ? null : { amount: value, currency };
}

type PriceOf = Price & { readonly sku: string };

/** A product with its histories, as of `now`. */
export function showProductFile(
  row: ProductRow,
  variants: readonly VariantRow[],
  prices: readonly PriceOf[],
  stocks: readonly Stock[],
  now: number,
): z.output<typeof productFile> {
  const shown = showProduct(row, variants);
  const isAnnounced = ({ effectiveFrom }: PriceOf): boolean => effectiveFrom > now;
  return {
    ...shown,
    variants: shown.variants.map((one) => ({ ...one, lowest_price_30_days: lowestOf(prices, one.sku, now) })),
    announced: prices.filter(isAnnounced).map(showPrice).reverse(),
    price_history: prices.filter((price) => !isAnnounced(price)).map(showPrice),
    stock_history: stocks.map(({ sku, effectiveFrom, stock }) => ({
      sku,
      effective_from: timeText(effectiveFrom),
      stock,
    })),
  };
}

function showPrice({ sku, effectiveFrom, price, compareAt, currency }: PriceOf): z.output<typeof priceChange> {
  const compared = sum(compareAt, currency);
  return { sku, effective_from: timeText(effectiveFrom), price: { amount: price, currency }, compare_at: compared };
}

function lowestOf(prices: readonly PriceOf[], sku: string, now: number): z.output<typeof money> | null {
  const own = prices.filter((price) => price.sku === sku);
  const current = priceAt(own, now);
  return current && sum(lowestBefore(own, current.effectiveFrom, current.currency), current.currency);
}
