import fc from "fast-check";

/** Days on which the clocks of Paris change, and the last hour before; epoch ms. */
export const DST_DAYS = [Date.UTC(2026, 2, 29, 0, 30), Date.UTC(2026, 9, 25, 0, 30), Date.UTC(2026, 2, 29, 12)];
const DAY = 86_400_000;

type Value = string | number | null;
/** Rows to be inserted, by table; every row names the same columns. */
export type World = Readonly<Record<string, readonly Readonly<Record<string, Value>>[]>>;

export const CONTACTS = 30;
export const PRODUCTS = ["lamp", "candle", "vase"];
export const CATEGORIES = ["Lamps", "candles", "Été"];
export const BRANDS = ["Nord", "sud"];
export const COUPONS = ["WELCOME", "SUMMER10"];
export const STORES = ["paris", "lyon"];
export const WORDS = ["Ann", "bob", "Élodie", "ann-marie", "x' OR 1=1 --", 'a"b', "50%_off"];

const orNull = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { nil: null, freq: 3 });
const amount = fc.constantFrom(0, 1, 999, 5_000, 5_001, 20_000);

/** Moments about `now`: on the edges of windows, on days that the clocks change, and anywhere. */
export function moments(now: number): fc.Arbitrary<number> {
  const edges = [1, 7, 30, 90, 365].flatMap((days) => [now - days * DAY, now - days * DAY + 1, now - days * DAY - 1]);
  return fc.oneof(
    fc.constantFrom(...edges, now, now + 1, now - 1),
    fc.constantFrom(...DST_DAYS.flatMap((at) => [at, at - DAY, at + DAY])),
    fc.integer({ min: now - 400 * DAY, max: now + 3 * DAY }),
  );
}

const day = fc.constantFrom("2000-02-29", "1990-03-29", "1985-10-25", "1999-12-31", "1970-01-01", "no date");
const consentState = fc.constantFrom("granted", "withdrawn", "claimed");

function contacts(now: number) {
  const consents = fc.dictionary(
    fc.constantFrom("email", "sms", "push", "tracking", "profiling", "partner"),
    fc.record({ state: consentState, at: moments(now) }),
  );
  const attribute = fc.oneof(
    fc.constantFrom<unknown>(true, false, null, 0, 42, 1.5, -7, "42", "", "2026-03-29", [1], { a: 1 }),
    fc.constantFrom(...WORDS),
  );
  const names = fc.constantFrom("size", "pet name", "préférence", "lat", "lon", "preferred_store", "Été");
  const attributes = fc.dictionary(names, attribute);
  const place = fc.constantFrom(
    {},
    { lat: 48.85, lon: 2.35 },
    { lat: 45.76, lon: 4.83 },
    { lat: "x", lon: 2 },
    { lat: -90, lon: 180 },
  );
  return fc.record({
    status: fc.constantFrom("verified", "verified", "verified", "anonymous"),
    external_id: orNull(fc.constantFrom("u1", "u2")),
    email: orNull(fc.constantFrom("a@x.test", "b@y.test")),
    phone: orNull(fc.constant("+33612345678")),
    first_name: orNull(fc.constantFrom(...WORDS)),
    last_name: orNull(fc.constantFrom(...WORDS)),
    civility: orNull(fc.constantFrom("Mr", "Mme")),
    language: orNull(fc.constantFrom("fr", "en")),
    country: orNull(fc.constantFrom("FR", "BE")),
    timezone: orNull(fc.constant("Europe/Paris")),
    birth_date: orNull(day),
    attributes: fc.tuple(attributes, place).map(([some, where]) => JSON.stringify({ ...some, ...where })),
    consents: consents.map((value) => JSON.stringify(value)),
    created_at: moments(now),
    seen_at: moments(now),
  });
}

const line = fc.record({
  product_id: fc.constantFrom(...PRODUCTS),
  sku: orNull(fc.constantFrom("s1", "s2")),
  name: fc.constantFrom(...WORDS),
  category: orNull(fc.constantFrom(...CATEGORIES)),
  brand: orNull(fc.constantFrom(...BRANDS)),
  quantity: fc.constantFrom(1, 2, 10),
  price: amount,
  total: amount,
  returned_qty: fc.constantFrom(0, 1),
  is_gift: fc.constantFrom(0, 1),
});

function orders(now: number) {
  return fc.record({
    status: fc.constantFrom(
      "pending",
      "confirmed",
      "shipped",
      "in_transit",
      "delivered",
      "partially_refunded",
      "cancelled",
      "refunded",
    ),
    placed_at: moments(now),
    currency: fc.constantFrom("EUR", "EUR", "USD"),
    total: amount,
    refunded: fc.constantFrom(0, 0, 999),
    shipping: fc.constantFrom(0, 500),
    discount: amount,
    coupon: orNull(fc.constantFrom(...COUPONS)),
    store: orNull(fc.constantFrom(...STORES)),
    channel: fc.constantFrom("web", "pos"),
    is_gift: fc.constantFrom(0, 1),
    delivered_at: orNull(moments(now)),
    lines: fc.array(line, { maxLength: 3 }),
  });
}

const whose = fc.integer({ min: 1, max: CONTACTS });
const owned = <T>(arbitrary: fc.Arbitrary<T>, most: number) =>
  fc.array(fc.tuple(whose, arbitrary), { minLength: 0, maxLength: most });

/** Rows of a few contacts, some of whom were merged into others. */
export function worlds(now: number): fc.Arbitrary<World> {
  return fc
    .record({
      contacts: fc.array(contacts(now), { minLength: CONTACTS, maxLength: CONTACTS }),
      merged: fc.array(fc.tuple(whose, whose), { maxLength: 6 }),
      orders: owned(orders(now), 60),
      carts: owned(
        fc.record({
          state: fc.constantFrom("active", "checkout", "abandoned", "converted", "emptied", "expired", "replaced"),
          opened_at: moments(now),
          changed_at: moments(now),
          currency: fc.constantFrom("EUR", "USD"),
          value: amount,
          lines: fc.integer({ min: 0, max: 3 }),
        }),
        30,
      ),
      wishlist_items: owned(
        fc.record({
          list: orNull(fc.constant("default")),
          product_id: orNull(fc.constantFrom(...PRODUCTS)),
          variant_id: orNull(fc.constant("v1")),
          price_at_add: orNull(amount),
          added_at: orNull(moments(now)),
          removed_at: orNull(moments(now)),
          expires_at: orNull(moments(now)),
          updated_at: moments(now),
        }),
        40,
      ),
    })
    .map(tablesOf);
}

type Drawn = {
  contacts: readonly Record<string, Value>[];
  merged: readonly (readonly [number, number])[];
  orders: readonly (readonly [number, Record<string, unknown>])[];
  carts: readonly (readonly [number, Record<string, Value>])[];
} & Record<string, unknown>;

/** The rows as the tables hold them: nobody has two open carts, and nobody is merged in a circle. */
function tablesOf(drawn: Drawn): World {
  const contacts = drawn.contacts.map((row, index) => ({
    id: index + 1,
    ...row,
    merged_into: null as number | null,
    tracked: 0,
    ring: "",
    seq: 1,
  })) as (Record<string, Value> & { id: number; merged_into: number | null })[];
  for (const [from, into] of drawn.merged) {
    const loser = contacts[from - 1];
    if (loser && from > into && loser.merged_into === null)
      Object.assign(loser, { merged_into: into, status: "merged" });
  }
  const headOf = (id: number): number => {
    const into = contacts[id - 1]?.merged_into;
    return into == null ? id : headOf(into);
  };
  const open = new Set<number>();
  const carts = drawn.carts.map(([contact, row], index) => {
    const isOpen = ["active", "checkout", "abandoned"].includes(String(row["state"]));
    const state = isOpen && open.has(headOf(contact)) ? "replaced" : row["state"];
    if (isOpen) open.add(headOf(contact));
    const lines = Array.from({ length: Number(row["lines"]) }, () => ({ product_id: "lamp", quantity: 1, price: 0 }));
    const worth = lines.length > 0 ? [{ product_id: "lamp", quantity: 1, price: row["value"] }, ...lines.slice(1)] : [];
    const value = lines.length > 0 ? row["value"] : 0;
    return {
      id: index + 1,
      contact,
      cart_id: `c${index}`,
      ...row,
      state,
      value,
      lines: JSON.stringify(worth),
    } as Record<string, Value>;
  });
  const orders = drawn.orders.map(([contact, { lines: _lines, ...row }], index) => ({
    order_id: `o${index}`,
    contact,
    ...row,
    tax: 0,
    shown: "[]",
    source: "secret",
    net: Number(row["total"]) - Number(row["refunded"]) - Number(row["shipping"]),
  })) as unknown as Record<string, Value>[];
  const order_lines = drawn.orders.flatMap(([contact, { lines }], index) =>
    (lines as Record<string, Value>[]).map((one, place) => ({ order_id: `o${index}`, line: place, contact, ...one })),
  ) as Record<string, Value>[];
  const starred = Object.entries(drawn).filter(([name]) => !["contacts", "merged", "orders", "carts"].includes(name));
  const star = starred.map(([name, rows]) => [
    name,
    (rows as (readonly [number, Record<string, Value>])[]).map(([contact, row], index) => ({
      source_id: `r${index}`,
      contact,
      source: "secret",
      updated_at: 0,
      ...row,
    })),
  ]);
  const contact_metrics = metricsOf(orders, headOf);
  const products = PRODUCTS.map((product_id, index) => ({
    product_id,
    title: product_id,
    category: CATEGORIES[index] ?? null,
    brand: BRANDS[index] ?? null,
    updated_at: 0,
  }));
  return { contacts, orders, order_lines, contact_metrics, carts, products, ...Object.fromEntries(star) } as World;
}

const VALID = ["confirmed", "shipped", "in_transit", "delivered", "partially_refunded"];

/** The figures that the ledger would keep. */
function metricsOf(orders: readonly Record<string, Value>[], headOf: (id: number) => number): Record<string, Value>[] {
  const valid = orders.filter((order) => VALID.includes(String(order["status"])) && Number(order["net"]) > 0);
  return [...Map.groupBy(orders, (order) => headOf(Number(order["contact"])))].map(([contact]) => {
    const own = valid.filter((order) => headOf(Number(order["contact"])) === contact);
    const times = own.map((order) => Number(order["placed_at"]));
    const net_total = own.reduce((sum, order) => sum + (order["currency"] === "EUR" ? Number(order["net"]) : 0), 0);
    const first_order_at = times.length > 0 ? Math.min(...times) : null;
    return {
      contact,
      orders: own.length,
      net_total,
      first_order_at,
      last_order_at: times.length > 0 ? Math.max(...times) : null,
    };
  });
}

/** Puts a world in the place of all rows that are there. */
export async function fill(db: D1Database, world: World): Promise<void> {
  const tables = Object.entries(world);
  const statements = tables.flatMap(([name, rows]) => {
    const [first] = rows;
    const clear = db.prepare(`DELETE FROM ${name}`);
    if (!first) return [clear];
    const columns = Object.keys(first);
    const values = columns.map((_, index) => `value ->> ${index}`).join(", ");
    const sql = `INSERT INTO ${name} (${columns.join(", ")}) SELECT ${values} FROM json_each(?1)`;
    return [
      clear,
      db.prepare(sql).bind(JSON.stringify(rows.map((row) => columns.map((column) => row[column] ?? null)))),
    ];
  });
  await db.batch(statements);
}
