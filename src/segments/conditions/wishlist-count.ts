import { wishlist } from "../collections/wishlist";
import { countOf } from "../figure";

/** How many products are on a contact's wishlists. */
export const wishlistCount = countOf(
  wishlist,
  { en: "has", fr: "a", none: { en: "has no", fr: "n’a aucun" } },
  { where: [{ field: "category", op: "in", value: ["lamps", "candles"] }], within: "P30D" },
);
