import { bulk } from "../platform/d1";
import { CATALOGUE_SQL, stated } from "./catalogue-sql";
import type { Price } from "./price";

const STORES_SQL = stated("stores", ["store_id"], ["name", "lat", "lon", "address", "timezone", "opening_hours"]);

type Row = readonly unknown[];

/** From when on a price is in force, and when that was said. Times epoch ms, money in minor units. */
export interface PriceLine {
  readonly product: string;
  readonly sku: string;
  readonly from: number;
  readonly price: number;
  readonly compareAt: number | null;
  readonly currency: string;
  readonly at: number;
}

/** What is said of the catalogue, by table; rows in the order that `CATALOGUE_SQL` gives. */
export interface CatalogueRows {
  readonly products: readonly Row[];
  readonly listedProducts: readonly Row[];
  readonly variants: readonly Row[];
  readonly listed: readonly Row[];
  readonly prices: readonly PriceLine[];
  readonly stocks: readonly Row[];
  /** Variants of which the source says all prices to come that it knows of. */
  readonly planned: readonly { readonly product: string; readonly sku: string; readonly at: number }[];
}

/**
 * The statements that write what differs, for one batch: all or nothing, and the same again changes nothing. What
 * scenarios start on is found by them too, whoever writes.
 * @param source who says so, as announced prices remember it
 */
export function catalogueStatements(db: D1Database, rows: CatalogueRows, source: string): D1PreparedStatement[] {
  const all: Readonly<Record<keyof typeof CATALOGUE_SQL, readonly Row[]>> = {
    products: rows.products,
    listedProducts: rows.listedProducts,
    ...priceRows(rows.prices, source),
    shelves: rows.stocks,
    variants: rows.variants,
    listed: rows.listed,
    takenBack: takenBackRows(rows, source),
    stocks: rows.stocks,
  };
  return (Object.keys(CATALOGUE_SQL) as (keyof typeof CATALOGUE_SQL)[]).flatMap((key) =>
    bulk(db, CATALOGUE_SQL[key], all[key]),
  );
}

function takenBackRows({ planned, prices }: CatalogueRows, source: string): Row[] {
  const said = Map.groupBy(prices, variantKey);
  return planned.map((one) => {
    const kept = (said.get(variantKey(one)) ?? []).map(({ from }) => from);
    return [one.product, one.sku, source, one.at, kept];
  });
}

/**
 * Prices as rows: the first of each variant is compared with what is in force, those that follow it with the one before
 * them, which is not in the table yet.
 */
function priceRows(
  prices: readonly PriceLine[],
  source: string,
): Record<"drops" | "rises" | "prices" | "later", Row[]> {
  const rows = { drops: [] as Row[], rises: [] as Row[], prices: [] as Row[], later: [] as Row[] };
  for (const lines of Map.groupBy(prices, variantKey).values()) {
    const sorted = lines.toSorted((one, other) => one.from - other.from);
    const current = sorted.findLast(({ from, at }) => from <= at);
    for (const [index, line] of sorted.entries()) {
      const { product, sku, from, price, compareAt, currency, at } = line;
      const news = [product, sku, from, price, currency, at];
      if (line === current) rows.drops.push(news);
      if (from > at) rows.rises.push([...news, current?.price ?? null]);
      const row = [product, sku, from, price, compareAt, currency, from > at ? source : null];
      (index === 0 ? rows.prices : rows.later).push(row);
    }
  }
  return rows;
}

function variantKey({ product, sku }: { readonly product: string; readonly sku: string }): string {
  return JSON.stringify([product, sku]);
}

export async function writeStores(db: D1Database, rows: readonly Row[]): Promise<void> {
  await db.prepare(STORES_SQL).bind(JSON.stringify(rows)).run();
}

export interface ProductRow {
  readonly product_id: string;
  readonly title: string;
  readonly url: string | null;
  readonly image: string | null;
  readonly category: string | null;
  readonly brand: string | null;
  readonly days_supply: number | null;
  readonly replenishable: number | null;
  readonly margin_pct: number | null;
  readonly review_delay_days: number | null;
  /** Since when it can no longer be bought, whatever is in stock. */
  readonly gone_at: number | null;
  readonly updated_at: number;
}

/** A variant with what is in force at the time it was asked for. */
export interface VariantRow {
  readonly product_id: string;
  readonly sku: string;
  readonly title: string | null;
  readonly price: number | null;
  readonly compare_at: number | null;
  readonly currency: string | null;
  readonly stock: number | null;
  readonly feed: string | null;
  readonly left_feed_at: number | null;
}

export interface StoreRow {
  readonly store_id: string;
  readonly name: string;
  readonly lat: number | null;
  readonly lon: number | null;
  readonly address: string | null;
  readonly timezone: string | null;
  readonly opening_hours: string | null;
  readonly updated_at: number;
}

/** Products behind an id, in the order of their ids. */
export async function listProducts(db: D1Database, after: string, limit: number): Promise<ProductRow[]> {
  const sql = "SELECT * FROM products WHERE product_id > ?1 ORDER BY product_id LIMIT ?2";
  return (await db.prepare(sql).bind(after, limit).all<ProductRow>()).results;
}

export async function findProduct(db: D1Database, id: string): Promise<ProductRow | null> {
  return db.prepare("SELECT * FROM products WHERE product_id = ?1").bind(id).first<ProductRow>();
}

/** The variants of products, each with its price and stock at a time. */
export async function variantsOf(db: D1Database, products: readonly string[], at: number): Promise<VariantRow[]> {
  const inForce = (table: string): string =>
    `LEFT JOIN ${table} AS h_${table} ON h_${table}.product_id = v.product_id AND h_${table}.sku = v.sku ` +
    `AND h_${table}.effective_from = (SELECT max(m.effective_from) FROM ${table} AS m ` +
    "WHERE m.product_id = v.product_id AND m.sku = v.sku AND m.effective_from <= ?2)";
  const sql =
    "SELECT v.product_id, v.sku, v.title, h_price_history.price, h_price_history.compare_at, " +
    "h_price_history.currency, h_stock_history.stock, v.feed, v.left_feed_at FROM variants AS v " +
    `${inForce("price_history")} ${inForce("stock_history")} ` +
    "WHERE v.product_id IN (SELECT value FROM json_each(?1)) ORDER BY v.product_id, v.sku";
  return (await db.prepare(sql).bind(JSON.stringify(products), at).all<VariantRow>()).results;
}

/** Rows of a history by product, the latest first; at most so many of each variant. */
function latest(db: D1Database, table: string, columns: string, product: string, most: number): D1PreparedStatement {
  const sql =
    `SELECT sku, effective_from AS effectiveFrom, ${columns} FROM (SELECT *, row_number() OVER ` +
    `(PARTITION BY sku ORDER BY effective_from DESC) AS place FROM ${table} WHERE product_id = ?1) ` +
    "WHERE place <= ?2 ORDER BY effective_from DESC, sku";
  return db.prepare(sql).bind(product, most);
}

/** Prices of a product, announced ones included. */
export async function pricesOf(db: D1Database, product: string, most: number): Promise<(Price & { sku: string })[]> {
  const statement = latest(db, "price_history", "price, compare_at AS compareAt, currency", product, most);
  return (await statement.all<Price & { sku: string }>()).results;
}

export interface Stock {
  readonly sku: string;
  readonly effectiveFrom: number;
  readonly stock: number;
}

/** Stock of a product. */
export async function stocksOf(db: D1Database, product: string, most: number): Promise<Stock[]> {
  return (await latest(db, "stock_history", "stock", product, most).all<Stock>()).results;
}

/** Stores behind an id, in the order of their ids. */
export async function listStores(db: D1Database, after: string, limit: number): Promise<StoreRow[]> {
  const sql = "SELECT * FROM stores WHERE store_id > ?1 ORDER BY store_id LIMIT ?2";
  return (await db.prepare(sql).bind(after, limit).all<StoreRow>()).results;
}

export async function findStore(db: D1Database, id: string): Promise<StoreRow | null> {
  return db.prepare("SELECT * FROM stores WHERE store_id = ?1").bind(id).first<StoreRow>();
}
