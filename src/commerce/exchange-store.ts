import type { BulkTable } from "../platform/d1";
import { bulk, bulkInsert } from "../platform/d1";

/** A rate as it is kept: `day` is the shop-local day that it holds from, which begins at `fromAt` (epoch ms). */
export interface RateRow {
  readonly currency: string;
  readonly fromAt: number;
  readonly day: string;
  /** As it was stated, a decimal. */
  readonly rate: string;
  /** Between minor units. */
  readonly factor: number;
}

const COLUMNS = ["currency", "from_at", "day", "rate", "factor"];
const RATES: BulkTable = {
  name: "exchange_rates",
  columns: COLUMNS,
  conflict:
    "ON CONFLICT (currency, from_at) DO UPDATE SET day = excluded.day, rate = excluded.rate, factor = excluded.factor " +
    "WHERE exchange_rates.rate <> excluded.rate OR exchange_rates.factor <> excluded.factor",
};

/** Writes rates; one that is there is changed. A repeat writes nothing. */
export async function writeRates(db: D1Database, rates: readonly RateRow[]): Promise<void> {
  const rows = rates.map(({ currency, fromAt, day, rate, factor }) => [currency, fromAt, day, rate, factor]);
  await db.batch(bulk(db, bulkInsert(RATES), rows));
}

/** Takes rates away by their currency and day. */
export async function dropRates(db: D1Database, rates: readonly { currency: string; fromAt: number }[]): Promise<void> {
  const sql =
    "DELETE FROM exchange_rates WHERE (currency, from_at) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?1))";
  await db
    .prepare(sql)
    .bind(JSON.stringify(rates.map(({ currency, fromAt }) => [currency, fromAt])))
    .run();
}

/** A page of rates in the order of currency and day, behind a place. */
export async function listRates(
  db: D1Database,
  after: readonly [currency: string, fromAt: number],
  limit: number,
): Promise<RateRow[]> {
  const sql =
    "SELECT currency, from_at AS fromAt, day, rate, factor FROM exchange_rates WHERE (currency, from_at) > (?1, ?2) " +
    "ORDER BY currency, from_at LIMIT ?3";
  return (
    await db
      .prepare(sql)
      .bind(...after, limit)
      .all<RateRow>()
  ).results;
}

/** How many orders in each currency have no rate at their time: they count as orders, and are left out of money. */
export async function countUnpriced(db: D1Database, base: string): Promise<{ currency: string; orders: number }[]> {
  const sql =
    "SELECT o.currency, count(*) AS orders FROM orders o WHERE o.currency <> ?1 AND NOT EXISTS (SELECT 1 " +
    "FROM exchange_rates x WHERE x.currency = o.currency AND x.from_at <= o.placed_at) GROUP BY o.currency";
  return (await db.prepare(sql).bind(base).all<{ currency: string; orders: number }>()).results;
}
