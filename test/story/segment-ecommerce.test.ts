import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { contactRow } from "../../src/shared/ids";
import { hasData, readData } from "../support/data";
import { keys, type Server, startServer, until } from "../support/server";

let server: Server;

beforeAll(async () => {
  server = await startServer({ tick: 0 });
});

afterAll(async () => {
  await server.stop();
});

type Bag = Record<string, unknown>;

/** An event of the specification, as its example calls it. */
interface Example {
  readonly event: string;
  readonly properties: Bag;
}

/** The specification has no example of this one: its own names, with values of the one before it. */
const FILTERED: Bag = {
  list_id: "todays_deals_may_11_2019",
  filters: [{ type: "price", value: "under" }],
  sorts: [{ type: "price", value: "desc" }],
  products: [{ product_id: "507f1f77bcf86cd798439011", sku: "45360-32", name: "Special Facial Soap", price: 12.6 }],
};

function readExamples(): Example[] {
  const spec = JSON.parse(readData("segment-ecommerce-v2.json")) as Record<string, { examples: string[] }>;
  return Object.entries(spec).map(([name, { examples }]) => {
    const [code] = examples;
    if (code === undefined) return { event: name, properties: FILTERED };
    const told: Example[] = [];
    const analytics = { track: (event: string, properties: Bag) => told.push({ event, properties }) };
    // Some examples lack a comma at the end of a line.
    runInNewContext(code.replaceAll(/'\n(\s+\w+:)/g, "',\n$1"), { analytics });
    return { event: told[0]?.event ?? "", properties: JSON.parse(JSON.stringify(told[0]?.properties)) as Bag };
  });
}

const examples = hasData ? readExamples() : [];

/** What is stored of one person, beside the contact itself. */
interface State {
  readonly carts: readonly Bag[];
  readonly orders: readonly Bag[];
  readonly lines: readonly Bag[];
  readonly wishlist: readonly Bag[];
  readonly reviews: readonly Bag[];
  readonly viewed: readonly unknown[];
  readonly events: readonly Bag[];
}

async function stateOf(contact: { id: string; last_visit: { views: Bag[] } | null }): Promise<State> {
  const number = contactRow(contact.id);
  const all = (sql: string): Promise<Bag[]> => server.rows<Bag>(sql, number);
  const [carts, orders, lines, wishlist, reviews] = await Promise.all([
    all("SELECT cart_id, state, value, currency, json_array_length(lines) AS lines FROM carts WHERE contact = ?1"),
    all("SELECT status, total, shipping, tax, discount, refunded, coupon, currency FROM orders WHERE contact = ?1"),
    all(
      "SELECT product_id, quantity, total, returned_qty AS returned FROM order_lines WHERE contact = ?1 ORDER BY line",
    ),
    all("SELECT list, product_id, price_at_add, removed_at IS NULL AS wanted FROM wishlist_items WHERE contact = ?1"),
    all("SELECT product_id, rating, text, verified FROM reviews WHERE contact = ?1"),
  ]);
  const { data } = (await server.api(`/api/contacts/${contact.id}/timeline`)).json as { data: Bag[] };
  const viewed = contact.last_visit?.views.map(({ product_id }) => product_id) ?? [];
  return { carts, orders, lines, wishlist, reviews, viewed, events: data.filter(({ kind }) => kind === "event") };
}

const MONOPOLY = "507f1f77bcf86cd799439011";
const cart = (state: string, value = 1_899, lines = 1): Bag => ({ state, value, lines });
const addedTo = (cartId: unknown): Example => ({
  event: "Product Added",
  properties: { cart_id: cartId, product_id: MONOPOLY, price: 18.99, quantity: 1, currency: "USD" },
});
const ordered = (orderId: unknown): Example => {
  const products = [
    { product_id: MONOPOLY, sku: "45790-32", price: 19, quantity: 1 },
    { product_id: "505bd76785ebb509fc183733", sku: "46493-32", price: 3, quantity: 2 },
  ];
  return { event: "Order Completed", properties: { order_id: orderId, total: 30, currency: "USD", products } };
};
const wished = ({ wishlist_id, product_id, variant }: Bag): Example => ({
  event: "Product Added to Wishlist",
  properties: { wishlist_id, product_id, variant, price: 18.99, currency: "USD" },
});
const sale = { status: "confirmed", total: 3_000, refunded: 0, currency: "USD" };

/** What an event does: told by the shop's server, and claimed by a browser where that is something else. */
interface Effect {
  /** What the shop's server has told before. */
  readonly before?: (properties: Bag) => readonly Example[];
  readonly server: Partial<State>;
  readonly browser?: Partial<State>;
}

/** Kept as it is: scenarios can start on it or wait for it. */
const plain: Effect = { server: {} };
const checkout: Effect = { before: () => [addedTo("c")], server: { carts: [cart("checkout")] } };

const EFFECTS: Readonly<Record<string, Effect>> = {
  "Products Searched": plain,
  "Product List Viewed": plain,
  "Product List Filtered": plain,
  "Promotion Viewed": plain,
  "Promotion Clicked": plain,
  "Product Clicked": plain,
  "Product Viewed": { server: { viewed: [MONOPOLY] } },
  "Product Added": { server: { carts: [cart("active")] } },
  "Product Removed": {
    before: ({ cart_id }) => [addedTo(cart_id)],
    server: { carts: [cart("emptied", 0, 0)] },
  },
  "Cart Viewed": { server: { carts: [cart("active", 2_200, 2)] } },
  "Checkout Started": { server: { carts: [{ ...cart("checkout", 2_500, 2), currency: "USD" }] } },
  "Checkout Step Viewed": checkout,
  "Checkout Step Completed": checkout,
  "Payment Info Entered": checkout,
  "Order Updated": {
    before: ({ order_id }) => [ordered(order_id)],
    server: { orders: [{ ...sale, total: 2_750, shipping: 300, tax: 200, discount: 250 }] },
    browser: { orders: [sale] },
  },
  "Order Completed": {
    before: () => [addedTo("c")],
    server: {
      carts: [cart("converted")],
      orders: [{ ...sale, total: 2_750, shipping: 300, tax: 200, discount: 250, coupon: "hasbros" }],
      lines: [
        { product_id: MONOPOLY, total: 1_900 },
        { quantity: 2, total: 600 },
      ],
    },
    // It ends what would bother the customer, and is no sale.
    browser: { carts: [cart("converted")], orders: [], lines: [] },
  },
  "Order Refunded": {
    before: ({ order_id }) => [ordered(order_id)],
    server: { orders: [{ ...sale, status: "refunded", refunded: 3_000 }], lines: [{ returned: 1 }, { returned: 2 }] },
    browser: { orders: [sale], lines: [{ returned: 0 }, { returned: 0 }] },
  },
  "Order Cancelled": {
    before: ({ order_id }) => [ordered(order_id)],
    server: { orders: [{ ...sale, status: "cancelled" }] },
    browser: { orders: [sale] },
  },
  "Coupon Entered": plain,
  "Coupon Applied": plain,
  "Coupon Denied": plain,
  "Coupon Removed": plain,
  "Product Added to Wishlist": {
    server: { wishlist: [{ list: "skdjsidjsdkdj29j", product_id: MONOPOLY, price_at_add: 1_899, wanted: 1 }] },
  },
  "Product Removed from Wishlist": {
    before: (properties) => [wished(properties)],
    server: { wishlist: [{ product_id: MONOPOLY, wanted: 0 }] },
  },
  "Wishlist Product Added to Cart": {
    before: (properties) => [wished(properties)],
    server: { wishlist: [{ product_id: MONOPOLY, wanted: 0 }], carts: [cart("active")] },
  },
  "Product Shared": plain,
  "Cart Shared": plain,
  "Product Reviewed": {
    server: { reviews: [{ product_id: MONOPOLY, rating: 5, text: "I love this product", verified: 1 }] },
    browser: { reviews: [{ product_id: MONOPOLY, rating: 5, text: "I love this product", verified: 0 }] },
  },
};

const NOTHING = { carts: [], orders: [], lines: [], wishlist: [], reviews: [], viewed: [] };

describe.skipIf(!hasData)("Segment's Ecommerce Spec v2", () => {
  test("is understood in full", () => {
    expect(Object.keys(EFFECTS).sort()).toEqual(examples.map(({ event }) => event).sort());
    expect(examples).toHaveLength(28);
  });

  describe.each(["server", "browser"] as const)("told by a %s", (who) => {
    test.concurrent.each(examples)("$event", async ({ event, properties }) => {
      const effect = EFFECTS[event] as Effect;
      const name = `${who}-${event.replaceAll(" ", "-").toLowerCase()}`;
      // Everybody has an order of their own.
      const own = properties["order_id"] === undefined ? properties : { ...properties, order_id: `o-${name}` };
      const person = { userId: name, anonymousId: `a-${name}` };
      const before = effect.before?.(own) ?? [];
      const batch: object[] = [{ type: "identify", ...person, traits: { email: `${name}@shop.test` } }];
      batch.push(...before.map((told) => ({ type: "track", ...person, ...told })));
      expect((await server.send("batch", { batch })).json).toEqual({ accepted: batch.length, rejected: [] });

      const told = { ...person, event, properties: own };
      const answer = who === "server" ? await server.send("track", told) : await claim({ ...told, userId: undefined });
      expect([answer.status, answer.json]).toEqual([200, { accepted: 1, rejected: [] }]);

      const { data } = (await server.api(`/api/contacts?external_id=${name}`)).json;
      expect(data).toHaveLength(1);
      const state = await stateOf(data[0]);
      const { recipient, ...kept } = own;
      expect(state.events[0]).toMatchObject({ name: event, trust: who === "server" ? "secret" : "write" });
      // A friend's address is kept of nobody who did not give it.
      expect(state.events[0]?.["properties"]).toEqual(kept);
      expect(recipient === undefined || !JSON.stringify(state).includes(JSON.stringify(recipient))).toBe(true);
      const expected = { ...effect.server, ...(who === "browser" && effect.browser) };
      expect(state).toMatchObject({ ...(before.length > 0 ? {} : NOTHING), ...expected });
    });
  });

  test("has a name for every event on which a scenario can start", async () => {
    const made: { event: string; id: string }[] = [];
    for (const { event } of examples) {
      const blocks = {
        start: { type: "start.event", params: { event }, next: { next: "done" } },
        done: { type: "exit" },
      };
      const definition = { name: event, stop_on: [], start: "start", blocks };
      const { json } = await server.post("/api/scenarios", { definition });
      const active = await server.post(`/api/scenarios/${json.id}/activate`);
      expect(active.status, active.text).toBe(200);
      made.push({ event, id: json.id });
    }
    const batch = examples.map(({ event, properties }) => ({ type: "track", userId: "starter", event, properties }));
    await server.send("identify", { userId: "starter", traits: { email: "starter@shop.test" } });
    expect((await server.send("batch", { batch })).json).toMatchObject({ accepted: 28 });
    for (const { event, id } of made) {
      await until(async () => (await server.api(`/api/scenarios/${id}/runs`)).json.data.length === 1, {
        what: `a run that began with ${event}`,
      });
    }
  });
});

/** What Node calls itself is taken for a machine. */
const AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/153.0.0.0 Safari/537.36";

async function claim(json: object): Promise<{ status: number; json: unknown }> {
  const headers = {
    authorization: `Basic ${btoa(`${keys.write}:`)}`,
    "content-type": "text/plain",
    "user-agent": AGENT,
  };
  const answer = await fetch(`${server.url}/v1/t`, { method: "POST", headers, body: JSON.stringify(json) });
  return { status: answer.status, json: await answer.json() };
}
