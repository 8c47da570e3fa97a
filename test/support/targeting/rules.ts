import fc from "fast-check";
import { CONSENT_KEYS } from "../../../src/contacts/consent";
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
import { COMPARED } from "../../../src/segments/comparison";
import type { CONDITIONS } from "../../../src/segments/conditions";
import type { FieldType } from "../../../src/segments/operator";
import { OPERATORS } from "../../../src/segments/operators";
import type { Rule } from "../../../src/segments/rule";
import { amount, askedOf, comparison, count, day, duration, moment } from "./values";
import { ASKED_TIMES } from "./world";

/** Parameters by what they ask: each way of asking is to be met by itself, in and out. */
type Ways = Readonly<Record<string, fc.Arbitrary<object>>>;
type Fields = Collection["fields"];

const plain = (value: object): object => JSON.parse(JSON.stringify(value)) as object;
const rarely = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
const between = fc.tuple(day, day).map(([a, b]) => (a < b ? [a, b] : [b, a]));
const window = fc.record({ within: duration, before: duration, between }, { requiredKeys: [] });
const AGES: Ways = { within: fc.record({ within: duration }), before: fc.record({ before: duration }) };
const WINDOWS: Ways = { ...AGES, between: fc.record({ between }) };

/** Every operator of every field, each as one filter. */
function filterWays(fields: Fields): Ways {
  const ways = Object.entries(fields).flatMap(([field, { type, options }]) =>
    Object.keys(OPERATORS[type]).map(
      (op) =>
        [`${field} ${op}`, askedOf(type, op, field, options).map((rest) => ({ field, ...rest }) as object)] as const,
    ),
  );
  return Object.fromEntries(ways);
}

function filters(fields: Fields): fc.Arbitrary<object[]> {
  return fc.array(fc.oneof(...Object.values(filterWays(fields))), { minLength: 1, maxLength: 2 });
}

function mapWays(ways: Ways, prefix: string, make: (value: object) => object): Ways {
  return Object.fromEntries(
    Object.entries(ways).map(([way, params]) => [`${prefix}${way}`, params.map((value) => plain(make(value)))]),
  );
}

/** Some of everything at once. */
function choice(collection: Collection): fc.Arbitrary<object> {
  const lines = collection.lines ? fc.array(filters(collection.lines.fields), { minLength: 1, maxLength: 2 }) : null;
  return fc
    .record({
      window: rarely(window),
      where: rarely(filters(collection.fields)),
      lines: lines ? rarely(lines) : fc.constant(undefined),
    })
    .map(({ window: when, ...rest }) => ({ ...when, ...rest }));
}

function counted(collection: Collection): Ways {
  const some = { op: "gte", value: 1 };
  return {
    ...Object.fromEntries(
      Object.keys(COMPARED).map((op) => [op, fc.record({ op: fc.constant(op), value: count }) as fc.Arbitrary<object>]),
    ),
    ...mapWays(WINDOWS, "", (when) => ({ ...some, ...when })),
    ...mapWays(filterWays(collection.fields), "", (filter) => ({ ...some, where: [filter] })),
    ...mapWays(filterWays(collection.lines?.fields ?? {}), "line ", (filter) => ({ ...some, lines: [[filter]] })),
    mixed: fc
      .tuple(fc.record({ op: comparison, value: count }), choice(collection))
      .map(([a, b]) => plain({ ...a, ...b })),
  };
}

function measured(collection: Collection, value: fc.Arbitrary<number>, unless: readonly object[] = []): Ways {
  const measures = ["sum", "average", "largest", "smallest"];
  const where = fc.constantFrom(undefined, ...unless.map((filter) => [filter]));
  const own = measures.flatMap((measure) =>
    Object.keys(COMPARED).map((op) => {
      const params = fc.record({ measure: fc.constant(measure), op: fc.constant(op), value, where }).map(plain);
      return [`${measure} ${op}`, params] as const;
    }),
  );
  const mixed = fc
    .tuple(fc.record({ measure: fc.constantFrom(...measures), op: comparison, value }), choice(collection))
    .map(([a, b]) => plain({ ...a, ...b }));
  return { ...Object.fromEntries(own), mixed };
}

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
const CRM_FIELDS: Fields = {
  type: field("text"),
  severity: field("text"),
  opened_at: field("time"),
  closed_at: field("time"),
};

function tableWays(table: string, fields: Fields, time: string): Ways {
  const some = { table, op: "gte", value: 1 };
  const all = fc.tuple(fc.record({ op: comparison, value: count }), rarely(filters(fields)), rarely(window));
  return {
    ...mapWays(WINDOWS, `${table} `, (when) => ({ ...some, time, ...when })),
    ...mapWays(filterWays(fields), `${table} `, (filter) => ({ ...some, where: [filter] })),
    [`${table} mixed`]: all.map(([a, where, when]) => plain({ table, ...a, where, ...(when && { time, ...when }) })),
  };
}

const CONTACT_FIELDS: Fields = {
  ...Object.fromEntries(
    ["external_id", "email", "phone", "first_name", "last_name", "civility", "language", "country", "timezone"].map(
      (name) => [name, field("text")],
    ),
  ),
  created_at: field("time"),
  seen_at: field("time"),
  birth_date: field("date"),
};

const METRIC_FIELDS: Fields = {
  orders: field("integer"),
  net_total: field("money"),
  ...scores.fields,
  ...behaviour.fields,
};

const names = fc.constantFrom("size", "pet name", "préférence", "lat", "Été", "none");
const ATTRIBUTES: Ways = Object.fromEntries(
  (["text", "number", "boolean", "date"] as const).flatMap((as) =>
    Object.keys(OPERATORS[as]).map((op) => {
      const params = fc.tuple(names, askedOf(as, op, "")).map(([name, rest]) => ({ name, as, ...rest }) as object);
      return [`${as} ${op}`, params] as const;
    }),
  ),
);

const STATES = ["granted", "withdrawn", "claimed", "never"];
const CONSENTS: Ways = {
  ...Object.fromEntries(
    CONSENT_KEYS.flatMap((key) =>
      STATES.map((state) => [`${key} ${state}`, fc.constant({ key, state }) as fc.Arbitrary<object>]),
    ),
  ),
  ...mapWays(
    Object.fromEntries(
      Object.entries(WINDOWS).map(([way, when]) => [
        way,
        fc.tuple(when, fc.constantFrom(...CONSENT_KEYS), fc.constantFrom("granted", "withdrawn", "claimed")),
      ]),
    ) as unknown as Ways,
    "",
    (all) => {
      const [when, key, state] = all as [object, string, string];
      return { key, state, ...when };
    },
  ),
};

const member = fc.record(
  { segment: fc.constantFrom("champions", "vip"), family: fc.constantFrom("rfm", "vip") },
  { requiredKeys: ["segment"] },
);
const inSegment = (more: fc.Arbitrary<object>) => fc.tuple(member, more).map(([a, b]) => ({ ...a, ...b }));

const places = { paris: { store: "paris" }, nowhere: { store: "nowhere" }, there: { lat: 45.7, lon: 4.9 } };
const DISTANCES: Ways = Object.fromEntries(
  Object.entries({ ...places, preferred: "preferred", nearest: "nearest" }).map(([way, to]) => [
    way,
    fc.record({ to: fc.constant<unknown>(to), within_km: fc.constantFrom(1, 50, 500, 20_000) }),
  ]),
);

/** Every way to ask every condition of the catalog: a new one is not forgotten, as its key is missing here. */
export const WAYS: Readonly<Record<keyof typeof CONDITIONS, Ways>> = {
  address: { email: fc.constant({ channel: "email" }), sms: fc.constant({ channel: "sms" }) },
  attribute: ATTRIBUTES,
  "cart.value": mapWays(
    Object.fromEntries(Object.keys(COMPARED).map((op) => [op, fc.record({ op: fc.constant(op), value: amount })])),
    "",
    (asked) => ({ ...asked, value: Math.max(0, (asked as { value: number }).value) }),
  ),
  "carts.count": counted(carts),
  consent: CONSENTS,
  contact: filterWays(CONTACT_FIELDS),
  distance: DISTANCES,
  "loyalty.movements": counted(movements),
  "loyalty.points": measured(lots, fc.constantFrom(0, 1, 50, 51, 100)),
  "loyalty.tier": {
    ...mapWays(filterWays(accounts.fields), "", (filter) => ({ where: [filter] })),
    mixed: filters(accounts.fields).map((where) => ({ where })),
  },
  "messages.count": counted(messages),
  metric: mapWays(filterWays(METRIC_FIELDS), "", (filter) => {
    const { field: name, ...rest } = filter as { field: string };
    return { name, ...rest };
  }),
  "orders.count": counted(orders),
  "orders.first": { ...AGES, both: fc.record({ within: duration, before: duration }) },
  "orders.last": { ...AGES, both: fc.record({ within: duration, before: duration }) },
  "orders.value": measured(orders, amount, [{ field: "status", op: "known" }]),
  "referrals.count": counted(referrals),
  "referred.count": counted(referredBy),
  "reviews.count": counted(reviews),
  "reviews.rating": measured(reviews, fc.constantFrom(1, 4, 4.25, 4.5, 5)),
  "sample.count": {
    some: fc.record({ count: fc.constantFrom(1, 7), seed: fc.constantFrom("", "spring", "été") }),
    all: fc.constant({ count: 1_000 }),
  },
  "sample.percent": {
    some: fc.record({ percent: fc.constantFrom(0.01, 25, 50, 100), seed: fc.constantFrom("", "a", "b") }),
  },
  segment: {
    now: inSegment(fc.constant({})),
    since: inSegment(window),
    "at a day": inSegment(fc.record({ at: day })),
    "at a moment": inSegment(fc.record({ at: fc.constantFrom(...ASKED_TIMES) })),
    "at either": inSegment(fc.record({ at: moment })),
  },
  table: { ...tableWays("pets", PET_FIELDS, "seen"), ...tableWays("crm_events", CRM_FIELDS, "opened_at") },
  "views.count": counted(views),
  "visits.count": counted(visits),
  "wishlist.count": counted(wishlist),
};

/** One way to ask one condition, and rules that ask so. */
export interface Way {
  readonly type: string;
  readonly way: string;
  readonly rules: fc.Arbitrary<Rule>;
}

export const EVERY_WAY: readonly Way[] = Object.entries(WAYS).flatMap(([type, ways]) =>
  Object.entries(ways).map(([way, params]) => ({
    type,
    way,
    rules: params.map((values) => ({ type, ...values }) as Rule),
  })),
);

const leaf: fc.Arbitrary<Rule> = fc.constantFrom(...EVERY_WAY).chain(({ rules: some }) => some);

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
