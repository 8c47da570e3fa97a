import { describe, expect, it } from "vitest";
import { checkProperties } from "../../../src/commerce/projection";
import { identify, NOW, People } from "../contacts/people";

const claimed = { trust: "write" } as const;

const add = (properties: object = {}, rest: object = {}) => ({
  user: "ann",
  name: "Product Added",
  properties: { product_id: "lamp", price: 10, ...properties },
  ...rest,
});
const event = (name: string, properties: object = {}, rest: object = {}) => ({
  user: "ann",
  name,
  properties: properties as Record<string, unknown>,
  ...rest,
});
const order = (properties: object = {}, rest: object = {}) =>
  event(
    "Order Completed",
    { order_id: "o-1", total: 10, products: [{ product_id: "lamp", price: 10 }], ...properties },
    rest,
  );

/** The state of each cart row that the last request wrote. */
const states = (people: People) => people.rows("carts").map((row) => row[3]);

describe("a cart", () => {
  it("opens with the first product, and says so to the scenarios", () => {
    const people = new People().take(add({ cart_id: "c-1" }));
    expect(people.commerce("u:ann").cart).toMatchObject({ id: "c-1", openedAt: NOW + 1_000, changedAt: NOW + 1_000 });
    expect(people.heard("u:ann")).toContainEqual({ type: "cart", at: NOW + 1_000, seenAt: NOW + 1_000, cart: "c-1" });
  });

  it("has an id of ours where the shop has none, and keeps it", () => {
    const people = new People().take(add());
    const id = people.commerce("u:ann").cart?.id;
    expect(id).toMatch(/^cart-\d+$/);
    expect(people.take(add()).commerce("u:ann").cart).toMatchObject({
      id,
      openedAt: NOW + 1_000,
      changedAt: NOW + 2_000,
    });
  });

  it("is not changed by being looked at, and what else is done is activity", () => {
    const people = new People().take(add({ quantity: 2 }));
    people.take(event("Cart Viewed", { products: [{ product_id: "lamp", price: 10, quantity: 2 }] }));
    expect(people.commerce("u:ann").cart?.changedAt).toBe(NOW + 1_000);
    expect(people.types("u:ann")).toEqual(["activity"]);
    // The first page begins a visit.
    expect(people.take({ user: "ann", type: "page", name: "Lamps" }).types("u:ann")).toEqual(["activity", "visit"]);
  });

  it("takes its lines from an event that states them all", () => {
    const people = new People().take(add());
    people.take(event("Cart Updated", { products: [{ product_id: "chair", price: 99, quantity: 1 }] }));
    expect(people.commerce("u:ann").cart?.lines).toMatchObject([{ product_id: "chair", price: 9_900 }]);
  });

  it("is emptied by the last product that is taken out", () => {
    const people = new People().take(add());
    people.take(event("Product Removed", { product_id: "lamp" }));
    expect(people.commerce("u:ann").cart).toBeNull();
    expect(states(people)).toEqual(["emptied"]);
    expect(people.types("u:ann")).toEqual(["emptied"]);
  });

  it("makes way for another one of the shop's", () => {
    const people = new People().take(add({ cart_id: "c-1" })).take(add({ cart_id: "c-2" }));
    expect(people.commerce("u:ann").cart?.id).toBe("c-2");
    expect(states(people).sort()).toEqual(["active", "replaced"]);
  });

  it("opens no more by an event that comes later than the order that followed it", () => {
    const people = new People().take(order({}, { at: NOW }));
    people.take(add({}, { at: NOW - 1 }));
    expect(people.commerce("u:ann").cart).toBeNull();
    expect(people.take(add({}, { at: NOW + 1 })).commerce("u:ann").cart).not.toBeNull();
  });

  it("is begun in the instant of an order by what is put in, not by what a server states of the whole", () => {
    const whole = (name: string) =>
      event(name, { cart_id: "c-1", products: [{ product_id: "lamp", price: 10, quantity: 1 }] }, { at: NOW });
    const people = new People().take(order({}, { at: NOW })).take(whole("Checkout Started"), whole("Cart Updated"));
    expect(people.commerce("u:ann").cart).toBeNull();
    expect(people.take(add({}, { at: NOW })).commerce("u:ann").cart).not.toBeNull();
    const later = new People().take(order({}, { at: NOW })).take({ ...whole("Checkout Started"), at: NOW + 1 });
    expect(later.commerce("u:ann").cart).toMatchObject({ id: "c-1" });
  });

  it("is brought along by a visitor who becomes known, as old as the last thing done", () => {
    const people = new People().take(add({ cart_id: "c-1" }, { user: undefined, anon: "b-1", at: NOW, ...claimed }));
    people.take({ anon: "b-1", type: "page", at: NOW + 500, ...claimed });
    people.take(identify("ann", {}, { anon: "b-1", trust: "token" }));
    expect(people.heard("u:ann")).toContainEqual({ type: "cart", at: NOW, seenAt: NOW + 500, cart: "c-1" });
    expect(people.commerce("u:ann").cart?.id).toBe("c-1");
  });

  it("of a visitor does not replace a newer one of the person that the visitor was", () => {
    const people = new People().take(add({ cart_id: "old" }, { user: undefined, anon: "b-1", ...claimed }));
    people.take(add({ cart_id: "new" })).take(identify("ann", {}, { anon: "b-1", trust: "token" }));
    expect(people.commerce("u:ann").cart?.id).toBe("new");
  });
});

describe("an order", () => {
  it("closes the cart, is kept, and counts", () => {
    const people = new People().take(add()).take(order());
    expect(people.commerce("u:ann")).toMatchObject({ cart: null, orders: [{ id: "o-1", total: 1_000 }] });
    expect(states(people)).toEqual(["converted"]);
    expect(people.rows("orders")).toHaveLength(1);
    expect(people.rows("order_lines")).toHaveLength(1);
    expect(people.rows("contact_metrics")).toEqual([[people.contact("u:ann"), 1, 1_000, NOW + 2_000, NOW + 2_000]]);
    expect(people.heard("u:ann")).toContainEqual({
      type: "order",
      at: NOW + 2_000,
      order: "o-1",
      cart: "cart-1",
      inCart: true,
    });
  });

  it("of something else says so, and closes the cart all the same", () => {
    const people = new People().take(add()).take(order({ products: [{ product_id: "chair", price: 10 }] }));
    expect(people.heard("u:ann")).toMatchObject([{ type: "order", inCart: false }, { type: "event" }]);
    expect(people.commerce("u:ann").cart).toBeNull();
  });

  it("that comes again under another message id changes nothing", () => {
    const people = new People().take(order()).take(order({ total: 99 }));
    expect(people.commerce("u:ann").orders).toMatchObject([{ total: 1_000 }]);
    expect(people.types("u:ann")).toEqual([]);
    expect(people.rows("orders")).toEqual([]);
  });

  it("of before the cart leaves it open", () => {
    const people = new People().take(add({}, { at: NOW })).take(order({}, { at: NOW - 1 }));
    expect(people.commerce("u:ann").cart).not.toBeNull();
  });

  it("is told as claimed where it comes from a browser, so that nothing is begun by it (C01)", () => {
    const told = (people: People, who: string) => people.heard(who).filter(({ type }) => type === "event");
    const browser = new People().take(order({}, { user: undefined, anon: "b-1", ...claimed }));
    expect(told(browser, "a:b-1")).toMatchObject([{ name: "Order Completed", claimed: true }]);
    expect(told(new People().take(order({}, { trust: "secret" })), "u:ann")[0]).not.toHaveProperty("claimed");
  });

  it("from a browser is only claimed: it ends what waits and is no sale", () => {
    const people = new People().take(add({}, { user: undefined, anon: "b-1", ...claimed }));
    people.take(order({}, { user: undefined, anon: "b-1", ...claimed }));
    expect(people.commerce("a:b-1")).toMatchObject({ cart: null, orders: [] });
    expect(people.types("a:b-1")).toEqual(["order"]);
    expect(people.rows("orders")).toEqual([]);
    expect(people.rows("contact_metrics")).toEqual([]);
  });
});

describe("what becomes of an order", () => {
  it.each([
    ["Order Cancelled", {}, { status: "cancelled" }, 0],
    ["Order Refunded", {}, { status: "refunded", refunded: 1_000 }, 0],
    ["Order Refunded", { total: 4 }, { status: "partially_refunded", refunded: 400 }, 1],
    ["Order Refunded", { total: 400 }, { status: "refunded", refunded: 1_000 }, 0],
    ["Order Updated", { status: "Shipped" }, { status: "shipped" }, 1],
    ["Order Updated", { status: "lost" }, { status: "confirmed" }, 1],
  ])("%s %j", (name, properties, changed, orders) => {
    const people = new People().take(order()).take(event(name, { order_id: "o-1", ...properties }));
    expect(people.commerce("u:ann").orders).toMatchObject([changed]);
    expect(people.rows("contact_metrics")[0]?.[1]).toBe(orders);
    expect(people.types("u:ann")).toEqual(["order_changed"]);
  });

  it("adds up refunds", () => {
    const people = new People().take(order());
    people.take(event("Order Refunded", { order_id: "o-1", total: 4 }));
    people.take(event("Order Refunded", { order_id: "o-1", total: 4 }));
    expect(people.commerce("u:ann").orders).toMatchObject([{ refunded: 800, status: "partially_refunded" }]);
  });

  it("is said by the shop's server, of an order that is known", () => {
    const people = new People().take(order());
    people.take(event("Order Cancelled", { order_id: "o-1" }, { trust: "token" }));
    people.take(event("Order Cancelled", { order_id: "o-2" }));
    expect(people.commerce("u:ann").orders).toMatchObject([{ status: "confirmed" }]);
  });

  it("is its owner's, whoever the event is about: order and figures change there and nowhere else", () => {
    const people = new People().take(order()).take({ user: "bob" });
    people.take(event("Order Refunded", { order_id: "o-1", total: 4 }, { user: "bob" }));
    expect(people.commerce("u:ann").orders).toMatchObject([{ refunded: 400 }]);
    const ann = people.contact("u:ann");
    expect(people.rows("order_changes").map((row) => row.slice(0, 4))).toEqual([
      ["o-1", ann, "partially_refunded", 400],
    ]);
    expect(people.rows("contact_metrics").map((row) => row.slice(0, 3))).toEqual([[ann, 1, 600]]);
    expect(people.types("u:ann")).toEqual(["order_changed"]);
    expect(people.types("u:bob")).toEqual([]);
  });

  it("that another contact claims too stays the first one's, and ends what waits with the other", () => {
    const people = new People().take(order()).take(add({}, { user: "bob" }));
    people.take(order({ total: 99 }, { user: "bob" }));
    expect(people.rows("orders")).toEqual([]);
    expect(people.rows("contact_metrics")).toEqual([]);
    expect(people.commerce("u:bob")).toMatchObject({ cart: null, orders: [] });
    expect(people.commerce("u:ann").orders).toMatchObject([{ total: 1_000 }]);
  });
});

describe("an amount that is none", () => {
  it("is refused with its field, in the events whose money is read", () => {
    expect(checkProperties("Order Completed", { total: "abc" })?.pointer).toBe("/properties/total");
    expect(checkProperties("order completed", { revenue: -1 })?.pointer).toBe("/properties/revenue");
    expect(checkProperties("Product Added", { price: "9007199254740993" })?.pointer).toBe("/properties/price");
    expect(checkProperties("Product Added", { price: "19.90", tax: null })).toBeNull();
    expect(checkProperties("Survey Answered", { total: "abc" })).toBeNull();
  });
});
