import { describe, expect, it } from "vitest";
import { shopify } from "../../../../src/events/connectors/shopify";
import { DAY } from "../../../../src/shared/clock";
import { Fault } from "../../../../src/shared/fault";
import { NOW, named, namesOf, topicReader } from "../../../support/topics";

const at = (text: string): number => Date.parse(text);

const read = topicReader("shopify", shopify);

const T1 = "2026-06-01T10:00:00+02:00";
const T2 = "2026-06-01T11:30:00+02:00";
const line = {
  id: 11,
  product_id: 21,
  variant_id: 31,
  sku: "LAMP-S",
  title: "Lamp",
  variant_title: "Small",
  vendor: "Lumen",
  quantity: 2,
  price: "19.90",
  total_discount: "0.00",
  discount_allocations: [{ amount: "1.50" }, { amount: "0.50" }],
};
const order = {
  id: 1,
  name: "#1001",
  created_at: T1,
  updated_at: T2,
  currency: "CHF",
  presentment_currency: "USD",
  total_price: "42.80",
  total_price_set: {
    shop_money: { amount: "42.80", currency_code: "CHF" },
    presentment_money: { amount: "48.00", currency_code: "USD" },
  },
  subtotal_price: "37.80",
  total_discounts: "2.00",
  total_tax: "3.10",
  total_shipping_price_set: {
    shop_money: { amount: "5.00", currency_code: "CHF" },
    presentment_money: { amount: "5.60", currency_code: "USD" },
  },
  financial_status: "paid",
  fulfillment_status: null,
  source_name: "web",
  discount_codes: [{ code: "JUNE", amount: "2.00", type: "fixed_amount" }],
  shipping_address: { address1: "1 rue Haute", zip: "1200", country_code: "CH", phone: "+41 79 000 00 00" },
  customer: { id: 901, email: "ann@shop.example", verified_email: true, updated_at: T1, first_name: "Ann" },
  line_items: [line],
};

describe("an order of Shopify", () => {
  it("brings back by which message's link its buyer came, wherever the shop keeps that", () => {
    const midOf = (more: object) =>
      named(read("orders/create", { ...order, ...more }), "Order Completed").properties?.["mid"];
    expect(midOf({})).toBeUndefined();
    expect(midOf({ landing_site: "/lamps?colour=red&mid=7~msg_1~x~abc&utm_source=relance" })).toBe("7~msg_1~x~abc");
    expect(midOf({ landing_site: "//", note_attributes: [{ name: "mid", value: "8~m" }] })).toBe("8~m");
    expect(midOf({ landing_site: 12, note_attributes: "mid" })).toBeUndefined();
  });

  it("is placed once, at its own time, in the shop's money", () => {
    const outcome = read("orders/create", order);
    expect(namesOf(outcome)).toEqual(["identify", "Order Completed"]);
    const event = named(outcome, "Order Completed");
    expect(event).toMatchObject({ user: "901", email: "ann@shop.example", at: at(T1), trust: "secret" });
    expect(event.properties).toEqual({
      order_id: "1",
      order_number: "#1001",
      placed_at: "2026-06-01T08:00:00.000Z",
      status: "confirmed",
      currency: "CHF",
      total: "42.80",
      subtotal: "37.80",
      shipping: "5.00",
      tax: "3.10",
      discount: "2.00",
      coupon: "JUNE",
      channel: "web",
      shipping_address: { street: "1 rue Haute", zip: "1200", country: "CH" },
      products: [
        {
          product_id: "21",
          sku: "LAMP-S",
          name: "Lamp",
          variant: "Small",
          brand: "Lumen",
          quantity: 2,
          price: "19.90",
          discount: "2",
        },
      ],
    });
    expect(named(read("orders/create", { ...order, updated_at: T1 }), "Order Completed").id).toBe(event.id);
  });

  it("is told again by every update, as a whole and under another id for each state and topic", () => {
    const updated = named(read("orders/updated", order), "Order Updated");
    expect(updated).toMatchObject({
      at: at(T2),
      properties: { placed_at: "2026-06-01T08:00:00.000Z", total: "42.80" },
    });
    const ids = [
      updated.id,
      named(read("orders/paid", order), "Order Updated").id,
      named(read("orders/updated", { ...order, updated_at: T1 }), "Order Updated").id,
    ];
    expect(new Set(ids).size).toBe(3);
  });

  it("is told of twice in a second where it changed within it, and once where it did not", () => {
    const first = named(read("orders/updated", order), "Order Updated");
    const changed = named(read("orders/updated", { ...order, total_price: "40.00" }), "Order Updated");
    expect(changed.id).not.toBe(first.id);
    expect(named(read("orders/updated", { ...order, note: "of no matter" }), "Order Updated").id).toBe(first.id);
  });

  const shipped = { fulfillment_status: "fulfilled", fulfillments: [{ status: "success", shipment_status: null }] };
  it.each([
    ["confirmed", { financial_status: "authorized" }],
    ["pending", { financial_status: "pending" }],
    ["cancelled", { cancelled_at: T2 }],
    ["cancelled", { financial_status: "voided" }],
    ["refunded", { financial_status: "refunded", ...shipped }],
    ["confirmed", { fulfillment_status: "partial" }],
    ["shipped", shipped],
    ["in_transit", { ...shipped, fulfillments: [{ status: "success", shipment_status: "out_for_delivery" }] }],
    [
      "delivered",
      { ...shipped, fulfillments: [{ status: "success", shipment_status: "delivered" }, { status: "cancelled" }] },
    ],
    [
      "in_transit",
      {
        ...shipped,
        fulfillments: [
          { status: "success", shipment_status: "delivered" },
          { status: "success", shipment_status: null },
        ],
      },
    ],
  ])("is %s by %o", (status, change) => {
    expect(named(read("orders/updated", { ...order, ...change }), "Order Updated").properties?.["status"]).toBe(status);
  });

  it("is cancelled at the time of that, and so it is where it was deleted", () => {
    const outcome = read("orders/cancelled", { ...order, cancelled_at: T2, cancel_reason: "customer" });
    expect(namesOf(outcome)).toEqual(["Order Updated", "Order Cancelled"]);
    expect(named(outcome, "Order Cancelled")).toMatchObject({
      at: at(T2),
      properties: { order_id: "1", reason: "customer" },
    });
    expect(named(read("orders/delete", { id: 1 }), "Order Cancelled").at).toBe(NOW);
  });

  it("of a guest names their address, and of nobody nobody", () => {
    const guest = named(
      read("orders/create", { ...order, customer: null, email: "guest@shop.example" }),
      "Order Completed",
    );
    expect([guest.user, guest.email]).toEqual([undefined, "guest@shop.example"]);
    const nobody = named(read("orders/create", { ...order, customer: null, email: "" }), "Order Completed");
    expect([nobody.user, nobody.email, nobody.anon]).toEqual([undefined, undefined, undefined]);
  });

  it("that only tries the shop out is nothing, nor is the money that it gives back", () => {
    const topics = Object.keys(shopify.topics).filter((topic) => /^orders\/(?!delete)/.test(topic));
    expect(topics).toHaveLength(6);
    for (const topic of topics) {
      expect(read(topic, { ...order, test: false }).events?.length).toBeGreaterThan(0);
      expect(read(topic, { ...order, test: true })).toEqual({});
    }
    const paid = { kind: "refund", status: "success", amount: "5.00", test: true };
    expect(read("refunds/create", { id: 5, order_id: 1, transactions: [paid] })).toEqual({});
  });

  it("of a customer names the address of their record, not the one that it was sent to", () => {
    const typed = { ...order, email: "victim@shop.example", contact_email: "victim@shop.example" };
    expect(named(read("orders/create", typed), "Order Completed").email).toBe("ann@shop.example");
    const customer = { ...order.customer, email: null };
    const event = named(read("orders/create", { ...typed, customer }), "Order Completed");
    expect([event.user, event.email]).toEqual(["901", undefined]);
  });

  it("proves no address that the shop itself calls unverified", () => {
    const customer = { ...order.customer, verified_email: false };
    const event = named(read("orders/create", { ...order, customer }), "Order Completed");
    expect([event.user, event.email]).toEqual(["901", undefined]);
  });

  it("is history where it comes days late, and never lies in the future", () => {
    expect(named(read("orders/create", order), "Order Completed").past).toBeUndefined();
    expect(named(read("orders/create", order, at(T1) + 3 * DAY), "Order Completed").past).toBe(true);
    expect(named(read("orders/create", order, at(T1) - 5_000), "Order Completed").at).toBe(at(T1) - 5_000);
  });

  it("without an id is refused by the field's name", () => {
    expect(() => read("orders/create", { ...order, id: null })).toThrow(Fault);
    expect(() => read("refunds/create", { id: 1 })).toThrow("/order_id is missing");
  });
});

describe("a refund of Shopify", () => {
  const money = (amount: string, other: string): object => ({
    shop_money: { amount, currency_code: "CHF" },
    presentment_money: { amount: other, currency_code: "USD" },
  });
  const refund = {
    id: 501,
    order_id: 1,
    created_at: T1,
    processed_at: T2,
    note: "too small",
    refund_line_items: [
      {
        id: 1,
        quantity: 1,
        line_item_id: 11,
        line_item: line,
        subtotal: 18.9,
        total_tax: 1.45,
        subtotal_set: money("18.90", "21.20"),
        total_tax_set: money("1.45", "1.60"),
      },
    ],
    order_adjustments: [
      {
        amount: "-5.00",
        tax_amount: "-0.40",
        kind: "shipping_refund",
        amount_set: money("-5.00", "-5.60"),
        tax_amount_set: money("-0.40", "-0.45"),
      },
    ],
    transactions: [
      { kind: "refund", status: "success", amount: "25.75", currency: "CHF" },
      { kind: "refund", status: "failure", amount: "25.75", currency: "CHF" },
    ],
  };

  it("is what was paid back, with what came back for it", () => {
    const event = named(read("refunds/create", refund), "Order Refunded");
    expect(event).toMatchObject({
      at: at(T2),
      properties: {
        order_id: "1",
        refund_id: "501",
        total: "25.75",
        reason: "too small",
        products: [{ product_id: "21", sku: "LAMP-S", quantity: 1 }],
      },
    });
  });

  it("of a payment in another currency is worked out in the shop's, to the cent", () => {
    const transactions = [{ kind: "refund", status: "success", amount: "28.85", currency: "USD" }];
    expect(named(read("refunds/create", { ...refund, transactions }), "Order Refunded").properties?.["total"]).toBe(
      "25.75",
    );
  });

  it("is not told before its money went, and then by its order", () => {
    const paid = (...states: string[]): object[] =>
      states.map((status) => ({ kind: "refund", status, amount: "10.00", currency: "CHF" }));
    for (const transactions of [
      paid("pending"),
      paid("failure"),
      paid("success", "pending"),
      paid("error", "failure"),
    ]) {
      expect(read("refunds/create", { ...refund, transactions })).toEqual({});
      expect(namesOf(read("orders/updated", { ...order, refunds: [{ ...refund, transactions }] }))).toEqual([
        "Order Updated",
      ]);
    }
    const settled = { ...refund, transactions: paid("failure", "success", "success") };
    const told = named(read("orders/updated", { ...order, refunds: [settled] }), "Order Refunded");
    expect(told.properties?.["total"]).toBe("20");
  });

  it("is the same event within its order, and nothing where only stock came back", () => {
    const alone = named(read("refunds/create", refund), "Order Refunded");
    expect(named(read("orders/updated", { ...order, refunds: [refund] }), "Order Refunded").id).toBe(alone.id);
    expect(named(read("refunds/create", { ...refund, transactions: [] }), "Order Refunded").properties?.["total"]).toBe(
      "0",
    );
  });
});

describe("a parcel of Shopify", () => {
  const parcel = {
    id: 601,
    order_id: 1,
    status: "success",
    created_at: T1,
    updated_at: T2,
    email: "ann@shop.example",
    tracking_company: "La Poste",
    tracking_number: "99.00.1",
    tracking_url: "https://post.example/99.00.1",
    shipment_status: null,
    line_items: [line],
  };
  const tracking = {
    tracking_company: "La Poste",
    tracking_number: "99.00.1",
    tracking_url: "https://post.example/99.00.1",
  };

  it("is sent once, with its tracking", () => {
    const created = named(read("fulfillments/create", parcel), "Shipment Sent");
    expect(created).toMatchObject({ at: at(T1), email: "ann@shop.example" });
    expect(created.properties).toEqual({ order_id: "1", shipment_id: "601", ...tracking });
    expect(named(read("fulfillments/update", parcel), "Shipment Sent").id).toBe(created.id);
  });

  it("is on its way, then delivered, at the time of that, and says nothing of its order", () => {
    const moving = read("fulfillments/update", { ...parcel, shipment_status: "in_transit" });
    expect(named(moving, "Shipment Updated")).toMatchObject({ at: at(T2), properties: { status: "in_transit" } });
    const delivered = read("fulfillments/update", { ...parcel, shipment_status: "delivered" });
    expect(named(delivered, "Shipment Delivered").at).toBe(at(T2));
    expect(namesOf(moving)).toEqual(["Shipment Sent", "Shipment Updated"]);
    expect(namesOf(delivered)).toEqual(["Shipment Sent", "Shipment Delivered"]);
  });

  it("that failed or was cancelled says nothing of the order", () => {
    for (const status of ["failure", "error", "cancelled", "pending"]) {
      expect(read("fulfillments/update", { ...parcel, status })).toEqual({});
    }
  });

  const T3 = "2026-06-01T11:40:00+02:00";
  const other = { ...parcel, id: 602, created_at: T2, updated_at: T3, tracking_number: "99.00.2" };
  const told = (change: object) => read("orders/updated", { ...order, updated_at: T3, ...change });
  const whole = (...states: (string | null)[]) => ({
    fulfillment_status: "fulfilled",
    fulfillments: [parcel, other].map((one, index) => ({ ...one, shipment_status: states[index] ?? null })),
  });

  it("is not the whole order: that is shipped with the last, and delivered when all are, once", () => {
    expect(
      namesOf(told({ fulfillment_status: "partial", fulfillments: [{ ...parcel, shipment_status: "delivered" }] })),
    ).toEqual(["Order Updated"]);
    const shipped = told(whole("delivered", null));
    expect(namesOf(shipped)).toEqual(["Order Updated", "Order Shipped"]);
    expect(named(shipped, "Order Shipped")).toMatchObject({
      at: at(T2),
      user: "901",
      properties: { order_id: "1", order_number: "#1001", ...tracking, tracking_number: "99.00.2" },
    });
    const delivered = told(whole("delivered", "delivered"));
    expect(namesOf(delivered)).toEqual(["Order Updated", "Order Shipped", "Order Delivered"]);
    expect(named(delivered, "Order Delivered").at).toBe(at(T3));
    expect(named(delivered, "Order Updated").properties?.["delivered_at"]).toBe("2026-06-01T09:40:00.000Z");
    const again = read("orders/fulfilled", { ...order, ...whole("delivered", "delivered"), updated_at: T2 });
    for (const name of ["Order Shipped", "Order Delivered"]) {
      expect(named(again, name).id).toBe(named(delivered, name).id);
    }
    expect(named(shipped, "Order Shipped").id).toBe(named(delivered, "Order Shipped").id);
  });

  it("of an order that was taken back starts no word of its delivery", () => {
    expect(namesOf(told({ ...whole("delivered", "delivered"), financial_status: "refunded" }))).toEqual([
      "Order Updated",
    ]);
  });
});

describe("a checkout of Shopify", () => {
  const checkout = {
    id: 701,
    token: "t-1",
    cart_token: "c-1",
    created_at: T1,
    updated_at: T2,
    completed_at: null,
    currency: "EUR",
    total_price: "39.80",
    abandoned_checkout_url: "https://shop.example/checkouts/t-1/recover",
    customer: order.customer,
    line_items: [line],
  };

  it("is a cart with its lines and the way back to it", () => {
    const event = named(read("checkouts/create", checkout), "Checkout Started");
    expect(event).toMatchObject({ user: "901", at: at(T2) });
    expect(event.properties).toMatchObject({
      cart_id: "c-1",
      recovery_url: "https://shop.example/checkouts/t-1/recover",
    });
    expect(named(read("checkouts/update", checkout), "Checkout Started").id).toBe(event.id);
    const longer = { ...checkout, line_items: [line, { ...line, id: 12, product_id: 22 }] };
    expect(named(read("checkouts/update", longer), "Checkout Started").id).not.toBe(event.id);
  });

  it("that was completed, or is nobody's, is nothing", () => {
    expect(read("checkouts/update", { ...checkout, completed_at: T2 })).toEqual({});
    expect(read("checkouts/update", { ...checkout, customer: null, email: null })).toEqual({});
  });
});

describe("a customer of Shopify", () => {
  const customer = {
    id: 901,
    email: "ann@shop.example",
    phone: "+41790000000",
    first_name: "Ann",
    last_name: "Blanc",
    updated_at: T2,
    verified_email: true,
    tags: "vip",
    accepts_marketing: true,
    default_address: { country_code: "CH" },
  };
  const words = (change: object) =>
    (read("customers/update", { ...customer, ...change }).events ?? [])
      .slice(1)
      .map(({ at: time, traits }) => [time, traits]);

  it("is known as of its last change", () => {
    const [known, ...more] = read("customers/create", customer).events ?? [];
    expect(known).toMatchObject({ type: "identify", state: true, user: "901", at: at(T2) });
    expect(known?.traits).toEqual({
      email: "ann@shop.example",
      phone: "+41790000000",
      first_name: "Ann",
      last_name: "Blanc",
      country: "CH",
      tags: "vip",
    });
    expect(more).toEqual([]);
    const idOf = (topic: string, change: object): unknown => read(topic, { ...customer, ...change }).events?.[0]?.id;
    expect(idOf("customers/update", {})).toBe(known?.id);
    expect(idOf("customers/update", { first_name: "Anne" })).not.toBe(known?.id);
  });

  it("agreed when the shop says so, with the level of the opt-in as its source", () => {
    const email = { state: "subscribed", opt_in_level: "confirmed_opt_in", consent_updated_at: T1 };
    const sms = {
      state: "unsubscribed",
      opt_in_level: "single_opt_in",
      consent_updated_at: T2,
      consent_collected_from: "SHOPIFY",
    };
    expect(words({ email_marketing_consent: email, sms_marketing_consent: sms })).toEqual([
      [at(T1), { consent: { email: true }, consent_source: "shopify: confirmed_opt_in" }],
      [at(T2), { consent: { sms: false }, consent_source: "shopify: single_opt_in" }],
    ]);
  });

  it.each([["not_subscribed"], ["pending"], ["invalid"], ["redacted"], [null]])("said nothing by %s", (state) => {
    const stated = { state, opt_in_level: "single_opt_in", consent_updated_at: T1 };
    expect(words({ email_marketing_consent: stated, sms_marketing_consent: stated })).toEqual([]);
  });

  it("is told with a date only where the shop gives one", () => {
    const dated = (consent_updated_at: string | null) =>
      read("customers/update", {
        ...customer,
        email_marketing_consent: { state: "unsubscribed", consent_updated_at },
      }).events?.at(-1)?.dated;
    expect([dated(T1), dated(null)]).toEqual([true, undefined]);
  });

  it("agreed to nothing without a date, and refuses without one", () => {
    expect(words({ email_marketing_consent: { state: "subscribed", consent_updated_at: null } })).toEqual([]);
    expect(words({ email_marketing_consent: { state: "unsubscribed", consent_updated_at: null } })).toEqual([
      [NOW, { consent: { email: false }, consent_source: "shopify" }],
    ]);
  });
});

describe("what Shopify passes on of a person's rights", () => {
  const person = {
    shop_id: 1,
    shop_domain: "s.myshopify.com",
    customer: { id: 901, email: "ann@shop.example", phone: "1" },
  };
  it.each([
    [
      "customers/data_request",
      { ...person, orders_requested: [7], data_request: { id: 42 } },
      { kind: "access", id: "42", orders: ["7"], confirmed: true },
    ],
    [
      "customers/redact",
      { ...person, orders_to_redact: [7, "9007199254740993"] },
      { kind: "erasure", id: "901", orders: ["7", "9007199254740993"], confirmed: true },
    ],
    ["customers/delete", { id: 901 }, { kind: "erasure", user: "901", confirmed: false }],
    [
      "shop/redact",
      { shop_id: 1, shop_domain: "s" },
      { kind: "shop", id: "1", user: null, email: null, orders: [], confirmed: false },
    ],
  ])("%s", (topic, body, wish) => {
    expect(read(topic, body).wish).toMatchObject(wish);
  });
});

describe("a product of Shopify", () => {
  const product = {
    id: 21,
    title: "Lamp",
    handle: "lampe-é",
    product_type: "Lighting",
    vendor: "Lumen",
    status: "active",
    updated_at: T2,
    image: null,
    images: [{ src: "https://cdn.example/lamp.jpg" }],
    variants: [
      {
        id: 31,
        sku: "LAMP-S",
        title: "Small",
        price: "19.90",
        compare_at_price: "25.00",
        inventory_item_id: 41,
        inventory_management: "shopify",
        inventory_quantity: 4,
      },
      {
        id: 32,
        sku: "",
        title: "Large",
        price: "29.90",
        compare_at_price: null,
        inventory_item_id: 42,
        inventory_management: null,
        inventory_quantity: 0,
      },
    ],
  };

  it("is written with its variants, prices and stock", () => {
    expect(read("products/update", product).products).toEqual([
      {
        id: "21",
        at: at(T2),
        gone: false,
        about: {
          title: "Lamp",
          url: "https://shop.example/products/lampe-%C3%A9",
          image: "https://cdn.example/lamp.jpg",
          category: "Lighting",
          brand: "Lumen",
        },
        variants: [
          {
            sku: "LAMP-S",
            title: "Small",
            item: "41",
            prices: [{ from: at(T2), price: "19.90", compareAt: "25.00" }],
            stock: 4,
          },
          {
            sku: "32",
            title: "Large",
            item: "42",
            prices: [{ from: at(T2), price: "29.90", compareAt: null }],
            stock: null,
          },
        ],
      },
    ]);
  });

  it("that is a draft, archived or deleted cannot be bought", () => {
    expect(read("products/update", { ...product, status: "archived" }).products?.[0]?.gone).toBe(true);
    expect(read("products/delete", { id: 21 }).products).toEqual([
      { id: "21", at: NOW, about: null, variants: [], gone: true },
    ]);
  });

  it("has its stock by location", () => {
    const level = { inventory_item_id: 41, location_id: 2, available: 6, updated_at: T2 };
    expect(read("inventory_levels/update", level)).toEqual({
      stock: { item: "41", location: "2", available: 6, at: at(T2) },
    });
    expect(read("inventory_levels/update", { ...level, available: null })).toEqual({});
    expect(read("inventory_levels/disconnect", { inventory_item_id: 41, location_id: 2 }).stock).toMatchObject({
      available: 0,
      at: NOW,
    });
  });
});
