import type { BulkTable } from "../platform/d1";
import { bulkInsert } from "../platform/d1";
import type { Price } from "./price";

const PRODUCT_COLUMNS = [
  "title",
  "url",
  "image",
  "category",
  "brand",
  "days_supply",
  "replenishable",
  "margin_pct",
  "review_delay_days",
];
const STORE_COLUMNS = ["name", "lat", "lon", "address", "timezone", "opening_hours"];

/** A table whose rows are stated as a whole: what is as stated already is not written, its date included. */
function stated(name: string, keys: readonly string[], columns: readonly string[]): string {
  const sets = [...columns, "updated_at"].map((column) => `${column} = excluded.${column}`).join(", ");
  const before = columns.map((column) => `${name}.${column}`).join(", ");
  const after = columns.map((column) => `excluded.${column}`).join(", ");
  const conflict = `ON CONFLICT (${keys.join(", ")}) DO UPDATE SET ${sets} WHERE (${before}) IS NOT (${after})`;
  const table: BulkTable = { name, columns: [...keys, ...columns, "updated_at"], conflict };
  return bulkInsert(table);
}

/** A history: a row only where the value that is in force by then is another one. */
function history(name: string, columns: readonly string[]): string {
  const all = ["product_id", "sku", "effective_from", ...columns];
  const values = all.map((_, index) => `v.value ->> ${index}`);
  const inForce =
    `SELECT 1 FROM ${name} AS h WHERE h.product_id = v.value ->> 0 AND h.sku = v.value ->> 1 AND h.effective_from = ` +
    `(SELECT max(m.effective_from) FROM ${name} AS m WHERE m.product_id = v.value ->> 0 AND m.sku = v.value ->> 1 ` +
    `AND m.effective_from <= v.value ->> 2) AND ${columns.map((column, index) => `h.${column} IS v.value ->> ${3 + index}`).join(" AND ")}`;
  const sets = columns.map((column) => `${column} = excluded.${column}`).join(", ");
  return (
    `INSERT INTO ${name} (${all.join(", ")}) SELECT ${values.join(", ")} FROM json_each(?1) AS v ` +
    `WHERE NOT EXISTS (${inForce}) ON CONFLICT (product_id, sku, effective_from) DO UPDATE SET ${sets}`
  );
}

const PRODUCTS_SQL = stated("products", ["product_id"], PRODUCT_COLUMNS);
const VARIANTS_SQL = stated("variants", ["product_id", "sku"], ["title"]);
const PRICES_SQL = history("price_history", ["price", "compare_at", "currency"]);
const STOCKS_SQL = history("stock_history", ["stock"]);
const STORES_SQL = stated("stores", ["store_id"], STORE_COLUMNS);

/** What a product feed states, by table; each row in the order of its columns. */
export interface CatalogueRows {
  readonly products: readonly (readonly unknown[])[];
  readonly variants: readonly (readonly unknown[])[];
  readonly prices: readonly (readonly unknown[])[];
  readonly stocks: readonly (readonly unknown[])[];
}

/** Writes what differs, in one batch: all or nothing, and the same again changes nothing. */
export async function writeCatalogue(db: D1Database, rows: CatalogueRows): Promise<void> {
  const statements = [
    { sql: PRODUCTS_SQL, rows: rows.products },
    { sql: VARIANTS_SQL, rows: rows.variants },
    { sql: PRICES_SQL, rows: rows.prices },
    { sql: STOCKS_SQL, rows: rows.stocks },
  ];
  const filled = statements.filter((statement) => statement.rows.length > 0);
  await db.batch(filled.map((statement) => db.prepare(statement.sql).bind(JSON.stringify(statement.rows))));
}

export async function writeStores(db: D1Database, rows: readonly (readonly unknown[])[]): Promise<void> {
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
    "h_price_history.currency, h_stock_history.stock FROM variants AS v " +
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
