import type { Collection } from "../collection";

/** Scores of recency, frequency and monetary value; nobody without a valid order has any. */
export const scores: Collection = {
  key: "rfm_scores",
  words: { one: { en: "score", fr: "score" }, many: { en: "scores", fr: "scores" } },
  from: "rfm_scores q",
  contact: "q.contact",
  own: true,
  at: null,
  fields: {
    rfm_r: { type: "integer", sql: "q.r", words: { en: "recency score", fr: "score de récence" } },
    rfm_f: { type: "integer", sql: "q.f", words: { en: "frequency score", fr: "score de fréquence" } },
    rfm_m: { type: "integer", sql: "q.m", words: { en: "monetary score", fr: "score de montant" } },
    rfm_monetary: {
      type: "money",
      sql: "q.monetary",
      words: { en: "monetary value in the window", fr: "montant sur la période" },
    },
  },
};
