import { describe, expect, it } from "vitest";
import { woocommerce } from "../../../../src/events/connectors/woocommerce";
import { NOW, named, namesOf, topicReader } from "../../../support/topics";
import { People } from "../../contacts/people";

const read = topicReader("woocommerce", woocommerce);

const line = {
  id: 1,
  name: "Lamp",
  product_id: 21,
  variation_id: 0,
  quantity: 3,
  subtotal: "10.00",
  total: "10.00",
  total_tax: "2.00",
  sku: "",
  price: 3.333333,
};
const order = {
  id: 727,
  number: "727",
  status: "processing",
  currency: "EUR",
  date_created: "2026-06-01T10:00:00",
  date_created_gmt: "2026-06-01T08:00:00",
  date_modified_gmt: "2026-06-01T09:00:00",
  date_paid_gmt: "2026-06-01T08:05:00",
  date_completed_gmt: null,
  discount_total: "1.00",
  shipping_total: "5.00",
  shipping_tax: "1.00",
  total: "17.00",
  total_tax: "3.00",
  prices_include_tax: false,
  customer_id: 25,
  billing: {
    first_name: "Ann",
    last_name: "Blanc",
    email: "ann@shop.example",
    phone: "+33612345678",
    address_1: "1 rue Haute",
    postcode: "75001",
    country: "FR",
  },
  shipping: { address_1: "", postcode: "", country: "" },
  coupon_lines: [{ code: "june" }, { code: "vip" }],
  line_items: [line],
  refunds: [],
};
const utc = (hour: number, minute = 0): number => Date.UTC(2026, 5, 1, hour, minute);

describe("an order of WooCommerce", () => {
  it("brings back by which message's link its buyer came, wherever the shop keeps that", () => {
    const midOf = (...meta_data: object[]) =>
      named(read("order.created", { ...order, meta_data }), "Order Completed").properties?.["mid"];
    expect(midOf()).toBeUndefined();
    const entry = "https://shop.example/lamps/?mid=7~msg_1~x~abc";
    expect(midOf({ key: "_wc_order_attribution_session_entry", value: entry })).toBe("7~msg_1~x~abc");
    expect(midOf({ key: "mid", value: "8~m" }, { key: "_wc_order_attribution_session_entry", value: entry })).toBe(
      "8~m",
    );
  });

  it("is placed once it is paid, at that time, whichever delivery says so", () => {
    const outcome = read("order.created", order);
    expect(namesOf(outcome)).toEqual(["Order Completed", "Order Updated"]);
    const event = named(outcome, "Order Completed");
    expect(event).toMatchObject({ user: "25", at: utc(8, 5) });
    expect(event.properties).toEqual({
      order_id: "727",
      order_number: "727",
      placed_at: "2026-06-01T08:00:00.000Z",
      status: "confirmed",
      currency: "EUR",
      total: "17.00",
      shipping: "6",
      tax: "3.00",
      discount: "1.00",
      coupon: "june,vip",
      shipping_address: { street: "1 rue Haute", zip: "75001", country: "FR" },
      products: [{ product_id: "21", sku: "21", name: "Lamp", quantity: 3, price: "3.3333333333" }],
    });
    expect(
      named(read("order.updated", { ...order, date_modified_gmt: "2026-06-01T11:00:00" }), "Order Completed").id,
    ).toBe(event.id);
    expect(named(outcome, "Order Updated").at).toBe(utc(9));
  });

  it("shows prices with tax where the shop's prices hold it", () => {
    const event = named(read("order.created", { ...order, prices_include_tax: true }), "Order Completed");
    expect(event.properties?.["products"]).toMatchObject([{ price: "4" }]);
  });

  it("that waits for its payment is a checkout with a page to pay on, and makes no order", () => {
    for (const status of ["pending", "failed"]) {
      const outcome = read("order.created", { ...order, status, payment_url: "https://shop.example/pay/727" });
      expect(namesOf(outcome)).toEqual(["Checkout Started", "Order Updated"]);
      expect(named(outcome, "Checkout Started").properties).toMatchObject({
        cart_id: "order-727",
        recovery_url: "https://shop.example/pay/727",
      });
      expect(named(outcome, "Order Updated").properties).toEqual({ order_id: "727", status: "pending" });
    }
  });

  it.each([
    ["on-hold", "pending", ["Order Completed", "Order Updated"]],
    ["completed", "shipped", ["Order Completed", "Order Updated", "Order Shipped"]],
    ["cancelled", "cancelled", ["Order Updated", "Order Cancelled"]],
    ["refunded", "refunded", ["Order Completed", "Order Updated"]],
  ])("%s is %s", (status, ours, told) => {
    const outcome = read("order.updated", { ...order, status });
    expect(namesOf(outcome)).toEqual(told);
    expect(named(outcome, "Order Updated").properties?.["status"]).toBe(ours);
  });

  it("that nobody paid and the shop cancelled by itself leaves the cart open, and is no order", () => {
    const unpaid = { ...order, date_paid_gmt: null };
    const tried = read("order.created", { ...unpaid, status: "pending", payment_url: "https://shop.example/pay/727" });
    const cancelled = read("order.updated", { ...unpaid, status: "cancelled" });
    expect(namesOf(cancelled)).toEqual(["Order Cancelled"]);
    const people = new People().take(...(tried.events ?? [])).take(...(cancelled.events ?? []));
    expect(people.commerce("u:25")).toMatchObject({ cart: { id: "order-727" }, orders: [] });
    expect(people.types("u:25")).not.toContain("order");
    // Paid after all, it is one.
    people.take(
      ...(read("order.updated", {
        ...order,
        date_modified_gmt: "2026-06-01T11:00:00",
        date_paid_gmt: "2026-06-01T10:30:00",
      }).events ?? []),
    );
    expect(people.commerce("u:25")).toMatchObject({ cart: null, orders: [{ id: "727", status: "confirmed" }] });
  });

  it("that is paid has no open cart, when the failed payment before it is told late", () => {
    const paid = read("order.updated", order);
    const failed = read("order.updated", { ...order, status: "failed", date_modified_gmt: "2026-06-01T08:01:00" });
    const people = new People().take(...(paid.events ?? [])).take(...(failed.events ?? []));
    expect(people.commerce("u:25")).toMatchObject({ cart: null, orders: [{ id: "727", status: "confirmed" }] });
    expect(people.types("u:25")).not.toContain("cart");
  });

  it("that waited for a transfer which never came is cancelled", () => {
    const placed = read("order.created", { ...order, date_paid_gmt: null, status: "on-hold" });
    const cancelled = read("order.updated", {
      ...order,
      date_paid_gmt: null,
      status: "cancelled",
      date_modified_gmt: "2026-06-01T11:00:00",
    });
    const people = new People().take(...(placed.events ?? [])).take(...(cancelled.events ?? []));
    expect(people.commerce("u:25").orders).toMatchObject([{ id: "727", status: "cancelled" }]);
  });

  it("that is a draft or in a state of a plugin's own says nothing", () => {
    for (const status of ["checkout-draft", "auto-draft", "awaiting-shipment"])
      expect(read("order.updated", { ...order, status })).toEqual({});
  });

  it("brings its refunds along, each the same event in every delivery", () => {
    const refunds = [
      { id: 91, reason: "broken", total: "-4.50" },
      { id: 92, reason: "", total: "0.00" },
    ];
    const first = named(read("order.updated", { ...order, refunds }), "Order Refunded");
    expect(first.properties).toEqual({
      order_id: "727",
      refund_id: "91",
      total: "4.5",
      reason: "broken",
      products: [],
    });
    const later = read("order.updated", { ...order, refunds, date_modified_gmt: "2026-06-01T11:00:00" });
    expect(named(later, "Order Refunded").id).toBe(first.id);
    expect(namesOf(later).filter((name) => name === "Order Refunded")).toHaveLength(1);
  });

  it("of a customer says nothing of the person, wherever the bill goes", () => {
    for (const status of ["pending", "processing", "completed", "cancelled"]) {
      const { events = [] } = read("order.updated", { ...order, status });
      expect(events.map(({ user, email, traits }) => [user, email, traits])).toEqual(
        events.map(() => ["25", undefined, undefined]),
      );
    }
  });

  it("of a guest is their address's, and fills in what nobody knows of them; deleted, it is cancelled", () => {
    const outcome = read("order.created", { ...order, customer_id: 0 });
    expect(namesOf(outcome)).toEqual(["identify", "Order Completed", "Order Updated"]);
    const guest = named(outcome, "Order Completed");
    expect([guest.user, guest.email]).toEqual([undefined, "ann@shop.example"]);
    expect(outcome.events?.[0]).toMatchObject({ fills: true, email: "ann@shop.example", at: utc(8) });
    expect(outcome.events?.[0]?.state).toBeUndefined();
    expect(outcome.events?.[0]?.traits).toMatchObject({ first_name: "Ann", phone: "+33612345678", country: "FR" });
    expect(named(read("order.deleted", { id: 727 }), "Order Cancelled")).toMatchObject({
      at: NOW,
      properties: { order_id: "727" },
    });
  });
});

describe("a customer of WooCommerce", () => {
  const customer = {
    id: 25,
    email: "ann@shop.example",
    first_name: "Ann",
    last_name: "",
    date_modified_gmt: "2026-06-01T09:00:00",
    billing: order.billing,
  };

  it("is known as of the last change, and agrees to nothing", () => {
    const { events = [] } = read("customer.updated", customer);
    expect(events).toMatchObject([{ type: "identify", state: true, user: "25", at: utc(9) }]);
    expect(events[0]?.traits).toEqual({
      email: "ann@shop.example",
      phone: "+33612345678",
      first_name: "Ann",
      last_name: "Blanc",
      country: "FR",
    });
  });

  it("who changed twice in a second is told of twice", () => {
    const idOf = (change: object): unknown => read("customer.updated", { ...customer, ...change }).events?.[0]?.id;
    expect(idOf({ email: "anne@shop.example" })).not.toBe(idOf({}));
    expect(idOf({ avatar_url: "https://shop.example/a.png" })).toBe(idOf({}));
  });

  it("who was deleted may wish to be forgotten, which somebody has to say", () => {
    expect(read("customer.deleted", { id: 25 }).wish).toEqual({
      kind: "erasure",
      id: "25",
      user: "25",
      email: null,
      orders: [],
      confirmed: false,
    });
  });
});

describe("a product of WooCommerce", () => {
  const product = {
    id: 794,
    name: "Lamp",
    type: "simple",
    status: "publish",
    parent_id: 0,
    permalink: "https://shop.example/lamp",
    date_modified_gmt: "2026-06-01T09:00:00",
    sku: "LAMP",
    price: "20.00",
    regular_price: "25.00",
    sale_price: "20.00",
    date_on_sale_from_gmt: null,
    date_on_sale_to_gmt: "2026-07-01T00:00:00",
    manage_stock: true,
    stock_quantity: 4,
    stock_status: "instock",
    categories: [{ name: "Lighting" }],
    images: [{ src: "https://shop.example/lamp.jpg" }],
  };
  const variant = (change: object) => read("product.updated", { ...product, ...change }).products?.[0]?.variants[0];

  it("is written with the price of now, and what it will be when the sale ends", () => {
    expect(read("product.updated", product).products).toEqual([
      {
        id: "794",
        at: utc(9),
        gone: false,
        about: {
          title: "Lamp",
          url: "https://shop.example/lamp",
          image: "https://shop.example/lamp.jpg",
          category: "Lighting",
          brand: null,
        },
        variants: [
          {
            sku: "LAMP",
            title: null,
            item: null,
            prices: [
              { from: utc(9), price: "20.00", compareAt: "25.00" },
              { from: Date.UTC(2026, 6, 1), price: "25.00", compareAt: null },
            ],
            stock: 4,
          },
        ],
      },
    ]);
  });

  it("announces a sale that is to come", () => {
    const sale = { price: "25.00", date_on_sale_from_gmt: "2026-06-20T00:00:00" };
    expect(variant(sale)?.prices).toEqual([
      { from: utc(9), price: "25.00", compareAt: null },
      { from: Date.UTC(2026, 5, 20), price: "20.00", compareAt: "25.00" },
      { from: Date.UTC(2026, 6, 1), price: "25.00", compareAt: null },
    ]);
  });

  it("has the stock that is counted, some where it is there, and none where it is sold out", () => {
    expect([
      variant({ manage_stock: false })?.stock,
      variant({ manage_stock: false, stock_status: "outofstock" })?.stock,
      variant({ manage_stock: false, stock_status: "onbackorder" })?.stock,
    ]).toEqual(["some", 0, null]);
  });

  it("with variations is told of without a price, and each variation by itself", () => {
    expect(read("product.updated", { ...product, type: "variable" }).products?.[0]?.variants).toEqual([]);
    const [one] =
      read("product.updated", { ...product, id: 800, type: "variation", parent_id: 794, sku: "", name: "Lamp - Small" })
        .products ?? [];
    expect(one).toMatchObject({ id: "794", about: null, variants: [{ sku: "800", title: "Lamp - Small" }] });
  });

  it("that is no longer published, or deleted, cannot be bought", () => {
    expect(read("product.updated", { ...product, status: "private" }).products?.[0]?.gone).toBe(true);
    expect(read("product.deleted", { id: 794 }).products).toEqual([
      { id: "794", at: NOW, about: null, variants: [], gone: true },
    ]);
  });
});
