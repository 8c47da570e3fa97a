// What the clients send. Everything follows from the arguments, so that two runs send the same.

const PRODUCTS = 500;

/** mulberry32: numbers in [0, 1) that follow from the seed. */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function product(index) {
  const number = String(1_000 + (index % PRODUCTS));
  return {
    product_id: `P${number}`,
    sku: `LUM-${number}-BRASS`,
    name: `Table lamp ${number}`,
    category: "Lamps",
    brand: "Maison Lumen",
    price: 49.9 + (index % 40),
    quantity: 1,
    currency: "EUR",
    url: `https://maison-lumen.test/products/table-lamp-${number}`,
    image_url: `https://maison-lumen.test/images/table-lamp-${number}.jpg`,
  };
}

/** A message as @segment/analytics-node 3 writes it. */
export function track(id, userId, event, properties, more = {}) {
  return {
    messageId: `node-next-1790000000000-${id}`,
    type: "track",
    event,
    userId,
    properties,
    context: { library: { name: "@segment/analytics-node", version: "3.1.0" } },
    integrations: {},
    _metadata: { nodeVersion: "24.21.0", jsRuntime: "node" },
    ...more,
  };
}

/** Somebody looks at a product; one in twenty puts it into the cart, which an abandoned-cart scenario listens for. */
function visit(name, index, users, draw) {
  const added = draw() < 0.05;
  const user = `user-${Math.floor(draw() * users)}`;
  return track(`${name}-${index}`, user, added ? "Product Added" : "Product Viewed", product(Math.floor(draw() * 1e6)));
}

/** `count` events of `users` users, one to a request. */
export function singles({ name, count, users, seed }) {
  const draw = random(seed);
  return Array.from({ length: count }, (_, index) => JSON.stringify(visit(name, index, users, draw)));
}

/** The same, `size` to a request. */
export function batches({ name, count, users, seed, size }) {
  const draw = random(seed);
  return Array.from({ length: count / size }, (_, batch) =>
    JSON.stringify({
      batch: Array.from({ length: size }, (__, index) => visit(name, batch * size + index, users, draw)),
    }),
  );
}

/** The address of a contact that `people` made, and back. */
export const addressOf = (name, index) => `${name}-${index}@example.test`;
export const indexOf = (address) => Number(/-(\d+)@/.exec(address)?.[1]);

/** Contacts that may be written to and have something in the cart that a letter can show. */
export function people({ name, count, size = 100 }) {
  const events = Array.from({ length: count }, (_, index) => {
    const traits = {
      email: addressOf(name, index),
      firstName: "Camille",
      language: "en",
      consent: { email: true, tracking: true },
      consent_wording: "Yes, write to me.",
      consent_source: "checkout",
    };
    const { event: _event, properties: _properties, ...rest } = track(`${name}-i${index}`, `${name}-${index}`, "", {});
    const identify = { ...rest, type: "identify", traits };
    const cart = [1, 2].map((line) =>
      track(`${name}-c${index}-${line}`, `${name}-${index}`, "Product Added", product(index * 2 + line)),
    );
    return [identify, ...cart];
  }).flat();
  return chunks(events, size).map((batch) => JSON.stringify({ batch }));
}

/** One event for each of those contacts, `size` to a request (1: the single-event route's body). `times` dates them. */
export function triggers({ name, event, count, size = 1, times, from = 0 }) {
  const events = Array.from({ length: count }, (_, offset) => {
    const index = from + offset;
    const dated = times ? { timestamp: new Date(times[offset]).toISOString() } : {};
    return track(`${name}-t${index}`, `${name}-${index}`, event, { reason: "bench" }, dated);
  });
  return size === 1
    ? events.map((single) => JSON.stringify(single))
    : chunks(events, size).map((batch) => JSON.stringify({ batch }));
}

export function chunks(items, size) {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, index * size + size),
  );
}

/** One request that says how many of something are wanted. */
export function amount({ count }) {
  return [String(count)];
}
