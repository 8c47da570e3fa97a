/** What the contacts of a run go through and, for each kind of contact, which message it must get in the end. */

const thanks = { type: "send.email", params: { content: "second_purchase_thanks" } };
const cart = { type: "send.email", params: { content: "cart_1" } };
const onEvent = (event, next) => ({ type: "start.event", params: { event }, next: { next } });
const inactivity = { duration: "PT2S", moved_by: "cart_events" };

/** What a stored definition has beside its graph. */
const WHOLE = {
  description: "",
  class: "marketing",
  priority: 50,
  holdout: 0,
  max_lateness: "P1D",
  stop_on: [],
  reentry: { policy: "by_key" },
  filter: { all: [] },
  start: "start",
};

const DEFINITIONS = {
  chaos_at_once: { blocks: { start: onEvent("Trigger", "send"), send: thanks } },
  chaos_waiter: {
    blocks: {
      start: onEvent("Waiter", "wait"),
      wait: { type: "wait.for", params: { duration: "PT8S" }, next: { next: "send" } },
      send: thanks,
    },
  },
  // Longer than the product is ever away, so that the order and the withdrawal are accepted in time.
  chaos_patient: {
    stop_on: ["order", "withdrawal"],
    blocks: {
      start: onEvent("Patient", "wait"),
      wait: { type: "wait.for", params: { duration: "PT3M" }, next: { next: "send" } },
      send: thanks,
    },
  },
  chaos_cart: {
    stop_on: ["order"],
    blocks: {
      start: { type: "start.event", params: { event: "cart.abandoned", inactivity }, next: { next: "send" } },
      send: cart,
    },
  },
};

const at = (event, properties = {}) => ({ type: "track", event, properties });
const withdraw = { type: "identify", traits: { consent: { email: false } } };

/**
 * Kinds of contacts: what they do after they are known, and how many messages they must get. An order and a
 * withdrawal are accepted long before the wait is over, so what waits must never leave.
 */
export const KINDS = {
  once: { does: () => [at("Trigger")], messages: 1 },
  waits: { does: () => [at("Waiter")], messages: 1 },
  cart: {
    does: (name) => [at("Product Added", { cart_id: `cart-${name}`, product_id: "lamp", name: "Lamp", price: 49.9 })],
    messages: 1,
  },
  orders: {
    does: (name) => [
      at("Patient"),
      at("Order Completed", { order_id: `order-${name}`, total: 10, products: [{ product_id: "lamp", price: 10 }] }),
    ],
    messages: 0,
  },
  withdraws: { does: () => [at("Patient"), withdraw], messages: 0 },
};

/** Puts the scenarios into a fresh database. @param {import("./chaos-host.mjs").Host} host */
export async function addScenarios(host) {
  for (const [id, definition] of Object.entries(DEFINITIONS)) {
    await host.query(
      "INSERT INTO scenarios (id, name, state, draft_version, live_version, created_at, updated_at) " +
        "VALUES (?1, ?1, 'active', 1, 1, 0, 0)",
      id,
    );
    const blocks = Object.entries(definition.blocks).map(([name, block]) => [name, { next: {}, ...block }]);
    const stored = { ...WHOLE, name: id, ...definition, blocks: Object.fromEntries(blocks) };
    const sql = "INSERT INTO scenario_versions (scenario, version, definition, created_at) VALUES (?1, 1, ?2, 0)";
    await host.query(sql, id, JSON.stringify(stored));
  }
  await host.query("INSERT OR REPLACE INTO settings (key, value) VALUES ('revision', '1000')");
}
