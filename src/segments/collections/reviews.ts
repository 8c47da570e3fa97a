import type { Collection } from "../collection";

/** What somebody thinks of a product or of the shop. */
export const reviews: Collection = {
  key: "reviews",
  words: { one: { en: "review", fr: "avis" }, many: { en: "reviews", fr: "avis" } },
  from: "reviews r",
  contact: "r.contact",
  at: "r.reviewed_at",
  fields: {
    rating: { type: "number", sql: "r.rating", words: { en: "rating", fr: "note" }, feminine: true },
    nps: { type: "integer", sql: "r.nps", words: { en: "net promoter score", fr: "score NPS" } },
    product: { type: "text", sql: "r.product_id", words: { en: "product", fr: "produit" }, source: "product" },
    text: { type: "text", sql: "r.text", words: { en: "text", fr: "texte" } },
    verified: {
      type: "boolean",
      sql: "r.verified",
      words: { en: "verified", fr: "vérifié" },
      said: { en: "verified", fr: "vérifié" },
      many: "vérifiés",
    },
  },
};
