import type { CatalogueRows, PriceLine } from "./catalogue-store";
import { catalogueStatements } from "./catalogue-store";
import type { ProductWords, StatedProduct } from "./stated-product";

export type { StatedProduct } from "./stated-product";

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
 * two lines about one thing the later counts. News that scenarios start on (a price that falls, stock that comes back)
 * are found on the way.
 * @param source who says so: `api`, `import`, a connector; announced prices remember it
 */
export async function writeProducts(db: D1Database, products: readonly StatedProduct[], source = "api"): Promise<void> {
  const statements = await productStatements(db, products, source);
  if (statements.length > 0) await db.batch(statements);
}

/** The same as statements, for whoever has more to write in the batch. */
export async function productStatements(
  db: D1Database,
  products: readonly StatedProduct[],
  source: string,
): Promise<D1PreparedStatement[]> {
  const whole = products.filter(({ words }) => words !== null);
  const titled = new Set(whole.map(variantOf));
  // A new variant of a known product comes with its price; what is known of an old one stays.
  const bare = products.filter((one) => !titled.has(variantOf(one)) && one.listing === undefined);
  const added = await newVariants(db, bare);
  const plain = [...added, ...whole].filter(({ listing }) => listing === undefined);
  const rows: CatalogueRows = {
    products: wordsOf(whole.filter(({ listing }) => listing === undefined)),
    listedProducts: wordsOf(whole.filter(({ listing }) => listing !== undefined)),
    variants: lastOf(plain.map((one) => [variantOf(one), variantRow(one)])),
    listed: lastOf(products.flatMap((one) => (one.listing ? [[variantOf(one), listedRow(one, one.listing)]] : []))),
    prices: pricesOf(products),
    stocks: lastOf(
      products.flatMap((one) => (one.stock === null ? [] : [[`${variantOf(one)}|${one.at}`, stockRow(one)]])),
    ),
    planned: products.filter(({ plan }) => plan !== undefined),
  };
  return catalogueStatements(db, rows, source);
}

function wordsOf(products: readonly StatedProduct[]): readonly (readonly unknown[])[] {
  return lastOf(products.flatMap((one) => (one.words ? [[one.product, productRow(one, one.words)]] : [])));
}

/** One price of a variant and time: the last that is said. */
function pricesOf(products: readonly StatedProduct[]): PriceLine[] {
  const lines = products.flatMap(({ product, sku, price, priceFrom, plan = [], at }) => {
    const all = [...(price ? [{ ...price, from: priceFrom }] : []), ...plan];
    return all.map(({ amount, ...rest }): PriceLine => ({ product, sku, price: amount, ...rest, at }));
  });
  return [...new Map(lines.map((line) => [`${variantOf(line)}|${line.from}`, line])).values()];
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

/** A row of `CATALOGUE_SQL.products`, or of `listedProducts` where a feed lists it. */
export function productRow(
  { product, at, listing, gone }: Pick<StatedProduct, "product" | "at" | "listing" | "gone">,
  words: ProductWords,
): unknown[] {
  const { title, url, image, category, brand, daysSupply, replenishable, marginPct, reviewDelayDays } = words;
  const shown = [product, title, url, image, category, brand];
  // A feed knows nothing of the rest, which stays as the shop stated it.
  if (listing) return [...shown, null, at];
  const flag = replenishable === null ? null : Number(replenishable);
  return [...shown, daysSupply, flag, marginPct, reviewDelayDays, gone ? at : null, at];
}

function variantRow({ product, sku, variantTitle, at }: StatedProduct): unknown[] {
  return [product, sku, variantTitle, at];
}

type Listing = NonNullable<StatedProduct["listing"]>;

function listedRow({ product, sku, variantTitle, at }: StatedProduct, { feed, hash }: Listing): unknown[] {
  return [product, sku, variantTitle, feed, hash, null, at];
}

function stockRow({ product, sku, stock, stockUncounted, at }: StatedProduct): unknown[] {
  return [product, sku, at, stock, stockUncounted ? 1 : 0];
}
