import { env } from "cloudflare:workers";
import type { Rate } from "../../src/commerce/exchange";
import { exchangeOf, factorOf } from "../../src/commerce/exchange";
import { writeRates } from "../../src/commerce/exchange-store";
import type { OrderStatus } from "../../src/commerce/order";
import { isSale } from "../../src/commerce/order";
import { daysIn, dayText } from "../../src/segments/rfm/days";
import type { RfmDefinition } from "../../src/segments/rfm/definition";
import { mapIn } from "../../src/segments/rfm/definition";
import type { Figures, RfmOrder } from "../../src/segments/rfm/figures";
import { figuresOf } from "../../src/segments/rfm/figures";
import { planFor, scoreAll } from "../../src/segments/rfm/methods";
import type { Rulers } from "../../src/segments/rfm/rulers";
import { scoresBy, zeroOf } from "../../src/segments/rfm/rulers";
import { segmentOf } from "../../src/segments/rfm/segment";

const { DB } = env as unknown as { DB: D1Database };

/** A contact of a made-up shop. */
export interface Person {
  readonly id: number;
  readonly status: "verified" | "anonymous" | "merged";
  readonly mergedInto: number | null;
}

/** An order of theirs. */
export interface Purchase extends RfmOrder {
  readonly id: string;
  readonly contact: number;
  readonly changedAt: number;
  readonly from: "secret" | "import";
}

export interface World {
  readonly people: readonly Person[];
  readonly orders: readonly Purchase[];
  readonly rates: readonly Rate[];
}

/** An order as tests state it. */
export function purchase(
  id: string,
  contact: number,
  placedAt: number,
  net: number,
  more: Partial<Purchase> = {},
): Purchase {
  const fields = { status: "delivered" as OrderStatus, currency: "EUR", channel: "web", store: null, coupon: null };
  return { id, contact, placedAt, net, changedAt: placedAt, from: "secret", ...fields, ...more };
}

export const verified = (id: number): Person => ({ id, status: "verified", mergedInto: null });

export function headOf({ people }: Pick<World, "people">, id: number): number {
  const above = people.find((one) => one.id === id)?.mergedInto ?? null;
  return above === null ? id : headOf({ people }, above);
}

/** The orders of whoever stands for a family by now. */
function byHead({ people, orders }: World): Map<number, Purchase[]> {
  const heads = new Map(
    people.filter(({ mergedInto }) => mergedInto !== null).map(({ id }) => [id, headOf({ people }, id)]),
  );
  return Map.groupBy(orders, ({ contact }) => heads.get(contact) ?? contact);
}

/** Empties the tables and fills them with a world, as the ledger would have left them. */
export async function store(world: World, zone: string): Promise<void> {
  const tables = [
    "contacts",
    "orders",
    "contact_metrics",
    "exchange_rates",
    "rfm_scores",
    "rfm_past",
    "rfm_runs",
    "rfm_history",
  ];
  await DB.batch(tables.map((table) => DB.prepare(`DELETE FROM ${table}`)));
  await change(world);
  const days = daysIn(zone);
  const rows = world.rates.map(({ currency, from, rate }) => {
    const factor = factorOf(rate, currency, "EUR");
    return { currency, fromAt: from, day: dayText(days.of(from)), rate: String(rate), factor };
  });
  if (rows.length > 0) await writeRates(DB, rows);
}

/** Brings contacts and orders in line with a world. */
export async function change(world: World): Promise<void> {
  const { people, orders } = world;
  const owned = byHead(world);
  const contacts = people.map(({ id, status, mergedInto }) => [id, status, mergedInto]);
  const bought = orders.map((one) => [
    one.id,
    one.contact,
    one.status,
    one.placedAt,
    one.currency,
    one.net,
    one.from,
    one.store,
    one.channel,
    one.coupon,
    one.changedAt,
  ]);
  const sums = people.map(({ id }) => {
    const own = (owned.get(id) ?? []).filter((one) => isSale(one.status, one.net));
    const times = own.map(({ placedAt }) => placedAt);
    const euros = own.filter(({ currency }) => currency === "EUR").reduce((sum, { net }) => sum + net, 0);
    return own.length === 0 ? [id, 0, 0, null, null] : [id, own.length, euros, Math.min(...times), Math.max(...times)];
  });
  const put = (sql: string, rows: unknown) => DB.prepare(sql).bind(JSON.stringify(rows));
  const cells = (count: number) => Array.from({ length: count }, (_, index) => `value ->> ${index}`).join(", ");
  await DB.batch([
    put(
      "INSERT OR REPLACE INTO contacts (id, status, merged_into, attributes, consents, created_at, tracked, ring, seq, seen_at) " +
        `SELECT ${cells(3)}, '{}', '{}', 0, 0, '', 0, 0 FROM json_each(?1)`,
      contacts,
    ),
    put(
      "DELETE FROM orders WHERE order_id NOT IN (SELECT value FROM json_each(?1))",
      orders.map(({ id }) => id),
    ),
    put(
      "INSERT OR REPLACE INTO orders (order_id, contact, status, placed_at, currency, net, source, store, channel, coupon, changed_at, " +
        `total, discount, tax, shipping, refunded, shown) SELECT ${cells(11)}, 0, 0, 0, 0, 0, '[]' FROM json_each(?1)`,
      bought,
    ),
    put(
      `INSERT OR REPLACE INTO contact_metrics (contact, orders, net_total, first_order_at, last_order_at) SELECT ${cells(5)} FROM json_each(?1)`,
      sums,
    ),
  ]);
}

/** A row of scores as both sides tell it. */
export interface Scored extends Omit<Figures, "oldestAt"> {
  readonly contact: number;
  readonly r: number;
  readonly f: number;
  readonly m: number;
  readonly segment: string;
}

/** The figures of everybody who has any, by the plain rules. */
export function plainFigures(
  world: World,
  definition: RfmDefinition,
  zone: string,
  asOf: number,
): (Figures & { contact: number })[] {
  const terms = { definition, days: daysIn(zone), exchange: exchangeOf("EUR", world.rates), asOf };
  const owned = byHead(world);
  return world.people
    .filter(({ status }) => status === "verified")
    .flatMap(({ id }) => {
      const figures = figuresOf(owned.get(id) ?? [], terms);
      return figures === null ? [] : [{ contact: id, ...figures }];
    })
    .sort((left, right) => left.contact - right.contact);
}

/** What a run over everybody must come to: by the rules of each method, or by bounds that are given. */
export function plainScores(
  world: World,
  definition: RfmDefinition,
  zone: string,
  asOf: number,
  rulers?: Rulers,
): Scored[] {
  const days = daysIn(zone);
  const today = days.of(asOf);
  const figures = plainFigures(world, definition, zone, asOf);
  const customers = figures.map(({ lastOrderAt, orders, monetary }) => ({
    day: days.of(lastOrderAt),
    orders,
    monetary,
  }));
  const plan = rulers?.plan ?? planFor(definition, customers.length);
  const scores = rulers
    ? customers.map((one) => scoresBy(rulers, one, zeroOf(rulers, today)))
    : scoreAll(customers, plan, { definition, today, decimals: 2 });
  return figures.map(({ oldestAt: _oldest, ...one }, index) => {
    const score = scores[index] ?? { r: 0, f: 0, m: 0 };
    return { ...one, ...score, segment: segmentOf(mapIn(definition), score, one.orders, plan.most) };
  });
}

/** What the database has, in the same words. */
export async function storedScores(table = "rfm_scores"): Promise<Scored[]> {
  const sql = `SELECT contact, last_order_at AS lastOrderAt, orders, monetary, r, f, m, segment FROM ${table} ORDER BY contact`;
  return (await DB.prepare(sql).all<Scored>()).results;
}
