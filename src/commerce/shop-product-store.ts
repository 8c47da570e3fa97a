import type { ProductStatement, StockStatement, VariantStatement } from "../events/connectors/connector";
import { bulk } from "../platform/d1";
import { parseMajor } from "../shared/money";
import { findProduct } from "./catalogue-store";
import { productStatements, writeProducts } from "./product-store";
import type { ProductWords, StatedPrice, StatedProduct } from "./stated-product";

/**
 * Writes what a shop says of a product, unless it said something newer of it before. In one batch, that question
 * included: two statements that meet cannot overtake each other.
 */
export async function writeShopProduct(
  db: D1Database,
  statement: ProductStatement,
  source: string,
  currency: string,
): Promise<void> {
  const items = statement.variants.flatMap(({ item, sku }) => (item === null ? [] : [{ item, sku }]));
  const levels = await levelsOf(
    db,
    items.map(({ item }) => item),
  );
  const products = statedProducts(statement, currency, await keptWords(db, statement), levels);
  const leaving = statement.gone && products.length === 0 ? await soldOut(db, statement) : [];
  const statements = [
    resourceGuard(db, resourceOf(statement, source), statement.at),
    ...itemStatements(db, statement.id, items),
    ...(await productStatements(db, [...products, ...leaving], source)),
  ];
  try {
    await db.batch(statements);
  } catch (error) {
    if (!isOutdated(error)) throw error;
  }
}

/** A variant that is told of by itself has a time of its own. */
function resourceOf({ id, about, variants }: ProductStatement, source: string): string {
  const variant = about === null ? variants[0]?.sku : undefined;
  return JSON.stringify([source, "product", id, ...(variant === undefined ? [] : [variant])]);
}

/** A statement that fails its batch where something newer was stated of the resource. */
function resourceGuard(db: D1Database, id: string, at: number): D1PreparedStatement {
  const sql =
    "INSERT INTO shop_resources (id, at) VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET " +
    "at = CASE WHEN excluded.at >= shop_resources.at THEN excluded.at END";
  return db.prepare(sql).bind(id, at);
}

function isOutdated(error: unknown): boolean {
  return /NOT NULL constraint failed: shop_resources\.at/.test(String(error));
}

/** What the table holds of a product that no webhook tells. */
async function keptWords(db: D1Database, { id, about }: ProductStatement): Promise<KeptWords> {
  const row = about === null ? null : await findProduct(db, id);
  if (!row) return NO_WORDS;
  const { days_supply: daysSupply, margin_pct: marginPct, review_delay_days: reviewDelayDays } = row;
  return {
    daysSupply,
    marginPct,
    reviewDelayDays,
    replenishable: row.replenishable === null ? null : row.replenishable === 1,
  };
}

/** All known variants of what was deleted, a product or one variant, as sold out. */
async function soldOut(db: D1Database, { id, at }: ProductStatement): Promise<StatedProduct[]> {
  const sql = "SELECT product_id AS product, sku FROM variants WHERE product_id = ?1";
  const { results } = await db.prepare(sql).bind(id).all<{ product: string; sku: string }>();
  const nothing = { words: null, variantTitle: null, price: null, priceFrom: at, stock: 0, at };
  return results.map((variant) => ({ ...variant, ...nothing }));
}

function itemStatements(
  db: D1Database,
  product: string,
  items: readonly { item: string; sku: string }[],
): D1PreparedStatement[] {
  const sql =
    "INSERT INTO stock_items (item, product_id, sku) SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?1) " +
    "WHERE true ON CONFLICT (item) DO UPDATE SET product_id = excluded.product_id, sku = excluded.sku " +
    "WHERE (stock_items.product_id, stock_items.sku) IS NOT (excluded.product_id, excluded.sku)";
  const rows = items.map(({ item, sku }) => [item, product, sku]);
  return bulk(db, sql, rows);
}

async function levelsOf(db: D1Database, items: readonly string[]): Promise<Map<string, ItemStock>> {
  const sql =
    "SELECT item, sum(max(available, 0)) AS stock, max(at) AS at FROM stock_levels " +
    "WHERE item IN (SELECT value FROM json_each(?1)) GROUP BY item";
  const { results } = await db.prepare(sql).bind(JSON.stringify(items)).all<ItemStock & { item: string }>();
  return new Map(results.map(({ item, ...level }) => [item, level]));
}

/**
 * Notes what is at a location, unless something newer was said of it, and writes the stock of the variant over all
 * locations that are known. An item whose product has not come yet waits for it.
 */
export async function writeShopStock(
  db: D1Database,
  { item, location, available, at }: StockStatement,
  source: string,
): Promise<void> {
  const sql =
    "INSERT INTO stock_levels (item, location, available, at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (item, location) " +
    "DO UPDATE SET available = excluded.available, at = excluded.at WHERE excluded.at >= stock_levels.at";
  await db.prepare(sql).bind(item, location, available, at).run();
  const known = "SELECT product_id AS product, sku FROM stock_items WHERE item = ?1";
  const variant = await db.prepare(known).bind(item).first<{ product: string; sku: string }>();
  const level = (await levelsOf(db, [item])).get(item);
  if (!variant || !level) return;
  const nothing = { words: null, variantTitle: null, price: null, priceFrom: level.at };
  await writeProducts(db, [{ ...variant, ...nothing, ...level }], source);
}

/** What the shop's webhooks do not tell of a product, and what another source told stays. */
type KeptWords = Pick<ProductWords, "daysSupply" | "replenishable" | "marginPct" | "reviewDelayDays">;

const NO_WORDS: KeptWords = { daysSupply: null, replenishable: null, marginPct: null, reviewDelayDays: null };

/** Pieces of an item over all its locations as of a time (epoch ms). */
interface ItemStock {
  readonly stock: number;
  readonly at: number;
}

/**
 * What a shop says of a product as lines of the catalogue. Stock that its stock keeping told later (`levels`, by item)
 * counts instead.
 */
function statedProducts(
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
