// Visitors of a shop whose browsers send four events at a time, one visit after another.
import { addressOf, chunks, product, random, track } from "./traffic.mjs";

const PER_REQUEST = 4;
/** Visits that go on side by side, so that the next request is somebody else's. */
const SIDE_BY_SIDE = 10;

/** The requests that make the contacts known before the visits begin: browser, user id, address and consent. */
export function known({ name, count }) {
  const identifies = Array.from({ length: count }, (_, index) => ({
    messageId: `node-next-1790000000000-${name}-i${index}`,
    type: "identify",
    userId: `${name}-${index}`,
    anonymousId: browserOf(name, index),
    traits: {
      email: addressOf(name, index),
      firstName: "Camille",
      language: "en",
      consent: { email: true },
      consent_wording: "Yes, write to me.",
      consent_source: "checkout",
    },
    context: { library: { name: "@segment/analytics-node", version: "3.1.0" } },
  }));
  return chunks(identifies, 100).map((batch) => JSON.stringify({ batch }));
}

function browserOf(name, index) {
  return `5f0c8e1a-${name}-4c5b-9f0e-${String(index).padStart(12, "0")}`;
}

/** The events of one visit: looking at products, and with a cart something added in its first request. */
function visit({ id, browser, user, events, fate, draw }) {
  return Array.from({ length: events }, (_, index) => {
    const seen = product(Math.floor(draw() * 1e6));
    const last = index === events - 1;
    const event =
      fate !== "looked" && index === PER_REQUEST - 1
        ? "Product Added"
        : fate === "bought" && last
          ? "Order Completed"
          : "Product Viewed";
    const properties = event === "Order Completed" ? { order_id: `O-${id}`, total: 99, currency: "EUR" } : seen;
    const { userId: _userId, ...anonymous } = track(`${id}-${index}`, "", event, properties);
    return { ...anonymous, anonymousId: browser, ...(user !== null && { userId: user }) };
  });
}

/** Takes the visits' requests in turn from a few visits at a time. */
function interleave(visits) {
  const requests = [];
  for (const group of chunks(visits, SIDE_BY_SIDE)) {
    const rounds = Math.max(...group.map((one) => one.length));
    for (let round = 0; round < rounds; round++)
      for (const one of group) if (one[round] !== undefined) requests.push(one[round]);
  }
  return requests;
}

/**
 * Requests of visits of `perVisit` events. `identified`: the share of visits by contacts that are known; `carts` and
 * `anonymousCarts`: how many start a cart. Of the known visitors' carts as many are left as make `messages` of every
 * thousand events; the others end with an order.
 */
export function visits({ name, count, perVisit, identified, carts, anonymousCarts, messages, seed }) {
  const draw = random(seed);
  const total = Math.floor(count / perVisit);
  const wanted = Math.round((count * messages) / 1_000);
  let cartCount = 0;
  let left = 0;
  let knownCount = 0;
  const all = Array.from({ length: total }, (_, index) => {
    // Shares are dealt out evenly rather than drawn, so that a sample has exactly the shares it stands for.
    const isKnown = Math.floor((index + 1) * identified) > Math.floor(index * identified);
    const id = `${name}-${index}`;
    if (!isKnown) {
      const fate = draw() < anonymousCarts ? "left" : "looked";
      return visit({ id, browser: browserOf("anon", index), user: null, events: perVisit, fate, draw });
    }
    const contact = knownCount++;
    const cart = Math.floor((contact + 1) * carts) > Math.floor(contact * carts);
    if (cart) cartCount++;
    const cartsInAll = Math.floor(total * identified * carts);
    const leaves = cart && left < Math.round((cartCount * wanted) / cartsInAll);
    if (leaves) left++;
    const fate = !cart ? "looked" : leaves ? "left" : "bought";
    const browser = browserOf(name, contact);
    return visit({ id, browser, user: `${name}-${contact}`, events: perVisit, fate, draw });
  });
  return interleave(all.map((events) => chunks(events, PER_REQUEST).map((batch) => JSON.stringify({ batch }))));
}

/** How many of the visits are by known contacts. */
export function knownVisitors({ count, perVisit, identified }) {
  return Math.ceil(Math.floor(count / perVisit) * identified);
}
