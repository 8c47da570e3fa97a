import { inBaseSql } from "../../commerce/exchange";
import type { Collection } from "../collection";

/** Products that somebody put aside and has not taken off again. */
export const wishlist: Collection = {
  key: "wishlist_items",
  words: {
    one: { en: "wishlist product", fr: "produit en liste d’envies" },
    many: { en: "wishlist products", fr: "produits en liste d’envies" },
  },
  from: "wishlist_items w",
  contact: "w.contact",
  at: "coalesce(w.added_at, w.updated_at)",
  fields: {
    product: { type: "text", sql: "w.product_id", words: { en: "product", fr: "produit" }, source: "product" },
    variant: { type: "text", sql: "w.variant_id", words: { en: "variant", fr: "variante" }, feminine: true },
    list: { type: "text", sql: "w.list", words: { en: "list", fr: "liste" }, feminine: true },
    price: {
      type: "money",
      sql(c) {
        const base = c.bind(c.shop.currency);
        const currency = `coalesce(w.price_at_add_currency, ${base})`;
        return inBaseSql(base, { amount: "w.price_at_add", currency, at: "coalesce(w.added_at, w.updated_at)" });
      },
      words: { en: "price of then", fr: "prix d’alors" },
    },
    category: {
      type: "text",
      sql: "(SELECT p.category FROM products p WHERE p.product_id = w.product_id)",
      words: { en: "category", fr: "catégorie" },
      feminine: true,
      source: "category",
    },
    brand: {
      type: "text",
      sql: "(SELECT p.brand FROM products p WHERE p.product_id = w.product_id)",
      words: { en: "brand", fr: "marque" },
      feminine: true,
      source: "brand",
    },
    removed: {
      type: "boolean",
      sql: "(w.removed_at IS NOT NULL)",
      words: { en: "taken off", fr: "retiré" },
      said: { en: "taken off", fr: "retiré" },
      many: "retirés",
    },
    expired: {
      type: "time",
      sql: "w.expires_at",
      words: { en: "end", fr: "fin" },
      feminine: true,
    },
  },
  usual: { unless: "removed", filters: () => [{ field: "removed", op: "is", value: false }] },
};
