import fc from "fast-check";
import { exchangeOf, inBase } from "../../src/commerce/exchange";
import type { OrderStatus } from "../../src/commerce/order";
import type { Behaviour, BehaviourFacts } from "../../src/segments/behaviour/behaviour";
import { behaviourOf } from "../../src/segments/behaviour/behaviour";
import type { Calendar } from "../../src/segments/behaviour/calendar";
import { CONTACTS, moments, type World, worlds } from "./targeting/world";

type Value = string | number | null;
type Row = Readonly<Record<string, Value>>;

const DAY = 86_400_000;
const whose = fc.integer({ min: 1, max: CONTACTS });
const KINDS = [
  "visits",
  "store",
  "clicked",
  "opened",
  "wishlist_items",
  "reviews",
  "referrals",
  "orders",
  "mails",
] as const;

/** Much of one kind by one contact, day after day: by chance alone nobody is a regular. */
const bursts = (now: number) =>
  fc.array(
    fc.record({
      contact: whose,
      kind: fc.constantFrom(...KINDS),
      days: fc.integer({ min: 1, max: 14 }),
      // On both sides of a window's first day, by the minute.
      last: fc.oneof(
        moments(now),
        fc
          .tuple(fc.constantFrom(0, 29, 30, 31, 89, 90, 91, 180, 181), fc.integer({ min: -720, max: 720 }))
          .map(([days, minutes]) => now - days * DAY + minutes * 60_000),
      ),
      every: fc.constantFrom(DAY, DAY, 3_600_000),
    }),
    { minLength: 20, maxLength: 40 },
  );

/** What the targeting's worlds lack: prices before discounts, visits to stores, habits, and few without status. */
export function behaviourWorlds(now: number): fc.Arbitrary<World> {
  const rest = fc.record({
    bursts: bursts(now),
    discounts: fc.array(fc.constantFrom(0, 0, 99, 100, 101, 2_000), { minLength: 40, maxLength: 40 }),
    refuse: fc.array(whose, { maxLength: 4 }),
  });
  return fc.tuple(worlds(now), rest).map(([world, drawn]) => enriched(world, drawn, now));
}

/** What behaviour is read from. */
const TABLES = [
  "contacts",
  "orders",
  "order_lines",
  "exchange_rates",
  "products",
  "wishlist_items",
  "reviews",
  "visits",
  "referrals",
  "sends",
  "message_acts",
];

type Drawn = {
  bursts: readonly { contact: number; kind: (typeof KINDS)[number]; days: number; last: number; every: number }[];
  discounts: readonly number[];
  refuse: readonly number[];
};

function enriched(world: World, { bursts: some, discounts, refuse }: Drawn, now: number): World {
  const off = (index: number): number => discounts[index % discounts.length] ?? 0;
  const more: Record<string, Row[]> = {};
  const sends = world["sends"] ?? [];
  const put = (table: string, row: Row): void => {
    more[table] = [...(more[table] ?? []), row];
  };
  some.forEach(({ contact, kind, days, last, every }, burst) => {
    for (let day = 0; day < days; day++) {
      const at = last - day * every;
      const star = { source_id: `b${burst}-${day}`, contact, source: "secret", updated_at: 0 };
      if (kind === "visits" || kind === "store") {
        const views = day % 2 === 0 ? JSON.stringify([["lamp", 1, 5]]) : null;
        const channel = kind === "store" ? "store" : burst % 3 === 0 ? "app" : "web";
        put("visits", { ...star, channel, started_at: at, pages: 1, landing: "/", store: null, views });
      } else if (kind === "wishlist_items") put(kind, { ...wish, ...star, added_at: at });
      else if (kind === "reviews") put(kind, { ...review, ...star, reviewed_at: at });
      else if (kind === "referrals")
        put(kind, { code: `b${burst}-${day}`, flags: "[]", advocate: contact, friend: 0, state: "shared", at });
      else if (kind === "orders") put(kind, { ...sale, order_id: `b${burst}-${day}`, contact, placed_at: at });
      else if (kind === "mails") {
        const [like] = sends;
        if (like) put("sends", { ...like, id: `b${burst}-${day}`, contact, first_attempt_at: at, ...mail });
      } else {
        // Acts hang on the message's own contact.
        const send = sends[(burst + day) % sends.length];
        if (send) put("message_acts", { contact: send["contact"] ?? 0, send: send["id"] ?? "", kind, at });
      }
    }
  });
  const tables = Object.fromEntries(TABLES.map((name) => [name, [...(world[name] ?? []), ...(more[name] ?? [])]]));
  const orders = (tables["orders"] ?? []).map((row, index) => ({
    ...row,
    discount: off(index),
    gross: index % 5 === 0 ? 0 : 1_000,
  }));
  const order_lines = (tables["order_lines"] ?? []).map((row, index) => ({ ...row, discount: off(index + 7) }));
  const contacts = (tables["contacts"] ?? []).map((row) =>
    refuse.includes(Number(row["id"]))
      ? { ...row, consents: JSON.stringify({ profiling: { state: "withdrawn", at: now } }) }
      : row,
  );
  const acts = Map.groupBy(tables["message_acts"] ?? [], ({ contact, send, kind }) => `${contact}|${send}|${kind}`);
  const message_acts = [...acts.values()].flatMap((same) => same.slice(0, 1));
  const whole = { ...tables, orders, order_lines, contacts, message_acts } as World;
  return { ...whole, contact_metrics: metricsOf(whole) };
}

const mail = { channel: "email", class: "marketing", state: "sent" };
const wish = {
  list: null,
  product_id: "lamp",
  variant_id: null,
  price_at_add: null,
  removed_at: null,
  expires_at: null,
};
const review = { product_id: null, rating: 5, nps: null, text: null, verified: 1 };
const sale = {
  status: "delivered",
  currency: "EUR",
  total: 1_000,
  refunded: 0,
  shipping: 0,
  discount: 0,
  coupon: null,
  store: null,
  channel: "web",
  is_gift: 0,
  delivered_at: null,
  tax: 0,
  shown: "[]",
  source: "secret",
  net: 1_000,
};

function metricsOf(world: World): Row[] {
  return [...Map.groupBy(world["orders"] ?? [], (order) => headOf(world, Number(order["contact"])))].map(
    ([contact, rows]) => {
      const valid = rows.filter(
        (row) => !["pending", "cancelled", "refunded"].includes(String(row["status"])) && Number(row["net"]) > 0,
      );
      const times = valid.map((row) => Number(row["placed_at"]));
      const last_order_at = times.length > 0 ? Math.max(...times) : null;
      return { contact, orders: valid.length, net_total: 0, first_order_at: null, last_order_at };
    },
  );
}

function headOf(world: World, id: number): number {
  const into = world["contacts"]?.[id - 1]?.["merged_into"];
  return typeof into === "number" ? headOf(world, into) : id;
}

/** What everybody's facts come to by the plain rules, by contact. */
export function plainBehaviour(world: World, calendar: Calendar, currency: string): Map<number, Behaviour> {
  const heads = (world["contacts"] ?? []).filter(({ status }) => status === "verified");
  return new Map(
    heads.flatMap((row) => {
      const kept = behaviourOf(factsOf(world, row, currency), calendar);
      return kept === null ? [] : [[Number(row["id"]), kept] as const];
    }),
  );
}

function factsOf(world: World, contact: Row, currency: string): BehaviourFacts {
  const of = (table: string, column = "contact"): readonly Row[] =>
    (world[table] ?? []).filter((row) => headOf(world, Number(row[column])) === contact["id"]);
  const categories = new Map(
    (world["products"] ?? []).map((row) => [row["product_id"], row["category"] as string | null]),
  );
  const rates = (world["exchange_rates"] ?? []).map((row) => ({
    currency: String(row["currency"]),
    from: Number(row["from_at"]),
    rate: Number(row["factor"]),
  }));
  const exchange = exchangeOf(currency, rates);
  const viewsOf = (views: readonly (readonly Value[])[]) =>
    views.map(([product, times]) => ({ category: categories.get(product ?? null) ?? null, times: Number(times) }));
  const open = of("contacts", "id").flatMap(({ star }) => {
    if (star == null) return [];
    const [[at, channel, , , flat]] = JSON.parse(String(star)) as [[number, string, number, string, Value[]]];
    const each = flat.flatMap((_, index) => (index % 3 === 0 ? [flat.slice(index, index + 3)] : []));
    return [{ at, channel, views: viewsOf(each) }];
  });
  const sends = new Map(
    (world["sends"] ?? []).map((row) => [`${row["contact"]}|${row["id"]}`, row["channel"] as string]),
  );
  const time = (value: Value | undefined): number | null => (typeof value === "number" ? value : null);
  return {
    refuses: JSON.parse(String(contact["consents"]))["profiling"]?.state === "withdrawn",
    visits: [
      ...of("visits").map(({ started_at, channel, views }) => ({
        at: time(started_at),
        channel: channel as string | null,
        views: viewsOf(views == null ? [] : JSON.parse(String(views))),
      })),
      ...open,
    ],
    mailActs: of("message_acts").map(({ kind, at, send, contact: own }) => ({
      kind: String(kind),
      at: Number(at),
      channel: sends.get(`${own}|${send}`) ?? null,
    })),
    wishes: of("wishlist_items").map(({ added_at }) => time(added_at)),
    reviews: of("reviews").map(({ reviewed_at }) => time(reviewed_at)),
    shares: of("referrals", "advocate").flatMap(({ friend, at }) => (friend === 0 ? [Number(at)] : [])),
    mails: of("sends")
      .filter((row) => row["channel"] === "email" && row["class"] === "marketing" && row["state"] === "sent")
      .map((row) => Number(row["first_attempt_at"] ?? row["created_at"])),
    orders: of("orders").map((row) => {
      const factor = exchange(String(row["currency"]), Number(row["placed_at"]));
      const lines = (world["order_lines"] ?? []).filter(({ order_id }) => order_id === row["order_id"]);
      return {
        placedAt: Number(row["placed_at"]),
        status: row["status"] as OrderStatus,
        net: Number(row["net"]),
        worth: factor === null ? null : inBase(Number(row["net"]), factor),
        gross: Number(row["gross"]),
        discount: Number(row["discount"]),
        lineDiscounts: lines.reduce((sum, line) => sum + Number(line["discount"]), 0),
      };
    }),
  };
}
