import fc from "fast-check";
import type { Collection } from "../../../src/segments/collection";
import { behaviour } from "../../../src/segments/collections/behaviour";
import { carts } from "../../../src/segments/collections/carts";
import { accounts, lots, movements } from "../../../src/segments/collections/loyalty";
import { messages } from "../../../src/segments/collections/messages";
import { orders } from "../../../src/segments/collections/orders";
import { referrals, referredBy } from "../../../src/segments/collections/referrals";
import { reviews } from "../../../src/segments/collections/reviews";
import { scores } from "../../../src/segments/collections/scores";
import { views, visits } from "../../../src/segments/collections/views";
import { wishlist } from "../../../src/segments/collections/wishlist";
import type { CONDITIONS } from "../../../src/segments/conditions";
import type { FieldType } from "../../../src/segments/operator";
import { OPERATORS } from "../../../src/segments/operators";
import type { Rule } from "../../../src/segments/rule";
import { BRANDS, CATEGORIES, COUPONS, PRODUCTS, STORES, WORDS } from "./world";

const comparison = fc.constantFrom("eq", "ne", "gt", "gte", "lt", "lte");
const count = fc.constantFrom(0, 1, 2, 3);
const amount = fc.constantFrom(0, 1, 999, 5_000, 5_001, 20_000);
const duration = fc.constantFrom("P1D", "P7D", "P30D", "P90D", "P365D", "PT0S");
const day = fc.constantFrom("2026-03-28", "2026-03-29", "2026-03-30", "2026-10-24", "2026-10-25", "2025-12-31");
const text = fc.constantFrom(
  ...WORDS,
  ...BRANDS,
  ...CATEGORIES,
  ...COUPONS,
  ...PRODUCTS,
  ...STORES,
  "EUR",
  "gold",
  "earn",
  "web",
  "fr",
  "a",
  "'",
);
const texts = fc.array(text, { minLength: 1, maxLength: 12 });
const days = fc
  .tuple(fc.integer({ min: -5, max: 5 }), fc.integer({ min: 0, max: 40 }))
  .map(([from, length]) => ({ from, to: from + length }));

/** What an operator may be asked with, by its type and name. */
function askedWith(type: FieldType, op: string, options?: readonly string[]): fc.Arbitrary<unknown> {
  if (op === "known" || op === "unknown") return fc.constant(undefined);
  const one = options ? fc.constantFrom(...options) : text;
  const by: Readonly<Record<FieldType, fc.Arbitrary<unknown>>> = {
    text: op === "in" || op === "not_in" ? (options ? fc.array(one, { minLength: 1, maxLength: 9 }) : texts) : one,
    number: fc.constantFrom(0, 1, 4.5, 42, -7, 10),
    integer: fc.constantFrom(0, 1, 2, 10),
    money: amount,
    boolean: fc.boolean(),
    time: op === "from" || op === "until" ? fc.oneof(day, fc.constant("2026-03-29T02:30:00+01:00")) : duration,
    date:
      op === "days_ago" ? fc.integer({ min: 0, max: 3_660 }) : op === "in_days" || op === "anniversary" ? days : day,
  };
  return by[type];
}

/** An operator with its value, out of the closed list of a type. */
export function asked(type: FieldType, options?: readonly string[]): fc.Arbitrary<{ op: string; value?: unknown }> {
  return fc
    .constantFrom(...Object.keys(OPERATORS[type]))
    .chain((op) => askedWith(type, op, options).map((value) => (value === undefined ? { op } : { op, value })));
}

type Fields = Collection["fields"];

function filters(fields: Fields): fc.Arbitrary<unknown[]> {
  const one = fc
    .constantFrom(...Object.entries(fields))
    .chain(([field, { type, options }]) => asked(type, options).map((rest) => ({ field, ...rest })));
  return fc.array(one, { minLength: 1, maxLength: 2 });
}

const between = fc.tuple(day, day).map(([a, b]) => (a < b ? [a, b] : [b, a]));
const window = fc.record({ within: duration, before: duration, between }, { requiredKeys: [] });
const rarely = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });

export function choice(collection: Collection): fc.Arbitrary<object> {
  const lines = collection.lines ? fc.array(filters(collection.lines.fields), { minLength: 1, maxLength: 2 }) : null;
  return fc
    .record({
      window: rarely(window),
      where: rarely(filters(collection.fields)),
      lines: lines ? rarely(lines) : fc.constant(undefined),
    })
    .map(({ window: when, ...rest }) => JSON.parse(JSON.stringify({ ...when, ...rest })) as object);
}

const counted = (collection: Collection) =>
  fc.tuple(fc.record({ op: comparison, value: count }), choice(collection)).map(([a, b]) => ({ ...a, ...b }));
const measured = (collection: Collection, value: fc.Arbitrary<number>) =>
  fc
    .tuple(
      fc.record({ measure: fc.constantFrom("sum", "average", "largest", "smallest"), op: comparison, value }),
      choice(collection),
    )
    .map(([a, b]) => ({ ...a, ...b }));

const age = fc.oneof(
  fc.record({ within: duration }),
  fc.record({ before: duration }),
  fc.record({ within: duration, before: duration }),
);

const field = (type: FieldType) => ({ type, sql: "", words: { en: "", fr: "" } });
const PET_FIELDS: Fields = {
  kind: field("text"),
  weight: field("number"),
  legs: field("integer"),
  chipped: field("boolean"),
  seen: field("time"),
  born: field("date"),
  price: field("money"),
  price_currency: field("text"),
};
const CRM_FIELDS: Fields = { type: field("text"), opened_at: field("time"), closed_at: field("time") };

function tableOf(table: string, fields: Fields, time: string): fc.Arbitrary<object> {
  return fc
    .tuple(fc.record({ op: comparison, value: count }), rarely(filters(fields)), rarely(window))
    .map(
      ([a, where, when]) =>
        JSON.parse(JSON.stringify({ table, ...a, where, ...(when && { time, ...when }) })) as object,
    );
}

/** Parameters of every condition of the catalog: a new one is not forgotten, as its key is missing here. */
export const PARAMETERS: Readonly<Record<keyof typeof CONDITIONS, fc.Arbitrary<object>>> = {
  attribute: fc
    .tuple(
      fc.constantFrom("size", "pet name", "préférence", "lat", "Été", "none"),
      fc.constantFrom<FieldType>("text", "number", "boolean", "date"),
    )
    .chain(([name, as]) => asked(as).map((rest) => ({ name, as, ...rest }))),
  contact: fc.oneof(
    fc
      .constantFrom("email", "first_name", "country", "timezone")
      .chain((field) => asked("text").map((rest) => ({ field, ...rest }))),
    fc.constantFrom("created_at", "seen_at").chain((field) => asked("time").map((rest) => ({ field, ...rest }))),
    asked("date").map((rest) => ({ field: "birth_date", ...rest })),
  ),
  distance: fc.record({
    to: fc.constantFrom<unknown>(
      "preferred",
      "nearest",
      { store: "paris" },
      { store: "nowhere" },
      { lat: 45.7, lon: 4.9 },
    ),
    within_km: fc.constantFrom(1, 50, 500, 20_000),
  }),
  "loyalty.movements": counted(movements),
  "loyalty.points": measured(lots, fc.constantFrom(0, 1, 50, 100)),
  "loyalty.tier": filters(accounts.fields).map((where) => ({ where })),
  "messages.count": counted(messages),
  metric: fc.oneof(
    fc
      .constantFrom(...Object.entries({ ...scores.fields, ...behaviour.fields }))
      .chain(([name, { type, options }]) => asked(type, options).map((rest) => ({ name, ...rest }))),
    asked("integer").map((rest) => ({ name: "orders", ...rest })),
    asked("money").map((rest) => ({ name: "net_total", ...rest })),
  ),
  "referrals.count": counted(referrals),
  "referred.count": counted(referredBy),
  "reviews.count": counted(reviews),
  "reviews.rating": measured(reviews, fc.constantFrom(0, 4, 4.5, 5)),
  "sample.count": fc.record({ count: fc.constantFrom(1, 7, 1_000), seed: fc.constantFrom("", "spring", "été") }),
  "sample.percent": fc.record({ percent: fc.constantFrom(0.01, 25, 50, 100), seed: fc.constantFrom("", "a", "b") }),
  segment: fc
    .tuple(
      fc.record(
        { segment: fc.constantFrom("champions", "vip"), family: fc.constantFrom("rfm", "vip") },
        { requiredKeys: ["segment"] },
      ),
      fc.oneof(fc.constant({}), window, fc.record({ at: fc.oneof(day, fc.constant("2026-03-29T03:00:00+02:00")) })),
    )
    .map(([a, b]) => ({ ...a, ...b })),
  table: fc.oneof(tableOf("pets", PET_FIELDS, "seen"), tableOf("crm_events", CRM_FIELDS, "opened_at")),
  "views.count": counted(views),
  "visits.count": counted(visits),
  "orders.first": age,
  "orders.last": age,
  address: fc.record({ channel: fc.constantFrom("email", "sms") }),
  "cart.value": fc.record({ op: comparison, value: amount }),
  "carts.count": counted(carts),
  consent: fc.oneof(
    fc.record({
      key: fc.constantFrom("email", "sms", "tracking"),
      state: fc.constantFrom("granted", "withdrawn", "claimed", "never"),
    }),
    fc
      .tuple(
        fc.record({ key: fc.constantFrom("email", "sms"), state: fc.constantFrom("granted", "withdrawn") }),
        window,
      )
      .map(([a, b]) => ({ ...a, ...b })),
  ),
  "orders.count": counted(orders),
  "orders.value": measured(orders, amount),
  "wishlist.count": counted(wishlist),
};

const leaf: fc.Arbitrary<Rule> = fc
  .constantFrom(...Object.entries(PARAMETERS))
  .chain(([type, params]) => params.map((values) => ({ type, ...values }) as Rule));

/** Rules of every shape, groups without anything in them included. */
export const rules: fc.Arbitrary<Rule> = fc.letrec<{ rule: Rule }>((tie) => ({
  rule: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leaf,
    fc.array(tie("rule"), { maxLength: 3 }).map((all) => ({ all })),
    fc.array(tie("rule"), { maxLength: 3 }).map((any) => ({ any })),
    tie("rule").map((not) => ({ not })),
  ),
})).rule;
