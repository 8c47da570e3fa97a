import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readOrder } from "../../../src/commerce/order";
import { lowestBefore, priceAt } from "../../../src/commerce/price";
import { refundedOf, returnedOf } from "../../../src/commerce/refund";
import { DAY } from "../../../src/shared/clock";
import { lineTotal, parseUnitPrice } from "../../../src/shared/money";
import { NOW, People } from "../contacts/people";

const event = (name: string, properties: object = {}, rest: object = {}) => ({
  user: "ann",
  name,
  properties: { order_id: "o-1", ...properties } as Record<string, unknown>,
  ...rest,
});
const products = [
  { product_id: "lamp", sku: "l-s", price: "10.00", quantity: 2 },
  { product_id: "lamp", sku: "l-l", price: "20.00", quantity: 1 },
  { product_id: "bulb", price: "0.3333", quantity: 30, discount: "1.50", is_gift: true },
];
const placed = () => new People().take(event("Order Completed", { total: "55.00", shipping: "5.00", products }));
const order = (people: People) => people.commerce("u:ann").orders[0];

describe("a whole order", () => {
  it("has its number, where it was placed, and lines whose totals are rounded once", () => {
    const properties = { products, order_number: 1001, store_id: "lyon", channel: "POS", is_gift: true, discount: 4 };
    const read = readOrder(properties, "confirmed", NOW, "x", "EUR");
    expect(read).toMatchObject({
      number: "1001",
      store: "lyon",
      channel: "pos",
      isGift: true,
      gross: 5_000,
      total: 5_000,
    });
    expect(read.lines.map(({ unitPrice, total, discount, isGift }) => [unitPrice, total, discount, isGift])).toEqual([
      [100_000, 2_000, 0, false],
      [200_000, 2_000, 0, false],
      [3_333, 1_000, 150, true],
    ]);
    expect(Object.keys(read.shown[0] ?? {})).not.toContain("unitPrice");
  });

  it("without lines is worth what its subtotal and discount say before it", () => {
    expect(readOrder({ subtotal: 40, discount: 10, total: 45 }, "confirmed", NOW, "x", "EUR").gross).toBe(5_000);
    expect(readOrder({ total: 45 }, "confirmed", NOW, "x", "EUR").gross).toBe(4_500);
  });

  it("has unit prices of four decimals, in any currency", () => {
    expect([parseUnitPrice("1.23455", "EUR"), parseUnitPrice(0.0001, "JPY"), parseUnitPrice("-1", "EUR")]).toEqual([
      12_346,
      1,
      null,
    ]);
    expect([lineTotal(12_345, 10, "EUR"), lineTotal(5_000, 1, "JPY"), lineTotal(49, 1, "EUR")]).toEqual([1_235, 1, 0]);
    fc.assert(
      fc.property(fc.nat(1e9), fc.nat(100_000), (unit, quantity) => {
        const exact = (BigInt(unit) * BigInt(quantity) + 50n) / 100n;
        expect(lineTotal(unit, quantity, "EUR")).toBe(Number(exact));
      }),
    );
  });
});

describe("the status of an order", () => {
  it("is what the shop says when it is placed: one that waits for its money does not count yet", () => {
    const people = new People().take(event("Order Completed", { total: 5, status: "Pending" }));
    expect(order(people)?.status).toBe("pending");
    expect(people.rows("contact_metrics")[0]?.[1]).toBe(0);
    people.take(event("Order Updated", { status: "paid" }));
    expect(people.rows("contact_metrics")[0]?.[1]).toBe(1);
    const sent = new People().take(
      event("Order Completed", { total: 5, status: "delivered", delivered_at: "2026-01-01T00:00:00Z" }),
    );
    expect(sent.rows("orders")[0]?.at(-3)).toBe(Date.UTC(2026, 0, 1));
  });

  it("follows what the shop says, and nothing older undoes it", () => {
    const people = placed().take(event("Order Shipped", {}, { at: NOW + 3_000_000 }));
    expect(order(people)?.status).toBe("shipped");
    people.take(event("Order Delivered", {}, { at: NOW + 5_000_000 }));
    people.take(event("Order Updated", { status: "in_transit" }, { at: NOW + 4_000_000 }));
    expect(order(people)?.status).toBe("delivered");
    expect(people.rows("order_changes")[0]?.[2]).toBe("delivered");
  });

  it("keeps the day of the delivery, also where it is heard of late", () => {
    const people = placed().take(event("Order Refunded", { total: 5, refund_id: "r" }, { at: NOW + 9_000_000 }));
    people.take(event("Order Delivered", {}, { at: NOW + 5_000_000 }));
    expect(order(people)?.status).toBe("partially_refunded");
    expect(people.rows("order_changes")[0]?.[7]).toBe(NOW + 5_000_000);
  });
});

describe("a refund", () => {
  it("is known by its own id: a repeat gives nothing back twice", () => {
    const people = placed().take(event("Order Refunded", { refund_id: "r-1", total: 10 }));
    people.take(event("Order Refunded", { refund_id: "r-1", total: 10 }));
    expect(order(people)).toMatchObject({ refunded: 1_000, status: "partially_refunded" });
    expect(people.rows("order_changes")).toEqual([]);
    expect(people.types("u:ann")).toEqual([]);
    people.take(event("Order Refunded", { refund_id: "r-2", total: 45 }));
    expect(order(people)).toMatchObject({ refunded: 5_500, status: "refunded" });
  });

  it("of products is worth their prices, and says which came back", () => {
    const people = placed().take(
      event("Order Refunded", { products: [{ product_id: "lamp", sku: "l-s", quantity: 1 }] }),
    );
    expect(order(people)?.refunded).toBe(1_000);
    expect(people.rows("order_returns")).toEqual([["o-1", "lamp", "l-s", 1]]);
    people.take(event("Order Refunded", { products: [{ product_id: "lamp", quantity: 2, price: "15.00" }] }));
    expect(order(people)?.refunded).toBe(4_000);
    expect(people.rows("order_returns")).toEqual([["o-1", "lamp", null, 3]]);
  });

  it("of everything brings everything back", () => {
    expect(placed().take(event("Order Refunded")).rows("order_returns")).toEqual([["o-1", null, null, 1_000_000_000]]);
    expect(
      placed()
        .take(event("Order Refunded", { total: 3 }))
        .rows("order_returns"),
    ).toEqual([]);
  });

  it("comes to the same sum in any order, and never to more than was paid", () => {
    const refund = fc.record({ id: fc.string(), amount: fc.nat(3_000), lines: fc.constant([]) });
    fc.assert(
      fc.property(fc.array(refund, { maxLength: 6 }), fc.nat(6_000), (refunds, total) => {
        const sum = refunds.reduce((all, { amount }) => all + amount, 0);
        expect(refundedOf(refunds, total)).toBe(Math.min(sum, total));
        expect(refundedOf(refunds.toReversed(), total)).toBe(refundedOf(refunds, total));
        expect(returnedOf(refunds, total).length).toBe(total > 0 && sum >= total ? 1 : 0);
      }),
    );
  });
});

describe("an order that is stated anew", () => {
  it("has the lines and amounts of then, and keeps what is not told", () => {
    const people = placed().take(event("Order Refunded", { refund_id: "r", total: 10 }));
    people.take(event("Order Updated", { total: "30.00", products: products.slice(0, 1), currency: "USD" }));
    expect(order(people)).toMatchObject({ total: 3_000, shipping: 500, refunded: 1_000, currency: "EUR" });
    expect(people.rows("order_line_changes")).toHaveLength(1);
    expect(people.rows("order_lines_cut")).toEqual([["o-1", 1]]);
    const [id, , , refunded, net, , , delivered, total, shipping, discount] = people.rows("order_changes")[0] ?? [];
    expect([id, refunded, net, delivered, total, shipping, discount]).toEqual([
      "o-1",
      1_000,
      1_500,
      null,
      3_000,
      500,
      null,
    ]);
  });

  it("twice in one request keeps what each told", () => {
    const people = placed().take(event("Order Delivered"), event("Order Updated", { order_number: "77" }));
    const row = people.rows("order_changes")[0];
    expect([row?.[2], row?.[7], row?.[14]]).toEqual(["delivered", NOW + 2_000, "77"]);
  });
});

describe("a cart", () => {
  const added = { user: "ann", name: "Product Added", properties: { product_id: "lamp", price: 10, cart_id: "c" } };
  const state = (people: People) => people.rows("carts").map((row) => row[3]);

  it("says how far it is where an event says so, and is active again when it changes", () => {
    const people = new People().take(added).take({ user: "ann", name: "Checkout Started" });
    expect(state(people)).toEqual(["checkout"]);
    expect(people.types("u:ann")).toEqual(["activity"]);
    expect(people.commerce("u:ann").cart).toMatchObject({ changedAt: NOW + 1_000, state: "checkout" });
    expect(state(people.take({ user: "ann", name: "Cart Abandoned" }))).toEqual(["abandoned"]);
    expect(state(people.take({ user: "ann", name: "Cart Abandoned" }))).toEqual([]);
    expect(state(people.take(added))).toEqual(["active"]);
  });

  it("that has expired is closed", () => {
    const people = new People().take(added).take({ user: "ann", name: "Cart Expired" });
    expect([state(people), people.types("u:ann")]).toEqual([["expired"], ["emptied"]]);
    expect(people.commerce("u:ann").cart).toBeNull();
  });
});

describe("the price of a product", () => {
  const price = (day: number, amount: number, currency = "EUR") => ({
    effectiveFrom: NOW + day * DAY,
    price: amount,
    compareAt: null,
    currency,
  });

  it("is that of the latest row that has begun", () => {
    const history = [price(-5, 50), price(3, 30), price(-50, 60)];
    expect(priceAt(history, NOW)?.price).toBe(50);
    expect(priceAt(history, NOW + 3 * DAY)?.price).toBe(30);
    expect(priceAt(history, NOW - 51 * DAY)).toBeNull();
  });

  it("was lowest at any time of the thirty days before, the price at their start included", () => {
    const history = [price(-90, 20), price(-40, 35), price(-20, 60), price(-10, 50), price(0, 10)];
    expect(lowestBefore(history, NOW, "EUR")).toBe(35);
    expect(lowestBefore(history, NOW + 9 * DAY, "EUR")).toBe(10);
    expect(lowestBefore(history.slice(2), NOW, "EUR")).toBe(50);
    expect(lowestBefore([price(-10, 1, "USD"), price(-5, 9)], NOW, "EUR")).toBe(9);
    expect(lowestBefore([price(0, 10)], NOW, "EUR")).toBeNull();
  });

  it("is never above any price that was in force in those days", () => {
    const rows = fc.array(fc.tuple(fc.integer({ min: -60, max: 5 }), fc.nat(100)), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(rows, fc.integer({ min: -29, max: -1 }), (list, day) => {
        const history = [...new Map(list.map(([at, amount]) => [at, price(at, amount)])).values()];
        const then = priceAt(history, NOW + day * DAY);
        const lowest = lowestBefore(history, NOW, "EUR");
        if (then) expect(lowest).toBeLessThanOrEqual(then.price);
      }),
    );
  });
});
