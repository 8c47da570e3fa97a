import type { ProductStatement, StockStatement, VariantStatement } from "../events/connectors/connector";
import { parseMajor } from "../shared/money";
import { CATALOGUE_SQL } from "./catalogue-sql";
import { findProduct } from "./catalogue-store";
import { productRow, productStatements, writeProducts } from "./product-store";
import type { ProductWords, StatedPrice, StatedProduct } from "./stated-product";
import type { ItemStock } from "./stock-level";
import { stockOver } from "./stock-level";
import type { KnownItem, LevelledVariant } from "./stock-level-store";
import { itemStatements, knownItems, levelledVariant, writeLevel } from "./stock-level-store";

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
  const kept = await keptWords(db, statement);
  const statements = [
    resourceGuard(db, resourceOf(statement, source), statement.at),
    ...itemStatements(db, statement.id, items, statement.at),
    ...headStatements(db, statement, kept),
    ...(await productStatements(db, statedProducts(statement, currency, kept, known), source)),
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

/** What a statement without a variant says of the product itself: its words, or that it was deleted. */
function headStatements(db: D1Database, statement: ProductStatement, kept: KeptWords): D1PreparedStatement[] {
  const { id: product, about, variants, gone, at } = statement;
  if (variants.length > 0) return [];
  if (about) {
    const row = productRow({ product, at, ...(gone && { gone }) }, { ...about, ...kept });
    return [db.prepare(CATALOGUE_SQL.products).bind(JSON.stringify([row]))];
  }
  const sql = "UPDATE products SET gone_at = ?2, updated_at = ?2 WHERE product_id = ?1 AND gone_at IS NULL";
  return gone ? [db.prepare(sql).bind(product, at)] : [];
}

/**
 * Notes what is at a location, and writes the stock of the variant over all of them. An item whose product has not come
 * yet waits for it.
 */
export async function writeShopStock(db: D1Database, level: StockStatement, source: string): Promise<void> {
  await writeLevel(db, level);
  let variant = await levelledVariant(db, level.item);
  while (variant) {
    const nothing = { words: null, variantTitle: null, price: null, priceFrom: variant.at };
    await writeProducts(db, [{ ...variant, ...nothing }], source);
    // Whoever writes last must have read what the others noted: two locations of a transfer are told of at once.
    const by: LevelledVariant | null = await levelledVariant(db, level.item);
    variant = by?.stock === variant.stock && by.at === variant.at ? null : by;
  }
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
    const level = item === null ? null : levelSince(variant, at, known(item));
    // A product that is gone keeps its stock, as it may come back. Of a variant alone it can only be told by its stock.
    const stock = gone && words === null ? { stock: 0, at } : (level ?? { ...stockOf(variant), at });
    const told = { product, sku, words, variantTitle: title, price: price ?? null, priceFrom: price?.from ?? at, plan };
    return { ...told, ...stock, ...(gone && words !== null && { gone }) };
  });
}

/** What there is where locations told of it after `at`; null where none did. */
function levelSince({ stock }: VariantStatement, at: number, { total, levels }: KnownItem): ItemStock | null {
  const over = stockOver(typeof stock === "number" ? { pieces: stock, at } : total, levels);
  return over && over.at > at ? over : null;
}

function stockOf({ stock }: VariantStatement): Pick<StatedProduct, "stock" | "stockUncounted"> {
  if (stock === "some") return { stock: 1, stockUncounted: true };
  return { stock: stock === null ? null : Math.max(0, stock) };
}

function priceOf(price: string, compareAt: string | null, currency: string): StatedPrice | null {
  const amount = parseMajor(price, currency);
  return amount === null ? null : { amount, compareAt: parseMajor(compareAt, currency), currency };
}
