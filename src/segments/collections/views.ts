import type { Collection } from "../collection";

/** Views of visits that are over, and of the one that may still go on: that one stands with the contact. */
const VIEWS = (whose: string): string =>
  "(SELECT v.contact, e.value ->> 0 AS product, e.value ->> 1 AS times, v.started_at + 1000 * (e.value ->> 2) AS at " +
  `FROM visits v, json_each(v.views) e WHERE v.contact ${whose} UNION ALL ` +
  "SELECT i.id, e.value, i.star ->> ('$[0][4][' || (e.key + 1) || ']'), " +
  "(i.star ->> '$[0][0]') + 1000 * (i.star ->> ('$[0][4][' || (e.key + 2) || ']')) " +
  `FROM contacts i, json_each(i.star, '$[0][4]') e WHERE i.id ${whose} AND i.star IS NOT NULL AND e.key % 3 = 0) w`;

/** Products that somebody looked at: one row for each product of a visit, as of the last time. */
export const views: Collection = {
  key: "views",
  words: {
    one: { en: "viewed product", fr: "produit consulté" },
    many: { en: "viewed products", fr: "produits consultés" },
  },
  from: VIEWS,
  contact: "w.contact",
  at: "w.at",
  fields: {
    product: { type: "text", sql: "w.product", words: { en: "product", fr: "produit" }, source: "product" },
    times: { type: "integer", sql: "w.times", words: { en: "number of views", fr: "nombre de vues" } },
    category: {
      type: "text",
      sql: "(SELECT p.category FROM products p WHERE p.product_id = w.product)",
      words: { en: "category", fr: "catégorie" },
      feminine: true,
      source: "category",
    },
    brand: {
      type: "text",
      sql: "(SELECT p.brand FROM products p WHERE p.product_id = w.product)",
      words: { en: "brand", fr: "marque" },
      feminine: true,
      source: "brand",
    },
  },
};

const VISITS = (whose: string): string =>
  "(SELECT v.contact, v.channel, v.pages, v.landing, v.store, v.started_at AS at " +
  `FROM visits v WHERE v.contact ${whose} UNION ALL ` +
  "SELECT i.id, i.star ->> '$[0][1]', i.star ->> '$[0][2]', i.star ->> '$[0][3]', NULL, i.star ->> '$[0][0]' " +
  `FROM contacts i WHERE i.id ${whose} AND i.star IS NOT NULL AND i.star ->> '$[0][0]' IS NOT NULL) w`;

/** Visits to the shop, its app and its stores, as of their beginning; the one that may still go on is among them. */
export const visits: Collection = {
  key: "visits",
  words: { one: { en: "visit", fr: "visite" }, many: { en: "visits", fr: "visites" } },
  from: VISITS,
  contact: "w.contact",
  at: "w.at",
  fields: {
    channel: { type: "text", sql: "w.channel", words: { en: "channel", fr: "canal" } },
    pages: { type: "integer", sql: "w.pages", words: { en: "number of pages", fr: "nombre de pages" } },
    landing: { type: "text", sql: "w.landing", words: { en: "first page", fr: "première page" }, feminine: true },
    store: { type: "text", sql: "w.store", words: { en: "store", fr: "magasin" }, source: "store" },
  },
};
