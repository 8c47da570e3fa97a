import { writeCatalogue } from "./catalogue-store";

/** What is said of a product itself, as a whole. */
export interface ProductWords {
  readonly title: string;
  readonly url: string | null;
  readonly image: string | null;
  readonly category: string | null;
  readonly brand: string | null;
  readonly daysSupply: number | null;
  readonly replenishable: boolean | null;
  readonly marginPct: number | null;
  readonly reviewDelayDays: number | null;
}

/** A variant as a feed, a file or a request states it. Money in minor units, times in epoch ms. */
export interface StatedProduct {
  readonly product: string;
  /** The product's own id where it has no variants. */
  readonly sku: string;
  /** Null where only price and stock of a variant are told. */
  readonly words: ProductWords | null;
  readonly variantTitle: string | null;
  readonly price: { readonly amount: number; readonly compareAt: number | null; readonly currency: string } | null;
  /** When the price begins. */
  readonly priceFrom: number;
  readonly stock: number | null;
  /** When it was said. */
  readonly at: number;
}

/** Why a product of a list cannot be written. `field` is empty where it is the whole. */
export interface ProductFault {
  readonly index: number;
  readonly field: "" | "title";
  readonly detail: string;
}

const variantOf = ({ product, sku }: Pick<StatedProduct, "product" | "sku">): string => JSON.stringify([product, sku]);
const timeOf = (one: StatedProduct): string => `${variantOf(one)}|${one.priceFrom}`;

/** What of a list says the same variant's price of the same time twice. */
export function repeatedProducts(products: readonly StatedProduct[]): ProductFault[] {
  const taken = new Set<string>();
  return products.flatMap((one, index): ProductFault[] => {
    const isTaken = taken.has(timeOf(one));
    taken.add(timeOf(one));
    return isTaken ? [{ index, field: "", detail: "is another line's variant and time" }] : [];
  });
}

/** What of a list tells of a product that neither the shop nor the list has a title for. */
export async function unknownProducts(db: D1Database, products: readonly StatedProduct[]): Promise<ProductFault[]> {
  const stated = new Set(products.flatMap(({ product, words }) => (words === null ? [] : [product])));
  const isBare = ({ product, words }: StatedProduct): boolean => words === null && !stated.has(product);
  const sql = "SELECT product_id FROM products WHERE product_id IN (SELECT value FROM json_each(?1))";
  const wanted = JSON.stringify(products.filter(isBare).map(({ product }) => product));
  const { results } = await db.prepare(sql).bind(wanted).all<{ product_id: string }>();
  const known = new Set(results.map(({ product_id: id }) => id));
  return products.flatMap((one, index): ProductFault[] =>
    isBare(one) && !known.has(one.product)
      ? [{ index, field: "title", detail: "is needed: this product is not known yet" }]
      : [],
  );
}

/**
 * Writes variants of products that have a title, in one batch: all or nothing, and the same again changes nothing. Of
 * two lines about one thing the later counts.
 */
export async function writeProducts(db: D1Database, products: readonly StatedProduct[]): Promise<void> {
  const whole = products.filter(({ words }) => words !== null);
  const titled = new Set(whole.map(variantOf));
  // A new variant of a known product comes with its price; what is known of an old one stays.
  const bare = products.filter((one) => !titled.has(variantOf(one)));
  const added = await newVariants(db, bare);
  await writeCatalogue(db, {
    products: lastOf(whole.flatMap((one) => (one.words ? [[one.product, productRow(one, one.words)]] : []))),
    variants: lastOf([...added, ...whole].map((one) => [variantOf(one), variantRow(one)])),
    prices: lastOf(products.flatMap((one) => (one.price ? [[timeOf(one), priceRow(one, one.price)]] : []))),
    stocks: lastOf(
      products.flatMap((one) => (one.stock === null ? [] : [[`${variantOf(one)}|${one.at}`, stockRow(one)]])),
    ),
  });
}

function lastOf(rows: readonly (readonly unknown[])[]): readonly (readonly unknown[])[] {
  return [...new Map(rows.map(([key, row]) => [key as string, row as readonly unknown[]])).values()];
}

async function newVariants(db: D1Database, products: readonly StatedProduct[]): Promise<StatedProduct[]> {
  const sql =
    "SELECT v.product_id, v.sku FROM json_each(?1) AS w JOIN variants AS v " +
    "ON v.product_id = w.value ->> 0 AND v.sku = w.value ->> 1";
  const wanted = JSON.stringify(products.map(({ product, sku }) => [product, sku]));
  const { results } = await db.prepare(sql).bind(wanted).all<{ product_id: string; sku: string }>();
  const known = new Set(results.map(({ product_id: product, sku }) => variantOf({ product, sku })));
  return products.filter((one) => !known.has(variantOf(one)));
}

function productRow({ product, at }: StatedProduct, words: ProductWords): unknown[] {
  const { title, url, image, category, brand, daysSupply, replenishable, marginPct, reviewDelayDays } = words;
  const flag = replenishable === null ? null : Number(replenishable);
  return [product, title, url, image, category, brand, daysSupply, flag, marginPct, reviewDelayDays, at];
}

function variantRow({ product, sku, variantTitle, at }: StatedProduct): unknown[] {
  return [product, sku, variantTitle, at];
}

function priceRow({ product, sku, priceFrom }: StatedProduct, price: NonNullable<StatedProduct["price"]>): unknown[] {
  return [product, sku, priceFrom, price.amount, price.compareAt, price.currency];
}

function stockRow({ product, sku, stock, at }: StatedProduct): unknown[] {
  return [product, sku, at, stock];
}
