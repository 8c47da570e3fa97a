import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { orderKeys } from "../../../src/commerce/order";
import type { LedgerEvent } from "../../../src/events/event";
import { NOW, People } from "../contacts/people";

const people = (): People => new People();
const ANN: Partial<LedgerEvent> = { user: "ann" };
/** Of an event that names nobody. */
const GUEST: Partial<LedgerEvent> = { anon: "guest:o-1" };
const BROWSER: Partial<LedgerEvent> = { trust: "write", anon: "b-1" };

const event = (name: string, at: number, properties: object, who = ANN): Partial<LedgerEvent> => ({
  id: `${name} ${at}`,
  type: "track",
  name,
  at: NOW + at,
  properties: { order_id: "o-1", ...properties },
  ...who,
});

const placed = new Date(NOW).toISOString();
const whole = {
  placed_at: placed,
  currency: "EUR",
  shipping: 5,
  products: [{ product_id: "lamp", price: 10, quantity: 3 }],
};
/** All that a shop's webhooks tell of one order, at times of its own. */
const STORY: readonly Partial<LedgerEvent>[] = [
  event("Order Completed", 0, { ...whole, total: 35 }),
  event("Order Updated", 10, { ...whole, total: 38, status: "confirmed" }),
  event("Order Refunded", 20, { refund_id: "r-1", total: 4 }, GUEST),
  event("Order Shipped", 30, {}, GUEST),
  event("Order Refunded", 40, { refund_id: "r-2", total: 6 }, GUEST),
  event("Order Updated", 50, { ...whole, total: 40, status: "shipped" }),
  event("Order Delivered", 60, {}),
];

const stateOf = (told: People): object | undefined => {
  const order = told.commerce("u:ann").orders[0];
  return order && { ...order, refunds: [...order.refunds].sort((one, other) => one.id.localeCompare(other.id)) };
};

describe("what a shop tells of an order", () => {
  it("comes to the same in whatever order it comes, and however often", () => {
    const expected = stateOf(people().take(...STORY));
    expect(expected).toMatchObject({
      status: "delivered",
      total: 4_000,
      refunded: 1_000,
      placedAt: NOW,
      changedAt: NOW + 60,
    });
    const places = STORY.map((_, index) => index);
    const orders = fc.tuple(
      fc.shuffledSubarray(places, { minLength: STORY.length }),
      fc.array(fc.constantFrom(...places)),
    );
    fc.assert(
      fc.property(orders, ([first, more]) => {
        const told = people();
        for (const index of [...first, ...more]) told.take(STORY[index] ?? {});
        expect(stateOf(told)).toEqual(expected);
      }),
    );
  });

  it("waits with whoever it came to, and is taken from there once", () => {
    const told = people().take(event("Order Refunded", 20, { refund_id: "r-1", total: 4 }, GUEST));
    expect(told.rows("waiting_changes").map((row) => row.slice(0, 4))).toEqual([
      ["o-1", "Order Refunded 20", told.contact("a:guest:o-1"), NOW + 20],
    ]);
    expect(told.commerce("a:guest:o-1").waiting).toHaveLength(1);
    told.take(event("Order Completed", 0, { total: 35 }));
    expect(told.rows("waiting_taken")).toEqual([["o-1"]]);
    expect(told.commerce("a:guest:o-1").waiting).toEqual([]);
    expect(told.commerce("u:ann").orders).toMatchObject([{ refunded: 400, status: "partially_refunded" }]);
  });

  it("is told to the scenarios of the order's owner when it is applied", () => {
    const told = people()
      .take(event("Order Cancelled", 20, {}, { user: "bob" }))
      .take(event("Order Completed", 0, { total: 35 }));
    expect(told.types("u:ann")).toContain("order_changed");
    expect(
      told
        .heard("u:ann")
        .filter(({ type }) => type === "event")
        .map(({ name }) => name),
    ).toEqual(expect.arrayContaining(["Order Cancelled", "Order Completed"]));
    expect(told.commerce("u:ann").orders).toMatchObject([{ status: "cancelled" }]);
  });

  it("waits in vain where a browser says so", () => {
    const told = people().take(event("Order Refunded", 20, { total: 4 }, BROWSER));
    expect(told.rows("waiting_changes")).toEqual([]);
    expect(orderKeys(event("Order Refunded", 1, {}, BROWSER) as LedgerEvent)).toEqual([]);
  });

  it("makes an order only where it is told as a whole by a server", () => {
    const told = people()
      .take({ type: "identify", name: "", user: "ann", traits: {} })
      .take(event("Order Updated", 5, { total: 12, products: [] }));
    expect(told.commerce("u:ann").orders).toEqual([]);
    expect(told.rows("waiting_changes")).toHaveLength(1);
    told.take(event("Order Updated", 9, { ...whole, total: 38 }));
    expect(told.commerce("u:ann").orders).toMatchObject([{ total: 3_800, placedAt: NOW, changedAt: NOW + 9 }]);
  });
});

describe("a checkout that a shop's webhook tells of", () => {
  const url = "https://shop.example/recover/c-1";
  const checkout = (at: number, quantity: number, who = ANN): Partial<LedgerEvent> => ({
    id: `checkout ${at}`,
    type: "track",
    name: "Checkout Started",
    at: NOW + at,
    properties: { cart_id: "c-1", recovery_url: url, products: [{ product_id: "lamp", price: 10, quantity }] },
    ...who,
  });

  it("keeps the way back to the cart, whatever is added since", () => {
    const told = people()
      .take(checkout(0, 1))
      .take({ name: "Product Added", user: "ann", properties: { product_id: "chair", price: 5 } });
    expect(told.commerce("u:ann").cart).toMatchObject({
      id: "c-1",
      url,
      lines: [{ product_id: "lamp" }, { product_id: "chair" }],
    });
  });

  it("does not undo a newer state of the cart", () => {
    expect(people().take(checkout(60_000, 3)).take(checkout(0, 1)).commerce("u:ann").cart).toMatchObject({
      lines: [{ quantity: 3 }],
    });
  });

  it("gives no address where a browser says so", () => {
    const told = people().take(checkout(0, 1, BROWSER));
    expect(told.commerce("a:b-1").cart?.url).toBeUndefined();
  });
});
