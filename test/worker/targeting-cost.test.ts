import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import type { Terms } from "../../src/segments/compile";
import type { Rule } from "../../src/segments/rule";
import { previewSql } from "../../src/segments/target";

const { DB } = env as unknown as { DB: D1Database };
const NOW = Date.UTC(2026, 5, 1);
const terms: Terms = { shop: { zone: "UTC", currency: "EUR" }, table: () => undefined };

/** One with many orders, to whom another one's came over; some with none to three; and somebody who is long gone. */
const ORDERS: Readonly<Record<number, number>> = { 1: 200, 2: 200, 10: 0, 11: 1, 12: 2, 13: 3, 20: 1 };
const MERGED = 2;
const GONE = 20;

async function ask(rule: Rule): Promise<{ count: number; inactive: number; ids: number[]; read: number }> {
  const { text, values } = previewSql({ rule }, NOW, terms, 20);
  const { results, meta } = await DB.prepare(text)
    .bind(...values)
    .all<{ count: number; inactive: number; sample: string }>();
  const { count = -1, inactive = -1, sample = "[]" } = results[0] ?? {};
  return { count, inactive, ids: JSON.parse(sample) as number[], read: meta.rows_read };
}

beforeAll(async () => {
  const contacts = Object.keys(ORDERS).map(Number);
  const people = contacts.map((id) => [id, id === MERGED ? "merged" : "verified", id === MERGED ? 1 : null]);
  const orders = contacts.flatMap((id) =>
    Array.from({ length: ORDERS[id] ?? 0 }, (_, place) => [
      `o-${id}-${place}`,
      id,
      id === MERGED && place === 7 ? "rare" : "usual",
    ]),
  );
  const seen = `iif(value ->> 0 = ${GONE}, 0, ${NOW})`;
  await DB.batch([
    DB.prepare(
      "INSERT INTO contacts (id, status, merged_into, external_id, attributes, consents, created_at, tracked, ring, seq, seen_at) " +
        `SELECT value ->> 0, value ->> 1, value ->> 2, 'user-' || (value ->> 0), '{}', '{}', 0, 0, '', 1, ${seen} FROM json_each(?1)`,
    ).bind(JSON.stringify(people)),
    DB.prepare(
      "INSERT INTO orders (order_id, contact, status, placed_at, currency, total, discount, tax, shipping, refunded, shown, source, net) " +
        `SELECT value ->> 0, value ->> 1, 'delivered', ${NOW} - 1000, 'EUR', 10, 0, 0, 0, 0, '[]', 'secret', 10 FROM json_each(?1)`,
    ).bind(JSON.stringify(orders)),
    DB.prepare(
      "INSERT INTO order_lines (order_id, line, contact, product_id, name, category, quantity, price) " +
        "SELECT value ->> 0, 0, value ->> 1, 'p', 'P', value ->> 2, 1, 10 FROM json_each(?1)",
    ).bind(JSON.stringify(orders)),
  ]);
});

const isUser = (id: number) => ({ type: "contact", field: "external_id", op: "is", value: `user-${id}` });
const rare = [[{ field: "category", op: "is", value: "rare" }]];

describe("a rule that counts orders", () => {
  const have: Readonly<Record<string, (orders: number, value: number) => boolean>> = {
    eq: (orders, value) => orders === value,
    ne: (orders, value) => orders !== value,
    gt: (orders, value) => orders > value,
    gte: (orders, value) => orders >= value,
    lt: (orders, value) => orders < value,
    lte: (orders, value) => orders <= value,
  };

  test.each(Object.keys(have))("means %s, from none to more than there are", async (op) => {
    for (const value of [0, 1, 2, 3, 4]) {
      const heads = [1, 10, 11, 12, 13];
      const expected = heads.filter((id) => have[op]?.(id === 1 ? 400 : (ORDERS[id] ?? 0), value));
      const { ids, count, inactive } = await ask({ type: "orders.count", op, value });
      expect([ids, count, inactive], `${op} ${value}`).toEqual([
        expected,
        expected.length,
        have[op]?.(1, value) ? 1 : 0,
      ]);
    }
  });

  test("reads no further than the order that decides it", async () => {
    const { count, read } = await ask({ all: [isUser(1), { type: "orders.count", op: "gte", value: 3 }] });
    expect(count).toBe(1);
    expect(read).toBeLessThan(30);
  });

  test("adds up those of who was merged, and theirs alone", async () => {
    const spent = (value: number) => ask({ type: "orders.value", op: "gte", value });
    expect((await spent(4_000)).ids).toEqual([1]);
    expect((await spent(4_001)).ids).toEqual([]);
    const average = { type: "orders.value", measure: "average", op: "eq", value: 10 };
    expect((await ask(average)).ids).toEqual([1, 11, 12, 13]);
  });
});

test("what somebody bought is found among the lines of that contact and of who was merged into it", async () => {
  const bought = (category: string) => ({
    type: "orders.count",
    op: "gte",
    value: 1,
    lines: [[{ field: "category", op: "is", value: category }]],
  });
  expect((await ask({ type: "orders.count", op: "gte", value: 1, lines: rare })).ids).toEqual([1]);
  expect((await ask({ type: "orders.value", op: "eq", value: 10, lines: rare })).ids).toEqual([1]);
  expect((await ask({ not: bought("usual") })).ids).toEqual([10]);
  const { read } = await ask({ all: [isUser(1), bought("rare")] });
  // 407 orders with a line each; what the families and the contacts themselves cost is all that is read beside.
  expect(read).toBeLessThan(60);
});

test("who is likely to be out is asked first, whatever the order somebody typed", async () => {
  const many = { type: "orders.count", op: "gte", value: 3 };
  const none = { type: "wishlist.count", op: "eq", value: 0 };
  for (const all of [
    [many, none],
    [none, many],
  ]) {
    const { text } = previewSql({ rule: { all } }, NOW, terms, 1);
    expect(text.indexOf("FROM orders")).toBeLessThan(text.indexOf("FROM wishlist_items"));
  }
  for (const any of [
    [many, none],
    [none, many],
  ]) {
    const { text } = previewSql({ rule: { any } }, NOW, terms, 1);
    expect(text.indexOf("FROM wishlist_items")).toBeLessThan(text.indexOf("FROM orders"));
  }
});
