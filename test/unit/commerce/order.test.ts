import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { OrderStatus, OrderSummary } from "../../../src/commerce/order";
import { currencyOf, isValid, metricsOf, ORDER_STATUSES, readOrder } from "../../../src/commerce/order";

const AT = Date.UTC(2026, 0, 5, 10);

function read(properties: object) {
  return readOrder(properties as Record<string, unknown>, "confirmed", AT, "ev-1", "EUR");
}

function order(change: Partial<OrderSummary> = {}): OrderSummary {
  const base = {
    id: "o-1",
    status: "confirmed",
    placedAt: AT,
    currency: "EUR",
    total: 5_000,
    shipping: 500,
    refunded: 0,
  };
  return { ...base, shown: [], ...change } as OrderSummary;
}

describe("an order", () => {
  it("is read from Segment's Order Completed", () => {
    const products = [
      { product_id: "a", price: 10, quantity: 2 },
      { product_id: "b", price: "5.50" },
    ];
    const money = { total: "27.50", shipping: 3, tax: 2.5, discount: 1, currency: "usd" };
    expect(read({ order_id: "o-1", products, coupon: "SPRING", ...money })).toMatchObject({
      id: "o-1",
      status: "confirmed",
      placedAt: AT,
      currency: "USD",
      total: 2_750,
      shipping: 300,
      tax: 250,
      discount: 100,
      refunded: 0,
      coupon: "SPRING",
      lines: [
        { product_id: "a", price: 1_000, quantity: 2 },
        { product_id: "b", price: 550 },
      ],
    });
  });

  it("is worth its total, else its revenue, else its value, else its lines", () => {
    const products = [{ product_id: "a", price: 10, quantity: 2 }];
    expect(read({ total: 1, revenue: 2, value: 3, products }).total).toBe(100);
    expect(read({ revenue: 2, value: 3, products }).total).toBe(200);
    expect(read({ value: 3, products }).total).toBe(300);
    expect(read({ products }).total).toBe(2_000);
    expect(read({}).total).toBe(0);
  });

  it("without an id is named after its event, so that a repeat is the same order", () => {
    expect(read({ total: 1 }).id).toBe("ev-1");
  });

  it("is in the shop's currency where it names none that is one", () => {
    for (const currency of [undefined, "", "euro", 978, "€€€"]) expect(currencyOf({ currency }, "EUR")).toBe("EUR");
    expect(currencyOf({ currency: "gbp" }, "EUR")).toBe("GBP");
  });
});

describe("an order that counts", () => {
  it.each([
    ["confirmed", true],
    ["shipped", true],
    ["in_transit", true],
    ["delivered", true],
    ["partially_refunded", true],
    ["pending", false],
    ["cancelled", false],
    ["refunded", false],
  ] as [OrderStatus, boolean][])("%s: %s", (status, counts) => expect(isValid(order({ status }))).toBe(counts));

  it("has something left that the shop was paid for", () => {
    expect(metricsOf([order()], "EUR").netTotal).toBe(4_500);
    expect(isValid(order({ refunded: 4_499 }))).toBe(true);
    expect(isValid(order({ refunded: 4_500 }))).toBe(false);
    expect(isValid(order({ total: 0, shipping: 0 }))).toBe(false);
  });

  it("is of a status that is known", () => expect(ORDER_STATUSES).toHaveLength(8));
});

describe("a contact's figures", () => {
  it("are none without an order that counts", () => {
    const none = { orders: 0, netTotal: 0, firstOrderAt: null, lastOrderAt: null };
    expect(metricsOf([], "EUR")).toEqual(none);
    expect(metricsOf([order({ status: "cancelled" })], "EUR")).toEqual(none);
  });

  it("add up money of the shop's own currency, and count the others", () => {
    const orders = [
      order(),
      order({ id: "o-2", currency: "USD", placedAt: AT + 1 }),
      order({ id: "o-3", placedAt: AT - 1 }),
    ];
    expect(metricsOf(orders, "EUR")).toEqual({ orders: 3, netTotal: 9_000, firstOrderAt: AT - 1, lastOrderAt: AT + 1 });
  });

  it("do not depend on the order in which the events came", () => {
    const some = fc.record({
      total: fc.nat({ max: 10_000 }),
      placedAt: fc.nat({ max: 1_000 }),
      status: fc.constantFrom(...ORDER_STATUSES),
    });
    fc.assert(
      fc.property(fc.array(some, { maxLength: 10 }), (all) => {
        const orders = all.map((one, index) => order({ ...one, id: `${index}` }));
        expect(metricsOf([...orders].reverse(), "EUR")).toEqual(metricsOf(orders, "EUR"));
      }),
    );
  });
});
