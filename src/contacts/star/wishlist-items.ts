import type { Properties } from "../../events/event";
import type { StarTable } from "./table";
import { plain } from "./table";

/** A product of a list, by the ids that the shop gives them. */
function itemOf(properties: Properties): { id: string; product: string; values: object } | null {
  const product = plain(properties["product_id"]) ?? plain(properties["sku"]);
  if (product === null) return null;
  const list = plain(properties["wishlist_id"]) ?? "default";
  const variant = plain(properties["variant_id"]) ?? plain(properties["variant"]);
  const id = [list, product, ...(variant === null ? [] : [variant])].join(":");
  return { id, product, values: { list, product_id: product, variant_id: variant } };
}

/** What somebody would like to have, with the price of then: the news of a price or of stock is told against it. */
export const wishlistItems: StarTable = {
  name: "wishlist_items",
  title: { en: "Wishlists", fr: "Listes d’envies" },
  description: "Products that somebody put aside, with the price of that day.",
  family: "interaction",
  contact: "required",
  unique: "contact",
  columns: {
    list: { type: "text" },
    product_id: { type: "text", required: true, indexed: true },
    variant_id: { type: "text" },
    price_at_add: { type: "money" },
    added_at: { type: "time" },
    removed_at: { type: "time" },
    last_price_notified: { type: "money" },
    last_stock_notified_at: { type: "time" },
    expires_at: { type: "time" },
  },
  feeds: {
    "product added to wishlist": {
      from: "anyone",
      read(properties, { at }) {
        const item = itemOf(properties);
        // Whole: what was taken out before is in again.
        return (
          item && {
            id: item.id,
            values: { ...item.values, price_at_add: properties["price"], added_at: at },
            whole: true,
          }
        );
      },
    },
    "product removed from wishlist": {
      from: "anyone",
      read(properties, { at }) {
        const item = itemOf(properties);
        return item && { id: item.id, values: { ...item.values, removed_at: at }, whole: false };
      },
    },
    "wishlist product added to cart": {
      from: "anyone",
      read(properties, { at }) {
        const item = itemOf(properties);
        return item && { id: item.id, values: { ...item.values, removed_at: at }, whole: false };
      },
    },
  },
};
