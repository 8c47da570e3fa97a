import fc from "fast-check";
import { dayAfter, momentOf } from "../../../src/segments/local-day";
import { localDate } from "../../../src/shared/wall-time";

export const ZONE = "Europe/Paris";
const DAY = 86_400_000;

/** When is asked, epoch ms: while it is the next day in Paris already (of 23 and 25 hours, and a leap day), and at a noon. */
export const NOWS = [
  Date.UTC(2026, 2, 28, 23, 30),
  Date.UTC(2026, 9, 24, 22, 30),
  Date.UTC(2028, 1, 28, 23, 30),
  Date.UTC(2026, 2, 29, 12),
];

/** Days that rules ask about; the clocks of Paris change on two of them. */
export const CHANGES = ["2026-03-29", "2026-10-25"];
export const ASKED_DAYS = [...CHANGES, "2026-03-28", "2026-03-30", "2026-10-24", "2025-12-31", "2028-02-28"];
/** Moments that rules ask about, on either side of the hour that is left out. */
export const ASKED_TIMES = ["2026-03-29T01:30:00+01:00", "2026-03-29T03:00:00+02:00"];
/** Spans that rules ask about, in days; whole ages of dates; and days from today. */
export const ASKED_SPANS = [0, 1, 7, 30, 90, 365];
export const ASKED_AGES = [0, 1, 30, 3_660];
export const ASKED_NEAR = [
  { from: 0, to: 0 },
  { from: 1, to: 1 },
  { from: 0, to: 7 },
  { from: -5, to: 35 },
  { from: -1, to: 0 },
];

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
const amount = fc.constantFrom(0, 1, 999, 5_000, 5_001, 20_000, -500);
const about = (at: number): number[] => [at - 1, at, at + 1];

/** Moments about `now`: on the edges of spans and of the shop's days that are asked about, and anywhere. */
export function moments(now: number): fc.Arbitrary<number> {
  const spans = ASKED_SPANS.flatMap((days) => [...about(now - days * DAY), ...about(now + days * DAY)]);
  const days = ASKED_DAYS.flatMap((day) => [day, dayAfter(day, 1)]).map((day) => momentOf(day, ZONE));
  const midnights = [...new Set(days), ...ASKED_TIMES.map(Date.parse)].flatMap(about);
  return fc.oneof(
    fc.constantFrom(...spans),
    fc.constantFrom(...midnights),
    fc.integer({ min: now - 400 * DAY, max: now + 3 * DAY }),
  );
}

/** Dates on the edges of what is asked: so many days before the shop's today, of its anniversaries, and others. */
function dates(now: number): fc.Arbitrary<string> {
  const today = localDate(now, ZONE);
  const ages = ASKED_AGES.flatMap((days) => [-days - 1, -days, -days + 1]);
  const near = ASKED_NEAR.flatMap(({ from, to }) => [from - 1, from, to, to + 1]);
  const years = near.map((days) => `1988${dayAfter(today, days).slice(4)}`);
  return fc.oneof(
    fc.constantFrom(...[...ages, ...near].map((days) => dayAfter(today, days))),
    fc.constantFrom(...years),
    fc.constantFrom(...ASKED_DAYS, "2000-02-29", "1970-01-01", "no date"),
  );
}

const consentState = fc.constantFrom("granted", "withdrawn", "claimed");

function contacts(now: number) {
  const consents = fc.dictionary(
    fc.constantFrom("email", "sms", "push", "tracking", "profiling", "partner"),
    fc.record({ state: consentState, at: moments(now) }),
  );
  const attribute = fc.oneof(
    fc.constantFrom<unknown>(true, false, null, 0, 42, 1.5, -7, "42", "", [1], { a: 1 }),
    fc.constantFrom(...WORDS),
    dates(now),
  );
  const names = fc.constantFrom("size", "pet name", "préférence", "lat", "lon", "preferred_store", "Été");
  const attributes = fc.dictionary(names, attribute);
  const place = fc.constantFrom(
    {},
    { lat: 48.85, lon: 2.35, preferred_store: "paris" },
    { lat: 45.76, lon: 4.83 },
    { lat: "x", lon: 2 },
    { lat: -90, lon: 180 },
  );
  return fc.record({
    status: fc.constantFrom("verified", "verified", "verified", "anonymous"),
    external_id: orNull(fc.constantFrom("u1", "u2")),
    email: orNull(fc.constantFrom("a@x.test", "b@y.test")),
    phone: orNull(fc.constantFrom("+33612345678", "+3225550100")),
    first_name: orNull(fc.constantFrom(...WORDS)),
    last_name: orNull(fc.constantFrom(...WORDS)),
    civility: orNull(fc.constantFrom("Mr", "Mme")),
    language: orNull(fc.constantFrom("fr", "en")),
    country: orNull(fc.constantFrom("FR", "BE")),
    timezone: orNull(fc.constantFrom("Europe/Paris", "Asia/Tokyo")),
    birth_date: orNull(dates(now)),
    attributes: fc.tuple(attributes, place).map(([some, where]) => JSON.stringify({ ...some, ...where })),
    consents: consents.map((value) => JSON.stringify(value)),
    created_at: moments(now),
    seen_at: moments(now),
  });
}

const cartLine = fc.record({
  product_id: fc.constantFrom(...PRODUCTS),
  sku: orNull(fc.constantFrom("s1", "s2")),
  name: orNull(fc.constantFrom(...WORDS)),
  category: orNull(fc.constantFrom(...CATEGORIES)),
  brand: orNull(fc.constantFrom(...BRANDS)),
  quantity: fc.constantFrom(1, 2, 10),
  price: fc.constant(0),
});

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
    refunded: fc.constantFrom(0, 0, 999, 30_000),
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
  fc.array(fc.tuple(whose, arbitrary), { minLength: most / 2, maxLength: most, size: "max" });

/** Rows of a few contacts, some of whom were merged into others. */
export function worlds(now: number): fc.Arbitrary<World> {
  return fc
    .record({
      contacts: fc.array(contacts(now), { minLength: CONTACTS, maxLength: CONTACTS }),
      merged: fc.array(fc.tuple(whose, whose), { maxLength: 6, size: "max" }),
      orders: owned(orders(now), 60),
      carts: owned(
        fc.record({
          state: fc.constantFrom("active", "checkout", "abandoned", "converted", "emptied", "expired", "replaced"),
          opened_at: moments(now),
          changed_at: moments(now),
          currency: fc.constantFrom("EUR", "USD"),
          value: amount,
          lines: fc.array(cartLine, { maxLength: 3, size: "max" }),
        }),
        30,
      ),
      wishlist_items: owned(
        fc.record({
          list: orNull(fc.constantFrom("default", "gifts")),
          product_id: orNull(fc.constantFrom(...PRODUCTS)),
          variant_id: orNull(fc.constantFrom("v1", "v2")),
          price_at_add: orNull(amount),
          added_at: orNull(moments(now)),
          removed_at: fc.option(moments(now), { nil: null, freq: 1 }),
          expires_at: orNull(moments(now)),
          updated_at: moments(now),
        }),
        40,
      ),
      ...others(now),
    })
    .map(tablesOf);
}

/** Products of a visit that is over, and of one that may go on, as the tables hold them. */
const looked = fc.array(
  // One of them is not in the catalogue.
  fc.tuple(fc.constantFrom(...PRODUCTS, "gone"), fc.constantFrom(1, 2, 3), fc.integer({ min: 0, max: 900 })),
  {
    maxLength: 3,
  },
);

/** Figures of what somebody does; days by their numbers, on the edges of windows among them. */
function behaviour(now: number) {
  const today = Math.floor(now / DAY);
  const day = fc.oneof(fc.constantFrom(0, 1, 30, 89), fc.integer({ min: 0, max: 89 })).map((age) => today - age);
  const count = fc.constantFrom(0, 1, 3, 8);
  return fc.record({
    units: fc.integer({ min: 1, max: 2 ** 27 }),
    since_day: orNull(day),
    acted_day: orNull(day),
    mail_day: orNull(day),
    visit_day: orNull(day),
    visits_30: count,
    visits_90: count,
    weekend_90: count,
    day_part: orNull(fc.constantFrom("night", "evening")),
    channel: orNull(fc.constantFrom("web", "app")),
    category: orNull(fc.constantFrom(...CATEGORIES)),
    orders: fc.constantFrom(0, 2, 3, 10),
    spend: amount,
    promoted: amount,
  });
}

function others(now: number) {
  return {
    reviews: owned(
      fc.record({
        product_id: orNull(fc.constantFrom(...PRODUCTS)),
        rating: orNull(fc.constantFrom(1, 4, 4.5, 5)),
        nps: orNull(fc.constantFrom(0, 8, 10)),
        text: orNull(fc.constantFrom(...WORDS)),
        verified: orNull(fc.constantFrom(0, 1)),
        reviewed_at: moments(now),
      }),
      40,
    ),
    visits: owned(
      fc.record({
        channel: orNull(fc.constantFrom("web", "app")),
        started_at: moments(now),
        pages: orNull(fc.constantFrom(0, 1, 10)),
        landing: orNull(fc.constantFrom("/", "/lamps")),
        store: orNull(fc.constantFrom(...STORES)),
        views: orNull(looked.map((some) => JSON.stringify(some))),
      }),
      40,
    ),
    crm_events: owned(
      fc.record({
        type: orNull(fc.constantFrom("ticket", "complaint")),
        severity: orNull(fc.constantFrom("high", "low")),
        opened_at: orNull(moments(now)),
        closed_at: orNull(moments(now)),
      }),
      40,
    ),
    x_pets: owned(
      fc.record({
        kind: orNull(fc.constantFrom(...WORDS)),
        weight: orNull(fc.constantFrom(0, 1, 4.5)),
        legs: orNull(fc.constantFrom(0, 2, 10)),
        chipped: orNull(fc.constantFrom(0, 1)),
        seen: orNull(moments(now)),
        born: orNull(dates(now)),
        price: orNull(amount),
        price_currency: orNull(fc.constantFrom("EUR", "USD")),
      }),
      40,
    ),
    loyalty_lots: owned(
      fc.record({
        points_left: fc.constantFrom(0, 1, 50, 100),
        earned_at: moments(now),
        expires_at: orNull(moments(now)),
      }),
      50,
    ),
    loyalty_movements: owned(
      fc.record({
        kind: fc.constantFrom("earn", "burn"),
        points: fc.constantFrom(-50, 0, 1, 100),
        at: moments(now),
        rule: orNull(fc.constantFrom("review", "birthday")),
      }),
      40,
    ),
    loyalty_accounts: owned(
      fc.record({
        tier: orNull(fc.constantFrom("gold", "silver")),
        tier_since: orNull(moments(now)),
        tier_until: orNull(moments(now)),
      }),
      40,
    ),
    referrals: owned(
      fc.record({
        friend: fc.integer({ min: 0, max: CONTACTS }),
        state: fc.constantFrom("shared", "clicked", "ordered", "pending_review", "rewarded", "rejected"),
        at: moments(now),
      }),
      30,
    ),
    rfm_scores: owned(
      fc.record({
        orders: fc.constantFrom(1, 2),
        monetary: amount,
        last_order_at: moments(now),
        r: orNull(fc.constantFrom(1, 2, 5)),
        f: orNull(fc.constantFrom(1, 2, 5)),
        m: orNull(fc.constantFrom(1, 2, 5)),
      }),
      30,
    ),
    contact_behaviour: owned(behaviour(now), 40),
    sends: owned(
      fc.record({
        scenario: fc.constantFrom("welcome", "cart"),
        channel: fc.constantFrom("email", "sms"),
        class: fc.constantFrom("marketing", "transactional"),
        content: fc.constantFrom("cart_1", "hello"),
        state: fc.constantFrom("sent", "sent", "suppressed", "queued"),
        reason: orNull(fc.constantFrom("capped", "erased")),
        first_attempt_at: orNull(moments(now)),
        created_at: moments(now),
      }),
      50,
    ),
    message_acts: owned(
      fc.record({
        send: fc.integer({ min: 0, max: 49 }).map((index) => `r${index}`),
        kind: fc.constantFrom("delivered", "opened", "clicked"),
        at: moments(now),
      }),
      60,
    ),
    segment_members: owned(
      fc.record({
        family: fc.constantFrom("rfm", "vip"),
        segment: fc.constantFrom("champions", "vip"),
        since: moments(now),
      }),
      40,
    ),
    segment_transitions: owned(
      fc.record({
        family: fc.constantFrom("rfm", "vip"),
        at: moments(now),
        from_segment: orNull(fc.constantFrom("champions", "vip")),
        to_segment: orNull(fc.constantFrom("champions", "vip")),
        cause: fc.constantFrom("first", "act", "decay"),
      }),
      80,
    ),
    open: fc.array(fc.tuple(whose, fc.tuple(moments(now), looked)), { maxLength: 12, size: "max" }),
  };
}

/** What tables of one kind need beside what was drawn, and by what a row of theirs is known. */
const SHAPES: Readonly<
  Record<string, { readonly also: (index: number) => Record<string, Value>; readonly key?: readonly string[] }>
> = {
  loyalty_lots: { also: (index) => ({ id: `l${index}`, points: 100, returned: 0, base: 0 }) },
  loyalty_movements: { also: (index) => ({ id: `m${index}`, missing: 0, recorded_at: 0, event_id: `e${index}` }) },
  loyalty_accounts: { also: () => ({ earned: "[]", counts: "{}", seen: "" }), key: ["contact"] },
  referrals: { also: (index) => ({ code: `f${index}`, flags: "[]" }) },
  sends: {
    also: (index) => ({
      id: `r${index}`,
      run: "run",
      block: "b",
      content_version: 1,
      address: "",
      data: "{}",
      open: 0,
      attempts: 1,
      next_at: 0,
      lease_until: 0,
      updated_at: 0,
    }),
  },
  rfm_scores: { also: () => ({ moved_at: 0, moved_by: "act" }), key: ["contact"] },
  contact_behaviour: { also: () => ({ mailed: 0 }), key: ["contact"] },
  message_acts: { also: () => ({}), key: ["contact", "send", "kind"] },
  segment_members: { also: () => ({}), key: ["family", "contact"] },
  segment_transitions: { also: () => ({}), key: ["family", "contact", "at"] },
};

/** Rows of one table; of several with one key the first is kept. */
function rowsOf(name: string, rows: readonly (readonly [number, Record<string, Value>])[]): Record<string, Value>[] {
  const { also, key } = SHAPES[name] ?? {
    also: (index: number) => ({ source_id: `r${index}`, source: "secret", updated_at: 0 }),
  };
  const owner = name === "referrals" ? "advocate" : "contact";
  const all = rows.map(([contact, row], index) => ({ ...also(index), [owner]: contact, ...row }));
  if (!key) return all;
  return [
    ...Map.groupBy(all, (row) => key.map((column) => row[column as keyof typeof row]).join("|")).values(),
  ].flatMap((same) => same.slice(0, 1)) as Record<string, Value>[];
}

type Drawn = {
  contacts: readonly Record<string, Value>[];
  merged: readonly (readonly [number, number])[];
  orders: readonly (readonly [number, Record<string, unknown>])[];
  carts: readonly (readonly [number, Record<string, unknown>])[];
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
    const lines = row["lines"] as readonly Record<string, Value>[];
    // All that it is worth is in its first line.
    const worth = lines.map((one, place) => (place === 0 ? { ...one, quantity: 1, price: row["value"] } : one));
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
  const taken = ["contacts", "merged", "orders", "carts", "open"];
  const starred = Object.entries(drawn).filter(([name]) => !taken.includes(name));
  const star = starred.map(([name, rows]) => [name, rowsOf(name, rows as [number, Record<string, Value>][])]);
  // Acts hang on the message's own contact.
  const sends = (star.find(([name]) => name === "sends")?.[1] ?? []) as Record<string, Value>[];
  for (const act of (star.find(([name]) => name === "message_acts")?.[1] ?? []) as Record<string, Value>[]) {
    act["contact"] = sends.find(({ id }) => id === act["send"])?.["contact"] ?? 1;
  }
  for (const row of contacts) row["star"] = null;
  for (const [contact, [start, seen]] of drawn["open"] as [number, [number, unknown[][]]][]) {
    const row = contacts[contact - 1];
    if (row) row["star"] = JSON.stringify([[start, "web", 3, "/", seen.flat()], []]);
  }
  // Of dollars nothing is known before; a change of the rate lies within the year.
  const exchange_rates = [
    { currency: "USD", from_at: NOWS[0] ?? 0, day: "2026-03-29", rate: "0.9", factor: 0.9 },
    { currency: "USD", from_at: Date.UTC(2025, 11, 1), day: "2025-12-01", rate: "0.8333", factor: 0.8333 },
  ];
  const stores = [
    { store_id: "paris", name: "Paris", lat: 48.86, lon: 2.34, updated_at: 0 },
    { store_id: "lyon", name: "Lyon", lat: 45.75, lon: 4.85, updated_at: 0 },
    { store_id: "nowhere", name: "Nowhere", lat: null, lon: null, updated_at: 0 },
  ];
  const contact_metrics = metricsOf(orders, headOf);
  const products = PRODUCTS.map((product_id, index) => ({
    product_id,
    title: product_id,
    category: CATEGORIES[index] ?? null,
    brand: BRANDS[index] ?? null,
    updated_at: 0,
  }));
  return {
    contacts,
    orders,
    order_lines,
    contact_metrics,
    exchange_rates,
    carts,
    products,
    stores,
    ...Object.fromEntries(star),
  } as World;
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

/** A table that a shop might define. */
export const PETS = {
  key: "pets",
  title: "Pets",
  family: "linked",
  columns: [
    { name: "kind", type: "text" },
    { name: "weight", type: "number" },
    { name: "legs", type: "integer" },
    { name: "chipped", type: "boolean" },
    { name: "seen", type: "time" },
    { name: "born", type: "date" },
    { name: "price", type: "money" },
    { name: "notes", type: "json" },
  ],
} as const;

/** Puts a world in the place of all rows that are there. */
export async function fill(db: D1Database, world: World): Promise<void> {
  const tables = Object.entries(world);
  const statements = tables.flatMap(([name, rows]) => {
    const [first] = rows;
    const clear = db.prepare(`DELETE FROM ${name}`);
    if (!first) return [clear];
    const columns = Object.keys(first);
    const values = columns.map((_, index) => `value ->> ${index}`).join(", ");
    const sql = `INSERT OR IGNORE INTO ${name} (${columns.join(", ")}) SELECT ${values} FROM json_each(?1)`;
    return [
      clear,
      db.prepare(sql).bind(JSON.stringify(rows.map((row) => columns.map((column) => row[column] ?? null)))),
    ];
  });
  await db.batch(statements);
}
