import { variantsOf } from "./catalogue-store";
import { priceAt } from "./price";
import type { Shelf } from "./shelf";

/** The shelves of products by product. */
export type Shelves = ReadonlyMap<string, readonly Shelf[]>;

/** What lies in the shop of some products at a time (epoch ms). */
export async function readShelves(db: D1Database, products: readonly string[], at: number): Promise<Shelves> {
  const [variants, gone] = await Promise.all([variantsOf(db, products, at), goneProducts(db, products)]);
  const shelves = variants.map(({ product_id: product, sku, price, currency, stock, left_feed_at: left }): Shelf => {
    const isGone = Math.min(left ?? NEVER, gone.get(product) ?? NEVER) <= at;
    return { product, sku, price, currency, stock, isGone };
  });
  return Map.groupBy(shelves, ({ product }) => product);
}

const NEVER = Number.POSITIVE_INFINITY;

/** Since when products cannot be bought any more, epoch ms. */
async function goneProducts(db: D1Database, products: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const sql =
    "SELECT product_id, gone_at FROM products WHERE gone_at IS NOT NULL AND product_id IN (SELECT value FROM json_each(?1))";
  const { results } = await db
    .prepare(sql)
    .bind(JSON.stringify(products))
    .all<{ product_id: string; gone_at: number }>();
  return new Map(results.map((row) => [row.product_id, row.gone_at]));
}

interface PriceRow {
  readonly product: string;
  readonly sku: string;
  readonly effectiveFrom: number;
  readonly price: number;
  readonly currency: string;
}

type StockRow = Pick<PriceRow, "product" | "sku" | "effectiveFrom"> & { readonly stock: number };

/** What lay in the shop of a product at any time up to that of the reading. */
export type ShelfHistory = (product: string, at: number) => readonly Shelf[];

const TOGETHER = 500;
const LEFT_SQL =
  "SELECT product_id AS product, sku, left_feed_at AS at FROM variants WHERE left_feed_at IS NOT NULL " +
  "AND product_id IN (SELECT value FROM json_each(?1))";

/** All that was ever told of the prices and the stock of some products. */
export async function readShelfHistory(db: D1Database, products: readonly string[]): Promise<ShelfHistory> {
  const prices = new Map<string, Map<string, PriceRow[]>>();
  const stocks = new Map<string, Map<string, StockRow[]>>();
  const gone = new Map<string, number>();
  const left = new Map<string, number>();
  const all = [...new Set(products)];
  for (let place = 0; place < all.length; place += TOGETHER) {
    const some = all.slice(place, place + TOGETHER);
    const select = (table: string, columns: string): D1PreparedStatement =>
      db
        .prepare(
          `SELECT product_id AS product, sku, effective_from AS effectiveFrom, ${columns} FROM ${table} ` +
            "WHERE product_id IN (SELECT value FROM json_each(?1))",
        )
        .bind(JSON.stringify(some));
    const [priced, stocked, listed] = await db.batch([
      select("price_history", "price, currency"),
      select("stock_history", "stock"),
      db.prepare(LEFT_SQL).bind(JSON.stringify(some)),
    ]);
    for (const row of (priced?.results ?? []) as PriceRow[]) add(prices, row);
    for (const row of (stocked?.results ?? []) as StockRow[]) add(stocks, row);
    for (const { product, sku, at } of (listed?.results ?? []) as { product: string; sku: string; at: number }[])
      left.set(JSON.stringify([product, sku]), at);
    for (const [product, at] of await goneProducts(db, some)) gone.set(product, at);
  }
  return (product, at) => {
    const priced = prices.get(product);
    const stocked = stocks.get(product);
    return [...new Set([...(priced?.keys() ?? []), ...(stocked?.keys() ?? [])])].flatMap((sku): Shelf[] => {
      const price = priceAt(priced?.get(sku) ?? [], at);
      const stock = priceAt(stocked?.get(sku) ?? [], at);
      if (price === null && stock === null) return [];
      const isGone = Math.min(left.get(JSON.stringify([product, sku])) ?? NEVER, gone.get(product) ?? NEVER) <= at;
      const known = { price: price?.price ?? null, currency: price?.currency ?? null, stock: stock?.stock ?? null };
      return [{ product, sku, ...known, isGone }];
    });
  };
}

function add<Row extends { readonly product: string; readonly sku: string }>(
  into: Map<string, Map<string, Row[]>>,
  row: Row,
): void {
  const bySku = into.get(row.product) ?? new Map<string, Row[]>();
  into.set(row.product, bySku.set(row.sku, [...(bySku.get(row.sku) ?? []), row]));
}
