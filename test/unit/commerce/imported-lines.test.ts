import { describe, expect, it } from "vitest";
import { ADDED_LINES, FIRST_NUMBER } from "../../../src/commerce/imported-lines";
import { People } from "../contacts/people";

const AT = Date.UTC(2025, 0, 1);
const line = (number: number, sku: string, price: string, quantity: number) => ({
  line: FIRST_NUMBER + number,
  sku,
  price,
  quantity,
});
const lines = (total: string, products: readonly object[], at = AT) => ({
  user: "ann",
  name: "Order Updated",
  trust: "import" as const,
  at,
  properties: { order_id: "o-1", currency: "EUR", total, ...ADDED_LINES, products } as Record<string, unknown>,
});
const stated = (properties: object, rest: object = {}) => ({
  user: "ann",
  name: "Order Completed",
  at: AT,
  properties: { order_id: "o-1", currency: "EUR", ...properties } as Record<string, unknown>,
  ...rest,
});
const order = (people: People) => people.commerce("u:ann").orders[0];
const numbers = (people: People) => people.rows("order_lines").map((row) => (row[1] as number) - FIRST_NUMBER);

describe("imported lines", () => {
  it("make an order that nobody stated, of everything but what is no sale", () => {
    const people = new People().take(
      lines("5.11", [line(1, "a", "2.555", 2), line(2, "b", "-3", 1), line(3, "c", "1", -4)]),
    );
    expect(order(people)).toMatchObject({ total: 511, placedAt: AT, lined: "made", status: "confirmed" });
    expect(order(people)?.shown.map(({ product_id }) => product_id)).toEqual(["a"]);
    expect(numbers(people)).toEqual([1, 2, 3]);
    expect(people.rows("order_lines").map((row) => [row[8], row[12], row[13]])).toEqual([
      [2, 25_550, 511],
      [1, -30_000, 0],
      [-4, 10_000, 0],
    ]);
  });

  it("add up with those of another file, and make the order as old as the earliest", () => {
    const people = new People().take(lines("2.00", [line(1, "a", "1", 2)]));
    people.take(lines("5.00", [line(2, "b", "3", 1)], AT - 1_000));
    expect(order(people)).toMatchObject({ total: 500, placedAt: AT - 1_000 });
    expect(order(people)?.shown.map(({ product_id }) => product_id)).toEqual(["b", "a"]);
    // Said once more of fewer lines, as after a crash.
    people.take({ ...lines("2.00", [line(1, "a", "1", 2)]), id: "again" });
    expect(order(people)?.total).toBe(500);
    expect(people.rows("contact_metrics")[0]?.slice(1, 4)).toEqual([1, 500, AT - 1_000]);
  });

  it("leave totals as somebody stated them, before or since", () => {
    const before = new People().take(stated({ total: 9 }));
    before.take(lines("2.00", [line(1, "a", "1", 2)]));
    expect(order(before)).toMatchObject({ total: 900, lined: "added" });
    expect(numbers(before)).toEqual([1]);
    const since = new People().take(lines("2.00", [line(1, "a", "1", 2)]));
    since.take(stated({ total: 9 }));
    since.take(lines("5.00", [line(2, "b", "3", 1)]));
    expect(order(since)).toMatchObject({ total: 900, lined: "added" });
    expect(order(since)?.shown).toHaveLength(2);
  });

  it("do not come to those that the order's own event named", () => {
    const people = new People().take(stated({ total: 9, products: [{ product_id: "a", price: 9 }] }));
    people.take(lines("2.00", [line(1, "a", "1", 2)]));
    expect(order(people)?.lined).toBeUndefined();
    expect(numbers(people)).not.toContain(1);
  });

  it("make way for those that the shop states since, and do not come back with their file", () => {
    const file = () => lines("20.00", [line(1, "a", "10", 2)]);
    for (const made of [true, false]) {
      const people = made ? new People() : new People().take(stated({ total: 20 }));
      people.take(file());
      people.take(stated({ products: [{ product_id: "a", price: 10, quantity: 2 }] }, { name: "Order Updated" }));
      people.take({ ...file(), id: "a-repeat" }, { ...lines("25.00", [line(2, "b", "5", 1)]), id: "with-one-more" });
      expect(order(people)).toMatchObject({ total: 2_000, lined: "own" });
      expect(order(people)?.shown).toHaveLength(1);
      expect(numbers(people)).toEqual([]);
    }
  });

  it("no longer make the total once an update of the shop states one", () => {
    const people = new People().take(lines("2.00", [line(1, "a", "1", 2)]));
    people.take(stated({ total: 9 }, { name: "Order Updated" }));
    people.take(lines("12.00", [line(2, "b", "3", 1)]));
    expect(order(people)).toMatchObject({ total: 900, lined: "added" });
    expect(numbers(people)).toEqual([2]);
  });

  it("are an import's word only: to anybody else the event is one of an order that is not known", () => {
    const people = new People().take({ ...lines("2.00", [line(1, "a", "1", 2)]), trust: "secret" });
    expect(order(people)).toBeUndefined();
  });
});
