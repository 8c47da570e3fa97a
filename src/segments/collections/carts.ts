import { inBaseSql } from "../../commerce/exchange";
import type { Collection } from "../collection";
import { CART_WORDS } from "../state-words";

const STATES = ["active", "checkout", "abandoned", "converted", "emptied", "expired", "replaced"] as const;

/** Carts, as of their last change; the open one unless a rule asks for a state. */
export const carts: Collection = {
  key: "carts",
  words: { one: { en: "cart", fr: "panier" }, many: { en: "carts", fr: "paniers" } },
  from: "carts k",
  contact: "k.contact",
  at: "k.changed_at",
  fields: {
    state: { type: "text", sql: "k.state", words: { en: "state", fr: "état" }, options: STATES, choices: CART_WORDS },
    value: {
      type: "money",
      sql: (c) => inBaseSql(c.bind(c.shop.currency), { amount: "k.value", currency: "k.currency", at: "k.changed_at" }),
      words: { en: "value", fr: "valeur" },
      feminine: true,
    },
    currency: { type: "text", sql: "k.currency", words: { en: "currency", fr: "devise" }, feminine: true },
    opened: {
      type: "time",
      sql: "k.opened_at",
      words: { en: "opened", fr: "ouvert" },
      said: { en: "opened", fr: "ouvert" },
      many: "ouverts",
    },
    lines: {
      type: "integer",
      sql: "json_array_length(k.lines)",
      words: { en: "number of products", fr: "nombre de produits" },
    },
  },
  lines: {
    words: { en: "a line", fr: "une ligne" },
    from: "carts m, json_each(m.lines) l",
    contact: "m.contact",
    key: "m.id",
    row: "k.id",
    fields: {
      product: {
        type: "text",
        sql: "l.value ->> '$.product_id'",
        words: { en: "product", fr: "produit" },
        source: "product",
      },
      sku: { type: "text", sql: "l.value ->> '$.sku'", words: { en: "variant", fr: "variante" }, feminine: true },
      name: { type: "text", sql: "l.value ->> '$.name'", words: { en: "name", fr: "nom" } },
      category: {
        type: "text",
        sql: "l.value ->> '$.category'",
        words: { en: "category", fr: "catégorie" },
        feminine: true,
        source: "category",
      },
      brand: {
        type: "text",
        sql: "l.value ->> '$.brand'",
        words: { en: "brand", fr: "marque" },
        feminine: true,
        source: "brand",
      },
      quantity: {
        type: "integer",
        sql: "l.value ->> '$.quantity'",
        words: { en: "quantity", fr: "quantité" },
        feminine: true,
      },
    },
  },
  usual: { unless: "state", filters: () => [{ field: "state", op: "in", value: STATES.slice(0, 3) }] },
};
