import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../src/app";
import { inBase, inBaseSql } from "../../src/commerce/exchange";
import type { Rule } from "../../src/segments/rule";
import { ruleSql, testRule } from "../../src/segments/rule";
import { servicesOf } from "../../src/services";
import type { Env } from "../../src/services/env";
import { factsFor } from "../../src/services/targeting";
import { contactId } from "../../src/shared/ids";
import { localDate } from "../../src/shared/wall-time";
import { track } from "../support/chaos-ledger";

const bound = env as unknown as Env;
const services = servicesOf(bound);
const app = createApp();
const now = Date.now();

async function api(method: string, path: string, json?: object) {
  const headers = { Authorization: "Bearer ak_local" };
  const context = createExecutionContext();
  const body = json === undefined ? {} : { body: JSON.stringify(json) };
  const request = new Request(`https://relance.test${path}`, { method, headers, ...body });
  const answer = await app.fetch(request, bound, context);
  await waitOnExecutionContext(context);
  return { status: answer.status, json: (await answer.json()) as never };
}

const preview = (rule: unknown) => api("POST", "/api/segments/preview", { rule });
const pointers = (json: unknown) => (json as { errors: { pointer: string }[] }).errors.map(({ pointer }) => pointer);
const idOf = async (user: string): Promise<number> =>
  (await services.env.DB.prepare("SELECT id FROM contacts WHERE external_id = ?1").bind(user).first<number>("id")) ??
  -1;
const event = (id: string, user: string, name: string, properties: object = {}) => ({
  ...track(id, user, name, properties as Record<string, unknown>),
  at: now,
});
const give = (...events: ReturnType<typeof event>[]) => services.append({ receivedAt: now, events }, null);
const USERS = ["ann", "bob", "eve"];
const ALPHABET = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя";

/** Whom a rule matches, by the database; the plain test of each must say the same. */
async function matched(rule: object): Promise<string[]> {
  const { status, json } = await preview(rule);
  expect(status, JSON.stringify(json)).toBe(200);
  const { sample } = json as { sample: string[] };
  const ids = await Promise.all(USERS.map(idOf));
  await services.tables.read();
  const facts = await factsFor(services, ids, rule as Rule);
  const plain = facts.filter((about) => testRule(rule as Rule, about, services.clock.now()));
  const names = USERS.filter((_, index) => sample.includes(contactId(ids[index] ?? -1)));
  expect(plain.map(({ profile }) => profile.externalId)).toEqual(names);
  return names;
}

beforeAll(async () => {
  await services.ready();
  const traits: Record<string, object> = {
    ann: {
      first_name: "ÉLODIE",
      country: "FR",
      birth_date: "1960-02-01",
      size: "42.5",
      vip: "TRUE",
      gift: true,
      lucky: 7,
      "1er achat": "oui",
      "taille (°/cm)": 3,
    },
    bob: {
      first_name: "Élodie",
      country: "BE",
      birth_date: "2024-02-01",
      size: "42.5.1",
      vip: "faux",
      gift: "non",
      lucky: "7",
    },
    eve: {
      first_name: "Elodie",
      last_name: "ΜΑΡΊΑ",
      size: "-",
      vip: "maybe",
      lucky: "7\u00001",
      song: ALPHABET.toUpperCase(),
      mood: "fine 😀",
    },
  };
  const known = USERS.map((user) => ({
    ...event(`r-${user}`, user, ""),
    type: "identify" as const,
    traits: traits[user] ?? {},
  }));
  await services.append({ receivedAt: now, events: known as never }, null);
});

describe("a node of a rule", () => {
  const plain = { type: "orders.count", op: "gte", value: 1 };

  test.each([
    ["all", { ...plain, all: [] }],
    ["any", { ...plain, any: [plain] }],
    ["not", { ...plain, not: plain }],
    ["all of no list", { type: "x", all: 5 }],
    ["all of nothing", { type: "x", all: [null] }],
    ["not of a text", { type: "x", not: "s" }],
  ])("is a condition or a group: with a type and %s it is refused", async (_what, rule) => {
    const alone = await preview(rule);
    expect([alone.status, pointers(alone.json)]).toEqual([400, ["/rule"]]);
    const within = await preview({ all: [plain, { not: rule }] });
    expect([within.status, pointers(within.json)]).toEqual([400, ["/rule/all/1/not"]]);
  });
});

describe("a table of the shop", () => {
  beforeAll(async () => {
    const columns = ["at", "types", "head", "lines"].map((name) => ({ name, type: "text" }));
    const more = [{ name: "since", type: "time" }];
    const definition = { key: "visas", title: "Visas", family: "linked", columns: [...columns, ...more] };
    expect((await api("POST", "/api/tables", definition)).status).toBe(201);
    const row = { at: "border", types: "short", head: "yes", lines: "two", since: new Date(now).toISOString() };
    const rows = [{ id: "v1", contact_id: contactId(await idOf("bob")), ...row }];
    expect((await api("PUT", "/api/tables/visas/rows", { rows })).status).toBe(200);
  });

  const asked = { type: "table", table: "visas", op: "gte", value: 1 };
  const where = (field: string, value: string) => ({ ...asked, where: [{ field, op: "is", value }] });

  test.each([
    ["at", "border"],
    ["types", "short"],
    ["head", "yes"],
    ["lines", "two"],
  ])("may have a column %s, and both ways of asking see it", async (field, value) => {
    expect(await matched(where(field, value))).toEqual(["bob"]);
    expect(await matched({ ...where(field, value), time: "since", within: "P1D" })).toEqual(["bob"]);
    expect(await matched(where(field, "other"))).toEqual([]);
    expect(await matched({ ...asked, op: "eq", value: 0 })).toEqual(["ann", "eve"]);
  });

  test("has no column by the name of something that every object has", async () => {
    const refused = await preview(where("constructor", "x"));
    expect([refused.status, pointers(refused.json)]).toEqual([422, ["/rule/where/0/field"]]);
    const timed = await preview({ ...asked, time: "constructor", within: "P1D" });
    expect([timed.status, pointers(timed.json)]).toEqual([422, ["/rule/time"]]);
  });
});

describe("an attribute that a file brought as text", () => {
  const asked = (name: string, as: string, op: string, value?: unknown) => ({ type: "attribute", name, as, op, value });

  test.each([
    ["a number", asked("size", "number", "gte", 42.5), ["ann"]],
    ["a number to the digit", asked("size", "number", "eq", 42.5), ["ann"]],
    ["no number", asked("size", "number", "unknown"), ["bob", "eve"]],
    ["the number that others state as one", asked("lucky", "number", "eq", 7), ["ann", "bob"]],
    ["yes", asked("vip", "boolean", "is", true), ["ann"]],
    ["no", asked("vip", "boolean", "is", false), ["bob"]],
    ["neither yes nor no", asked("vip", "boolean", "unknown"), ["eve"]],
    ["the no of who states it as such", asked("gift", "boolean", "is", false), ["bob"]],
  ])("is read as %s", async (_what, rule, users) => {
    expect(await matched(rule)).toEqual(users);
  });

  test("is shown as it is where it cannot be read", async () => {
    const found = async (rule: object, user: string) => {
      const contact = contactId(await idOf(user));
      const { json } = await api("POST", "/api/segments/explain", { rule, contact });
      return (json as { why: { found: string } }).why.found;
    };
    expect(await found(asked("size", "number", "gte", 1), "bob")).toContain("42.5.1");
    expect(await found(asked("lucky", "text", "is", "7"), "ann")).toContain("7");
  });
});

describe("the work of a rule", () => {
  const many = (count: number, rule: object) => ({ all: Array.from({ length: count }, () => rule) });
  const views = { type: "views.count", op: "gte", value: 1 };
  const coupon = [{ field: "coupon", op: "is", value: "SPRING" }];
  const orders = { type: "orders.count", op: "gte", value: 1 };

  test("is bounded: fifty plain counts are run, fifty that read whole rows or views are refused", async () => {
    expect((await preview(many(50, orders))).status).toBe(200);
    expect((await preview(many(20, { ...orders, where: coupon }))).status).toBe(200);
    for (const rule of [views, { ...orders, where: coupon }, { type: "distance", to: "nearest", within_km: 5 }]) {
      const refused = await preview(many(50, rule));
      expect([refused.status, pointers(refused.json)]).toEqual([400, ["/rule"]]);
    }
  });

  test("reads a contact's place once, however many stores it is compared with", async () => {
    const rule: Rule = { type: "distance", to: "nearest", within_km: 20 };
    const { text, values } = ruleSql(rule, now, services.terms);
    const sql = `EXPLAIN QUERY PLAN SELECT c.id FROM contacts c WHERE ${text}`;
    const { results } = await services.env.DB.prepare(sql)
      .bind(...values)
      .all<{ detail: string }>();
    expect(results.map(({ detail }) => detail).join("; ")).toMatch(/SCAN p; SCAN s/);
  });
});

describe("money of another currency", () => {
  beforeAll(async () => {
    const rates = { rates: [{ currency: "USD", from: "2020-01-01", rate: "0.5" }] };
    expect((await api("PUT", "/api/settings/currencies", rates)).status).toBeLessThan(300);
    const lamp = { product_id: "lamp", price: 100, quantity: 1 };
    const usd = { currency: "USD", total: 100, discount: 20, products: [lamp] };
    await give(
      { ...event("u-1", "ann", "Order Completed", { order_id: "ann-usd", ...usd }), at: now - 60_000 },
      { ...event("u-2", "bob", "Order Completed", { order_id: "bob-eur", ...usd, currency: "EUR" }), at: now - 60_000 },
      { ...event("u-3", "eve", "Order Completed", { order_id: "eve-gbp", ...usd, currency: "GBP" }), at: now - 60_000 },
      event("u-4", "ann", "Cart Updated", { cart_id: "ann-cart", currency: "USD", products: [lamp] }),
      event("u-5", "bob", "Cart Updated", { cart_id: "bob-cart", currency: "EUR", products: [lamp] }),
    );
  });
  const some = (type: string, field: string, value: number) => ({
    ...{ type, op: "gte", value: 1 },
    where: [{ field, op: "gte", value }],
  });

  test.each([
    ["the amount of all orders", (value: number) => ({ type: "metric", name: "net_total", op: "gte", value }), 10_000],
    ["a discount", (value: number) => some("orders.count", "discount", value), 2_000],
    ["the value of a cart that is counted", (value: number) => some("carts.count", "value", value), 10_000],
    [
      "the price of a line",
      (value: number) => ({
        ...{ type: "orders.count", op: "gte", value: 1 },
        lines: [[{ field: "price", op: "gte", value }]],
      }),
      10_000,
    ],
  ])("is compared at the rate of its date: %s", async (_what, rule, amount) => {
    expect(await matched(rule(amount))).toEqual(["bob"]);
    expect(await matched(rule(amount / 2))).toEqual(["ann", "bob"]);
    expect(await matched(rule(amount / 2 + 1))).toEqual(["bob"]);
  });
});

test("amounts are rounded half up on both sides, what was paid back too", async () => {
  const { DB } = services.env;
  for (const factor of [0.5, 0.57, 0.9]) {
    for (const amount of [-3, -2, -1, 0, 1, 2, 3]) {
      const sql = inBaseSql("'EUR'", { amount: String(amount), currency: "'XXX'", at: "1" });
      const text = `SELECT ${sql.replaceAll("exchange_rates x", `(SELECT 'XXX' AS currency, 0 AS from_at, ${factor} AS factor) x`)} AS value`;
      expect([factor, amount, await DB.prepare(text).first("value")]).toEqual([
        factor,
        amount,
        inBase(amount, factor) + 0,
      ]);
    }
  }
});

describe("a text", () => {
  const first = (op: string, value: unknown) => ({ type: "contact", field: "first_name", op, value });

  test.each([
    ["is", first("is", "élodie"), ["ann", "bob"]],
    ["is not", first("is_not", "ÉLODIE"), ["eve"]],
    ["is one of", first("in", ["nobody", "éLODIE"]), ["ann", "bob"]],
    ["is one of many", first("in", ["a", "b", "c", "d", "e", "f", "ÉLODIE"]), ["ann", "bob"]],
    ["is none of", first("not_in", ["élodie", "x"]), ["eve"]],
    ["contains", first("contains", "ÉLO"), ["ann", "bob"]],
    ["contains what it does not begin with", first("contains", "LOd"), ["ann", "bob", "eve"]],
    ["begins with", first("begins", "élo"), ["ann", "bob"]],
    ["does not begin with what it contains", first("begins", "LoDie"), []],
    ["ends with", first("ends", "LoDie"), ["ann", "bob", "eve"]],
    ["does not end with what it contains", first("ends", "ÉLO"), []],
    ["is, of another alphabet", { type: "contact", field: "last_name", op: "is", value: "μαρία" }, ["eve"]],
    ["is a code that people know", { type: "contact", field: "country", op: "is", value: "fr" }, ["ann"]],
    ["ends with a sign", { type: "attribute", name: "mood", as: "text", op: "ends", value: "😀" }, ["eve"]],
    [
      "has every letter of an alphabet",
      { type: "attribute", name: "song", as: "text", op: "ends", value: ALPHABET.slice(2) },
      ["eve"],
    ],
    ["is an attribute", { type: "attribute", name: "vip", as: "text", op: "is", value: "true" }, ["ann"]],
  ])("counts capitals as small letters and leaves accents alone where it %s", async (_what, rule, users) => {
    expect(await matched(rule)).toEqual(users);
  });

  test("of many letters can be asked of many fields, however deep they stand", async () => {
    const where = Array.from({ length: 10 }, () => ({ field: "coupon", op: "contains", value: ALPHABET }));
    const reached = { type: "address", channel: "sms" };
    let rule: object = { type: "orders.count", op: "gte", value: 1, where, lines: [[{ ...where[0], field: "name" }]] };
    for (let level = 0; level < 10; level++) rule = { not: { any: [reached, rule, reached] } };
    expect(await matched(rule)).toEqual([]);
  });

  test("that is a key of ours is compared as it is", () => {
    const { text } = ruleSql({ type: "segment", segment: "vip" }, now, services.terms);
    expect(text).not.toContain("NOCASE");
  });
});

/** A local day of the shop, so many days from now. */
const dayOf = (days: number) => localDate(now + days * 86_400_000, services.terms.shop.zone);

describe("what could not be asked", () => {
  test.each([
    [
      "an age of more than ten years",
      { type: "contact", field: "birth_date", op: "days_ago", value: 18 * 365 },
      ["ann"],
    ],
    ["a first order of some days", { type: "orders.first", between: [dayOf(-1), dayOf(0)] }, ["ann", "bob", "eve"]],
    ["a last order of other days", { type: "orders.last", between: [dayOf(-9), dayOf(-8)] }, []],
    [
      "an attribute whose name begins with a digit",
      { type: "attribute", name: "1er achat", as: "boolean", op: "is", value: true },
      ["ann"],
    ],
    [
      "an attribute with signs in its name",
      { type: "attribute", name: "taille (°/cm)", as: "number", op: "eq", value: 3 },
      ["ann"],
    ],
    [
      "what lies in a cart",
      { type: "carts.count", op: "gte", value: 1, lines: [[{ field: "brand", op: "is", value: "nord" }]] },
      ["bob"],
    ],
  ])("can be: %s", async (_what, rule, users) => {
    await give(
      event("c-1", "ann", "Product Added", { product_id: "vase", brand: "Sud", price: 3, quantity: 1 }),
      event("c-2", "bob", "Product Added", { product_id: "pot", brand: "Nord", price: 3, quantity: 1 }),
    );
    expect(await matched(rule)).toEqual(users);
  });
});
