import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../src/app";
import { servicesOf } from "../../src/services";
import type { Env } from "../../src/services/env";
import { contactId } from "../../src/shared/ids";
import { track } from "../support/chaos-ledger";

const bound = env as unknown as Env;
const services = servicesOf(bound);
const app = createApp();
const now = Date.now();

async function api(method: string, path: string, json?: object) {
  const headers = { Authorization: "Bearer ak_local" };
  const body = json === undefined ? {} : { body: JSON.stringify(json) };
  const context = createExecutionContext();
  const answer = await app.fetch(
    new Request(`https://relance.test${path}`, { method, headers, ...body }),
    bound,
    context,
  );
  await waitOnExecutionContext(context);
  return { status: answer.status, type: answer.headers.get("Content-Type"), json: (await answer.json()) as never };
}

const preview = (rule: unknown, more: object = {}) => api("POST", "/api/segments/preview", { rule, ...more });
/** What a browser does of which nobody knows whose it is. */
const visit = (id: string, anon: string) => {
  const { user: _user, ...event } = of(id, anon, "Product Viewed", { product_id: "lamp" });
  return { ...event, trust: "write" as const, anon };
};
const idOf = async (user: string): Promise<number> =>
  (await services.env.DB.prepare("SELECT id FROM contacts WHERE external_id = ?1").bind(user).first<number>("id")) ??
  -1;

const give = (...events: ReturnType<typeof track>[]) => services.append({ receivedAt: Date.now(), events }, null);
const of = (id: string, user: string, name: string, properties: object, at = now) => ({
  ...track(id, user, name, properties as Record<string, unknown>),
  at,
});

beforeAll(async () => {
  await services.ready();
  const lamp = { product_id: "lamp", category: "Lamps", brand: "Nord", price: 25, quantity: 1 };
  const candle = { product_id: "candle", category: "Candles", brand: "Sud", price: 5, quantity: 4 };
  await give(
    of("t-1", "ann", "Order Completed", { order_id: "ann-1", total: 45, coupon: "WELCOME", products: [lamp, candle] }),
    of("t-2", "ann", "Order Completed", { order_id: "ann-2", total: 25, products: [lamp] }),
    of("t-3", "bob", "Order Completed", { order_id: "bob-1", total: 20, products: [candle] }),
    of("t-4", "bob", "Product Added to Wishlist", { product_id: "lamp" }),
    of("t-5", "old", "Order Completed", { order_id: "old-1", total: 20 }, now - 1_100 * 86_400_000),
  );
});

describe("a preview", () => {
  test("counts whom a rule matches among active profiles and beside them, names some, and tells what it cost", async () => {
    const { status, json } = await preview({ type: "orders.count", op: "gte", value: 1 });
    expect(status).toBe(200);
    expect(json).toMatchObject({
      count: 2,
      inactive: 1,
      sample: [contactId(await idOf("ann")), contactId(await idOf("bob"))],
    });
    expect((json as { sql_ms: number }).sql_ms).toBeGreaterThanOrEqual(0);
    const all = await preview({ type: "orders.count", op: "gte", value: 1 }, { everybody: true });
    expect(all.json).toMatchObject({ count: 3, inactive: 0 });
  });

  test.each([
    ["exactly one order", { type: "orders.count", op: "eq", value: 1 }, ["bob"]],
    [
      "a coupon",
      { type: "orders.count", op: "gte", value: 1, where: [{ field: "coupon", op: "is", value: "WELCOME" }] },
      ["ann"],
    ],
    [
      "one line that is a lamp of one brand",
      {
        type: "orders.count",
        op: "gte",
        value: 1,
        lines: [
          [
            { field: "category", op: "is", value: "Lamps" },
            { field: "brand", op: "is", value: "Nord" },
          ],
        ],
      },
      ["ann"],
    ],
    [
      "no line is a lamp of the other brand, though one order holds both",
      {
        type: "orders.count",
        op: "gte",
        value: 1,
        lines: [
          [
            { field: "category", op: "is", value: "Lamps" },
            { field: "brand", op: "is", value: "Sud" },
          ],
        ],
      },
      [],
    ],
    [
      "two lines of the same order",
      {
        type: "orders.count",
        op: "eq",
        value: 1,
        lines: [[{ field: "product", op: "is", value: "lamp" }], [{ field: "product", op: "is", value: "candle" }]],
      },
      ["ann"],
    ],
    ["an amount", { type: "orders.value", op: "gte", value: 7_000 }, ["ann"]],
    [
      "a wishlist, not a lamp bought",
      {
        all: [
          { type: "wishlist.count", op: "gte", value: 1 },
          {
            not: {
              type: "orders.count",
              op: "gte",
              value: 1,
              lines: [[{ field: "product", op: "is", value: "lamp" }]],
            },
          },
        ],
      },
      ["bob"],
    ],
  ])("finds %s", async (_title, rule, users) => {
    const { json } = await preview(rule);
    const ids = await Promise.all(users.map(async (user) => contactId(await idOf(user))));
    expect(json).toMatchObject({ count: users.length, sample: ids });
  });
});

describe("a rule that is no rule is refused with the place of its fault", () => {
  const pointers = (json: unknown) => (json as { errors: { pointer: string }[] }).errors.map(({ pointer }) => pointer);

  test.each([
    ["field", { type: "contact", field: "email) OR 1=1--", op: "is", value: "x" }, "/rule/field"],
    ["operator", { type: "contact", field: "email", op: "; DROP TABLE contacts", value: "x" }, "/rule/op"],
    [
      "path of JSON",
      { type: "attribute", name: "$.a') UNION SELECT 1--", as: "text", op: "is", value: "x" },
      "/rule/name",
    ],
    ["name of a table", { type: "table", table: 'x"; DROP TABLE contacts--', op: "gte", value: 1 }, "/rule/table"],
    [
      "column of an order",
      { type: "orders.count", op: "gte", value: 1, where: [{ field: "1; --", op: "is", value: "x" }] },
      "/rule/where/0/field",
    ],
    ["comparison", { type: "orders.count", op: "> 0 OR 1=1", value: 1 }, "/rule/op"],
    ["condition", { all: [{ type: "constructor" }] }, "/rule/all/0/type"],
  ])("I01: SQL in the place of a %s", async (_what, rule, pointer) => {
    const { status, type, json } = await preview(rule);
    expect(status).toBe(400);
    expect(type).toContain("application/problem+json");
    expect(pointers(json)).toContain(pointer);
  });

  test("I01: a value that looks like SQL is a value", async () => {
    const value = "x' OR '1'='1";
    const { status, json } = await preview({ type: "contact", field: "external_id", op: "is", value });
    expect([status, (json as { count: number }).count]).toEqual([200, 0]);
  });

  test("I02: fifty conditions are run, and the fifty-first is refused by its place", async () => {
    const of = (count: number) => ({
      all: Array.from({ length: count }, () => ({ type: "orders.count", op: "gte", value: 1 })),
    });
    expect((await preview(of(50))).json).toMatchObject({ count: 2 });
    for (const count of [51, 150]) {
      const refused = await preview(of(count));
      expect([refused.status, pointers(refused.json)]).toEqual([400, ["/rule/all/50"]]);
    }
  });

  test("I02: twenty levels are run, the next one is refused, and a hundred thousand do no harm", async () => {
    const deep = (levels: number): object => {
      let rule: object = { type: "orders.count", op: "gte", value: 1 };
      for (let level = 0; level < levels; level++)
        rule = level % 2 === 0 ? { not: rule } : { any: [rule, rule].slice(0, 1) };
      return rule;
    };
    expect((await preview(deep(20))).status).toBe(200);
    expect((await preview(deep(21))).status).toBe(400);
    const text = `{"rule":${'{"not":'.repeat(60_000)}{"type":"x"}${"}".repeat(60_000)}}`;
    const headers = { Authorization: "Bearer ak_local" };
    const request = new Request("https://relance.test/api/segments/preview", { method: "POST", headers, body: text });
    expect((await app.fetch(request, bound, createExecutionContext())).status).toBe(400);
  });

  test("I04: nobody may give a pattern: there is no operator that takes one", async () => {
    for (const op of ["regex", "matches", "like", "glob"]) {
      const { status, json } = await preview({ type: "contact", field: "email", op, value: "(a+)+$" });
      expect([status, pointers(json)]).toEqual([400, ["/rule/op"]]);
    }
    const value = "(a+)+$%_*";
    expect((await preview({ type: "contact", field: "email", op: "contains", value })).json).toMatchObject({
      count: 0,
    });
  });

  test("I05: five thousand values in each of many lists are one bound parameter", async () => {
    const list = (names: string[]) => ({ type: "contact", field: "external_id", op: "in", value: names });
    const many = Array.from({ length: 5_000 }, (_, index) => `user-${index}`);
    expect((await preview(list([...many, "ann"]))).json).toMatchObject({ count: 1 });
    const rule = {
      any: [
        ...Array.from({ length: 4 }, () => list(many)),
        ...Array.from({ length: 45 }, (_, index) => list([`u${index}`, "bob"])),
      ],
    };
    expect((await preview(rule)).json).toMatchObject({ count: 1 });
  });

  test("a table that the shop does not have is refused with 422 and its place", async () => {
    const { status, json } = await preview({ any: [{ type: "table", table: "nothing", op: "gte", value: 1 }] });
    expect([status, pointers(json)]).toEqual([422, ["/rule/any/0/table"]]);
  });
});

describe("a table that the shop defined", () => {
  test("can be asked about by its typed columns, and is refused by name where a column does not fit", async () => {
    await api("POST", "/api/tables", {
      key: "pets",
      title: "Pets",
      family: "linked",
      columns: [
        { name: "kind", type: "text" },
        { name: "born", type: "date" },
        { name: "vet_at", type: "time" },
      ],
    });
    const contact = contactId(await idOf("bob"));
    const rex = { id: "rex", contact_id: contact, kind: "dog", born: "2020-05-01" };
    const rows = [{ ...rex, vet_at: new Date(now).toISOString() }];
    expect(await api("PUT", "/api/tables/pets/rows", { rows })).toMatchObject({ status: 200 });
    const dogs = (more: object) => preview({ type: "table", table: "pets", op: "gte", value: 1, ...more });
    const dog = { field: "kind", op: "is", value: "dog" };
    expect((await dogs({ where: [dog], time: "vet_at", within: "P1D" })).json).toMatchObject({
      count: 1,
      sample: [contact],
    });
    expect((await dogs({ where: [{ ...dog, value: "cat" }] })).json).toMatchObject({ count: 0 });
    const refused = await dogs({ where: [{ field: "born", op: "contains", value: "2020" }], within: "P1D" });
    expect(refused.status).toBe(422);
    const errors = (refused.json as { errors: { pointer: string }[] }).errors.map(({ pointer }) => pointer);
    expect(errors).toEqual(["/rule/where/0/op", "/rule/time"]);
  });
});

describe("an explanation", () => {
  test("says of each condition whether it holds and what was found, in English and in French", async () => {
    const rule = {
      all: [{ type: "orders.count", op: "gte", value: 3 }, { not: { type: "wishlist.count", op: "eq", value: 0 } }],
    };
    const contact = contactId(await idOf("ann"));
    const ask = async (language: string) =>
      (await api("POST", "/api/segments/explain", { rule, contact, language })).json;
    expect(await ask("en")).toEqual({
      in: false,
      known: true,
      active: true,
      why: {
        holds: false,
        group: "all",
        words: "has placed at least 3 orders and not (has no wishlist products)",
        parts: [
          { holds: false, words: "has placed at least 3 orders", found: "2 orders" },
          {
            holds: false,
            group: "not",
            words: "not (has no wishlist products)",
            parts: [{ holds: true, words: "has no wishlist products", found: "0 wishlist products" }],
          },
        ],
      },
    });
    expect(await ask("fr")).toMatchObject({
      why: { parts: [{ words: "a passé au moins 3 commandes", found: "2 commandes" }, {}] },
    });
  });

  test("tells of somebody who is not known that they are in nothing, whatever the rule says", async () => {
    await give(visit("x-1", "a-browser"));
    const unknown = "SELECT id FROM contacts WHERE status = 'anonymous'";
    const row = (await services.env.DB.prepare(unknown).first<number>("id")) ?? -1;
    const rule = { type: "orders.count", op: "eq", value: 0 };
    const ask = async (more: object) =>
      (await api("POST", "/api/segments/explain", { rule, contact: contactId(row), ...more })).json;
    for (const more of [{}, { everybody: true }]) {
      expect(await ask(more)).toMatchObject({ in: false, known: false, active: true, why: { holds: true } });
    }
  });
});

test("a preview says the rule in the language that is asked for, with the shop's money and tables", async () => {
  const rule = { type: "orders.value", op: "gte", value: 123_450 };
  const words = async (more: object, of: object = rule) => (await preview(of, more)).json as { words: string };
  expect(await words({})).toMatchObject({ words: "has spent at least €1,234.50 in all" });
  expect((await words({ language: "fr" })).words.replace(/[\u00a0\u202f]/g, " ")).toBe(
    "a dépensé au moins 1 234,50 € au total",
  );
  expect(await words({}, { type: "table", table: "pets", op: "eq", value: 0 })).toMatchObject({
    words: "has no rows of “Pets”",
  });
  expect((await preview(rule, { language: "de" })).status).toBe(400);
});
