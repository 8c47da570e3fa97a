import type { StockStatement } from "../events/connectors/connector";
import { bulk } from "../platform/d1";
import type { ItemStock, StockLevel, StockTotal } from "./stock-level";
import { stockOver } from "./stock-level";

/** What is known of an item of the shop's stock keeping. */
export interface KnownItem {
  readonly total: StockTotal | null;
  readonly levels: readonly StockLevel[];
}

/** An item of a product that is told of, with the pieces that the shop states of it over all locations. */
export interface StatedItem {
  readonly item: string;
  readonly sku: string;
  /** Null where nothing is said. */
  readonly pieces: number | null;
}

const UNKNOWN: KnownItem = { total: null, levels: [] };

/** What is known of items, by item. */
export async function knownItems(db: D1Database, items: readonly string[]): Promise<(item: string) => KnownItem> {
  const wanted = "(SELECT value FROM json_each(?1))";
  const totals = `SELECT item, total AS pieces, total_at AS at FROM stock_items WHERE item IN ${wanted} AND total IS NOT NULL`;
  const levels = `SELECT item, available, at, counted FROM stock_levels WHERE item IN ${wanted}`;
  const json = JSON.stringify(items);
  const [stated, told] = await db.batch([db.prepare(totals).bind(json), db.prepare(levels).bind(json)]);
  const byItem = Map.groupBy((told?.results ?? []) as (StockLevel & { item: string })[], ({ item }) => item);
  const known = new Map(
    ((stated?.results ?? []) as (StockTotal & { item: string })[]).map(({ item, ...total }) => [item, total]),
  );
  return (item) =>
    byItem.has(item) || known.has(item) ? { total: known.get(item) ?? null, levels: byItem.get(item) ?? [] } : UNKNOWN;
}

/**
 * Notes which variants items are, and counts what locations told until `at` (epoch ms) in the totals that are stated. An
 * item of which no location has told needs none: its total is the variant's stock.
 */
export function itemStatements(
  db: D1Database,
  product: string,
  items: readonly StatedItem[],
  at: number,
): D1PreparedStatement[] {
  const named =
    "INSERT INTO stock_items (item, product_id, sku) SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?1) " +
    "WHERE true ON CONFLICT (item) DO UPDATE SET product_id = excluded.product_id, sku = excluded.sku " +
    "WHERE (stock_items.product_id, stock_items.sku) IS NOT (excluded.product_id, excluded.sku)";
  const stated =
    "UPDATE stock_items SET total = v.value ->> 3, total_at = ?2 FROM json_each(?1) AS v WHERE stock_items.item = v.value ->> 0 " +
    "AND v.value ->> 3 IS NOT NULL AND EXISTS (SELECT 1 FROM stock_levels AS l WHERE l.item = stock_items.item) " +
    "AND (stock_items.total, stock_items.total_at) IS NOT (v.value ->> 3, ?2)";
  const counted =
    "UPDATE stock_levels SET counted = available FROM json_each(?1) AS v WHERE stock_levels.item = v.value ->> 0 " +
    "AND v.value ->> 3 IS NOT NULL AND stock_levels.at <= ?2 AND stock_levels.counted IS NOT stock_levels.available";
  const rows = items.map(({ item, sku, pieces }) => [item, product, sku, pieces]);
  return [...bulk(db, named, rows), ...bulk(db, stated, rows, at), ...bulk(db, counted, rows, at)];
}

/** The variant that an item is, and its stock. */
export interface LevelledVariant extends ItemStock {
  readonly product: string;
  readonly sku: string;
}

/**
 * Notes what is at a location, unless something newer was said of it. The first location that is heard of leaves the
 * variant's stock as its total.
 */
export async function writeLevel(db: D1Database, { item, location, available, at }: StockStatement): Promise<void> {
  const begun =
    "UPDATE stock_items SET (total, total_at) = (SELECT h.stock, h.effective_from FROM stock_history AS h " +
    "WHERE h.product_id = stock_items.product_id AND h.sku = stock_items.sku ORDER BY h.effective_from DESC LIMIT 1) " +
    "WHERE item = ?1 AND total IS NULL AND NOT EXISTS (SELECT 1 FROM stock_levels WHERE item = ?1)";
  const told =
    "INSERT INTO stock_levels (item, location, available, at, counted) VALUES (?1, ?2, ?3, ?4, ?3) " +
    "ON CONFLICT (item, location) DO UPDATE SET available = excluded.available, at = excluded.at, " +
    "counted = iif(excluded.at <= (SELECT total_at FROM stock_items WHERE item = ?1), excluded.available, counted) " +
    "WHERE excluded.at >= stock_levels.at";
  await db.batch([db.prepare(begun).bind(item), db.prepare(told).bind(item, location, available, at)]);
}

/** The variant behind an item with what there is of it over all locations; null while its product has not come. */
export async function levelledVariant(db: D1Database, item: string): Promise<LevelledVariant | null> {
  const named = "SELECT product_id AS product, sku FROM stock_items WHERE item = ?1";
  const variant = await db.prepare(named).bind(item).first<{ product: string; sku: string }>();
  const { total, levels } = (await knownItems(db, [item]))(item);
  const stock = stockOver(total, levels);
  return variant && stock ? { ...variant, ...stock } : null;
}
