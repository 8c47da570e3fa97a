import { needed } from "./body";
import type { Topic } from "./connector";
import { NOBODY, track } from "./tell";

/** An order that was deleted is one that comes to nothing. */
export const orderGone: Topic = (body, occasion) => {
  const of = needed(body, "id");
  const about = { of: ["deleted", of], at: occasion.sentAt, who: NOBODY };
  return {
    events: [track(occasion, { name: "Order Cancelled", ...about, properties: { order_id: of, reason: "deleted" } })],
  };
};

/** A product that was deleted, with all of its variants. */
export const productGone: Topic = (body, { sentAt }) => ({
  products: [{ id: needed(body, "id"), at: sentAt, about: null, variants: [], gone: true }],
});
