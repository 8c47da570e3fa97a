import { DAY } from "../shared/clock";

// Every statement takes its rows as a JSON array (?1), each in the order given at its name, so that the ledger's batch
// can carry it as well.

/** From so few pieces on a variant runs low. */
const LOW_STOCK = 5;

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

/** Columns that are not simply as they are stated last: what stands there afterwards. */
const AFTER: Readonly<Record<string, string>> = {
  // Since when the product is gone; whoever states it anew since then says that it is there.
  gone_at:
    "CASE WHEN excluded.gone_at IS NOT NULL THEN coalesce(products.gone_at, excluded.gone_at) " +
    "WHEN products.gone_at > excluded.updated_at THEN products.gone_at END",
};

/** A table whose rows are stated as a whole: what is as stated already is not written, its date included. */
export function stated(name: string, keys: readonly string[], columns: readonly string[]): string {
  const all = [...keys, ...columns, "updated_at"];
  const values = all.map((_, index) => `value ->> ${index}`).join(", ");
  return `INSERT INTO ${name} (${all.join(", ")}) SELECT ${values} FROM json_each(?1) WHERE true ${onConflict(
    name,
    keys,
    columns.map((column) => [column, AFTER[column] ?? `excluded.${column}`]),
  )}`;
}

/** Changes a known row, with its date, where it differs from what each column is to be. */
function onConflict(name: string, keys: readonly string[], after: readonly (readonly [string, string])[]): string {
  const sets = after.map(([column, value]) => `${column} = ${value}`).join(", ");
  const before = after.map(([column]) => `${name}.${column}`).join(", ");
  const values = after.map(([, value]) => value).join(", ");
  return (
    `ON CONFLICT (${keys.join(", ")}) DO UPDATE SET ${sets}, updated_at = excluded.updated_at ` +
    `WHERE (${before}) IS NOT (${values})`
  );
}

/** A table of which a row may be told in part: what is left out stays. */
function told(name: string, keys: readonly string[], columns: readonly string[]): string {
  const all = [...keys, ...columns, "updated_at"];
  const values = all.map((_, index) => `value ->> ${index}`).join(", ");
  return `INSERT INTO ${name} (${all.join(", ")}) SELECT ${values} FROM json_each(?1) WHERE true ${onConflict(
    name,
    keys,
    columns.map((column) => [column, AFTER[column] ?? `coalesce(excluded.${column}, ${name}.${column})`]),
  )}`;
}

/** The row of a history that is in force for the variant of a JSON row `v`, by the time at one of its places. */
function inForce(table: string, alias: string, time: string): string {
  return (
    `${alias}.product_id = v.value ->> 0 AND ${alias}.sku = v.value ->> 1 AND ${alias}.effective_from = ` +
    `(SELECT max(m.effective_from) FROM ${table} AS m WHERE m.product_id = v.value ->> 0 AND m.sku = v.value ->> 1 ` +
    `AND m.effective_from <= ${time})`
  );
}

/** Something was said for a later time already: what comes late is history. */
function isOutdated(table: string, time: string, more = ""): string {
  const later = `n.effective_from > ${time}${more}`;
  return `EXISTS (SELECT 1 FROM ${table} AS n WHERE n.product_id = v.value ->> 0 AND n.sku = v.value ->> 1 AND ${later})`;
}

const BY_THEN = "v.value ->> 2";
const KNOWN = "EXISTS (SELECT 1 FROM variants AS k WHERE k.product_id = v.value ->> 0 AND k.sku = v.value ->> 1)";
const PRICE_COLUMNS = ["price", "compare_at", "currency", "announced"];

function insertPrices(where: string): string {
  const all = ["product_id", "sku", "effective_from", ...PRICE_COLUMNS];
  const values = all.map((_, index) => `v.value ->> ${index}`).join(", ");
  const sets = PRICE_COLUMNS.map((column) => `${column} = excluded.${column}`).join(", ");
  const before = PRICE_COLUMNS.map((column) => `price_history.${column}`).join(", ");
  const after = PRICE_COLUMNS.map((column) => `excluded.${column}`).join(", ");
  return (
    `INSERT INTO price_history (${all.join(", ")}) SELECT ${values} FROM json_each(?1) AS v WHERE ${where} ` +
    `ON CONFLICT (product_id, sku, effective_from) DO UPDATE SET ${sets} WHERE (${before}) IS NOT (${after})`
  );
}

const PRICE_STANDS =
  `EXISTS (SELECT 1 FROM price_history AS h WHERE ${inForce("price_history", "h", BY_THEN)} ` +
  "AND h.price = v.value ->> 3 AND h.compare_at IS v.value ->> 4 AND h.currency = v.value ->> 5)";

const STOCK_STANDS =
  `EXISTS (SELECT 1 FROM stock_history AS h WHERE ${inForce("stock_history", "h", BY_THEN)} ` +
  "AND (h.stock = v.value ->> 3 OR (v.value ->> 4 = 1 AND h.stock > 0)))";

/** What nobody can buy is no news, whatever becomes of its price and stock. */
function isThere(product: string): string {
  return `NOT EXISTS (SELECT 1 FROM products AS g WHERE g.product_id = ${product} AND g.gone_at IS NOT NULL)`;
}

const CHANGES = "INSERT INTO catalogue_changes (kind, product_id, sku, before, after, currency, at, seen_at)";

/**
 * What a write changes, in the order in which it must run: what is news is found against what stands, so that a variant
 * without an earlier price or stock gives none, and what is said again gives none either.
 */
export const CATALOGUE_SQL = {
  /** [product, nine columns, gone since or null, said at]. Whether it is gone decides on its news. */
  products: stated("products", ["product_id"], [...PRODUCT_COLUMNS, "gone_at"]),
  /** [product, title, url, image, category, brand, null, said at]: of a feed, which knows no more. */
  listedProducts: stated("products", ["product_id"], [...PRODUCT_COLUMNS.slice(0, 5), "gone_at"]),
  /** [product, sku, source, said at, [from…]]: what a source announced and no longer does is taken back. */
  takenBack:
    "DELETE FROM price_history WHERE (product_id, sku, effective_from) IN (SELECT p.product_id, p.sku, p.effective_from " +
    "FROM json_each(?1) AS v JOIN price_history AS p ON p.product_id = v.value ->> 0 AND p.sku = v.value ->> 1 " +
    "WHERE p.announced = v.value ->> 2 AND p.effective_from > v.value ->> 3 " +
    "AND p.effective_from NOT IN (SELECT value FROM json_each(v.value -> 4)))",
  /** [product, sku, from, price, currency, said at]: prices that have begun, one of a variant. What began a day ago or earlier is history. */
  drops:
    `${CHANGES} SELECT 'price_drop', h.product_id, h.sku, h.price, v.value ->> 3, h.currency, v.value ->> 2, v.value ->> 5 ` +
    `FROM json_each(?1) AS v JOIN price_history AS h ON ${inForce("price_history", "h", "v.value ->> 5")} ` +
    `WHERE h.effective_from <= v.value ->> 2 AND v.value ->> 2 > v.value ->> 5 - ${DAY} ` +
    `AND h.currency = v.value ->> 4 AND h.price > v.value ->> 3 AND NOT ${isOutdated("price_history", "v.value ->> 5", " AND n.announced IS NULL")} ` +
    `AND ${isThere("h.product_id")} ON CONFLICT DO NOTHING`,
  /** [product, sku, from, price, currency, said at, price that is told of now or null]: prices to come. */
  rises:
    `${CHANGES} SELECT 'price_rise_announced', h.product_id, h.sku, coalesce(v.value ->> 6, h.price), v.value ->> 3, ` +
    "h.currency, v.value ->> 2, v.value ->> 5 " +
    `FROM json_each(?1) AS v JOIN price_history AS h ON ${inForce("price_history", "h", "v.value ->> 5")} ` +
    "WHERE h.currency = v.value ->> 4 AND coalesce(v.value ->> 6, h.price) < v.value ->> 3 " +
    `AND NOT EXISTS (SELECT 1 FROM price_history AS f WHERE ${inForce("price_history", "f", BY_THEN)} ` +
    `AND f.price = v.value ->> 3) AND ${isThere("h.product_id")} ON CONFLICT DO NOTHING`,
  /** [product, sku, at, pieces, 1 where only known to be there]. */
  shelves:
    `${CHANGES} SELECT CASE WHEN h.stock <= 0 THEN 'back_in_stock' ELSE 'low_stock' END, h.product_id, h.sku, h.stock, ` +
    "v.value ->> 3, NULL, v.value ->> 2, v.value ->> 2 " +
    `FROM json_each(?1) AS v JOIN stock_history AS h ON ${inForce("stock_history", "h", BY_THEN)} ` +
    "WHERE ((h.stock <= 0 AND v.value ->> 3 >= 1) OR (v.value ->> 4 = 0 " +
    `AND h.stock > ${LOW_STOCK} AND v.value ->> 3 BETWEEN 1 AND ${LOW_STOCK})) ` +
    `AND NOT ${isOutdated("stock_history", BY_THEN)} AND ${isThere("h.product_id")} ON CONFLICT DO NOTHING`,
  /** [product, sku, title, said at]. */
  variants: stated("variants", ["product_id", "sku"], ["title"]),
  /** [product, sku, title, feed, hash, null, said at]: the same, and that a feed lists it. */
  listed: stated("variants", ["product_id", "sku"], ["title", "feed", "feed_hash", "left_feed_at"]),
  /** [product, sku, from, price, compare at, currency, who announced it]: where it differs from what is in force by then. */
  prices: insertPrices(`${KNOWN} AND NOT ${PRICE_STANDS}`),
  /** The same for prices that follow another one of the same write. */
  later: insertPrices(KNOWN),
  /** As `shelves`. */
  stocks:
    "INSERT INTO stock_history (product_id, sku, effective_from, stock) " +
    "SELECT v.value ->> 0, v.value ->> 1, v.value ->> 2, v.value ->> 3 FROM json_each(?1) AS v " +
    `WHERE ${KNOWN} AND NOT ${STOCK_STANDS} ` +
    "ON CONFLICT (product_id, sku, effective_from) DO UPDATE SET stock = excluded.stock",
} as const;

/** What an event tells of the catalogue, in the ledger's batch; rows as above. */
export const CATALOGUE_TABLES = {
  "catalogue.products": told("products", ["product_id"], [...PRODUCT_COLUMNS.slice(0, 5), "gone_at"]),
  "catalogue.drops": CATALOGUE_SQL.drops,
  "catalogue.rises": CATALOGUE_SQL.rises,
  "catalogue.shelves": CATALOGUE_SQL.shelves,
  "catalogue.variants": told("variants", ["product_id", "sku"], ["title"]),
  "catalogue.prices": CATALOGUE_SQL.prices,
  "catalogue.stocks": CATALOGUE_SQL.stocks,
} as const;

/** Announced prices that begin after ?1 and not after ?2, as news. */
export const BEGUN_SQL =
  `${CHANGES} SELECT 'price_drop', p.product_id, p.sku, b.price, p.price, p.currency, p.effective_from, ?2 ` +
  "FROM price_history AS p JOIN price_history AS b ON b.product_id = p.product_id AND b.sku = p.sku " +
  "AND b.effective_from = (SELECT max(m.effective_from) FROM price_history AS m WHERE m.product_id = p.product_id " +
  "AND m.sku = p.sku AND m.effective_from < p.effective_from) " +
  "WHERE p.announced IS NOT NULL AND p.effective_from > ?1 AND p.effective_from <= ?2 " +
  `AND b.currency = p.currency AND b.price > p.price AND ${isThere("p.product_id")} ON CONFLICT DO NOTHING`;
