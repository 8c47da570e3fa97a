import type { ProductStatement, StockStatement, VariantStatement } from "../events/connectors/connector";
import { parseMajor } from "../shared/money";
import { findProduct } from "./catalogue-store";
import { productStatements, writeProducts } from "./product-store";
import type { ProductWords, StatedPrice, StatedProduct } from "./stated-product";
import type { ItemStock } from "./stock-level";
import { stockOver } from "./stock-level";
import type { KnownItem } from "./stock-level-store";
import { itemStatements, knownItems, writeLevel } from "./stock-level-store";

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
  const items = statement.variants.flatMap(({ item, sku, stock }) =>
    item === null ? [] : [{ item, sku, pieces: typeof stock === "number" ? stock : null }],
  );
  const known = await knownItems(
    db,
    items.map(({ item }) => item),
  );
  const products = statedProducts(statement, currency, await keptWords(db, statement), known);
  const leaving = statement.gone && products.length === 0 ? await soldOut(db, statement) : [];
  const statements = [
    resourceGuard(db, resourceOf(statement, source), statement.at),
    ...itemStatements(db, statement.id, items, statement.at),
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

/**
 * Notes what is at a location, and writes the stock of the variant over all of them. An item whose product has not come
 * yet waits for it.
 */
export async function writeShopStock(db: D1Database, level: StockStatement, source: string): Promise<void> {
  const variant = await writeLevel(db, level);
  if (!variant) return;
  const nothing = { words: null, variantTitle: null, price: null, priceFrom: variant.at };
  await writeProducts(db, [{ ...variant, ...nothing }], source);
}

/** What the shop's webhooks do not tell of a product, and what another source told stays. */
type KeptWords = Pick<ProductWords, "daysSupply" | "replenishable" | "marginPct" | "reviewDelayDays">;

const NO_WORDS: KeptWords = { daysSupply: null, replenishable: null, marginPct: null, reviewDelayDays: null };

/** What a shop says of a product as lines of the catalogue, with what its locations told later of the stock. */
function statedProducts(
  statement: ProductStatement,
  currency: string,
  kept: KeptWords,
  known: (item: string) => KnownItem,
): StatedProduct[] {
  const { id: product, at, about, variants, gone } = statement;
  const words = about === null ? null : { ...about, ...kept };
  return variants.map((variant): StatedProduct => {
    const { sku, title, item, prices } = variant;
    const [price, ...plan] = prices.flatMap(({ from, price: amount, compareAt }) => {
      const read = priceOf(amount, compareAt, currency);
      return read === null ? [] : [{ ...read, from }];
    });
    const level = item === null || gone ? null : levelSince(variant, at, known(item));
    const stock = level ?? { ...stockOf(variant, gone), at };
    const told = { product, sku, words, variantTitle: title, price: price ?? null, priceFrom: price?.from ?? at, plan };
    return { ...told, ...stock };
  });
}

/** What there is where locations told of it after `at`; null where none did. */
function levelSince({ stock }: VariantStatement, at: number, { total, levels }: KnownItem): ItemStock | null {
  const over = stockOver(typeof stock === "number" ? { pieces: stock, at } : total, levels);
  return over && over.at > at ? over : null;
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
