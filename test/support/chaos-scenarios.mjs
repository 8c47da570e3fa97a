/** What the contacts of a run go through and, for each kind of contact, which message it must get in the end. */

const thanks = { type: "send.email", params: { content: "second_purchase_thanks" } };
const cart = { type: "send.email", params: { content: "cart_1" } };
const onEvent = (event, next) => ({ type: "start.event", params: { event }, next: { next } });
const inactivity = { duration: "PT2S", moved_by: "cart_events" };

/** The scenarios of a run, as the API takes them. */
export const SCENARIOS = [
  { name: "at once", blocks: { start: onEvent("Trigger", "send"), send: thanks } },
  {
    name: "waiter",
    blocks: {
      start: onEvent("Waiter", "wait"),
      wait: { type: "wait.for", params: { duration: "PT8S" }, next: { next: "send" } },
      send: thanks,
    },
  },
  // Longer than the product is ever away, so that the order and the withdrawal are accepted in time.
  {
    name: "patient",
    stop_on: ["order", "withdrawal"],
    blocks: {
      start: onEvent("Patient", "wait"),
      wait: { type: "wait.for", params: { duration: "PT3M" }, next: { next: "send" } },
      send: thanks,
    },
  },
  {
    name: "cart",
    stop_on: ["order"],
    blocks: {
      start: { type: "start.event", params: { event: "cart.abandoned", inactivity }, next: { next: "send" } },
      send: cart,
    },
  },
];

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

/**
 * Makes a scenario and sets it going, as a marketer does.
 * @param {string} url of the product
 * @param {object} definition what the API takes
 */
export async function activate(url, definition) {
  const headers = { authorization: "Bearer ak_local", "content-type": "application/json" };
  const post = async (path, body) => {
    const answer = await fetch(`${url}/api/scenarios${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`POST /api/scenarios${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const { id } = await post("", { definition: { start: "start", ...definition } });
  await post(`/${id}/activate`, {});
  return id;
}
