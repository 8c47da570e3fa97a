import type { StarTable } from "./table";

/** What a contact might like next, by whoever computed it. */
export const recommendations: StarTable = {
  name: "recommendations",
  title: { en: "Recommendations", fr: "Recommandations produits" },
  description: "Products with a score and a reason; the row's id is the product's, one for each contact.",
  family: "interaction",
  contact: "required",
  unique: "contact",
  columns: {
    score: { type: "number", required: true },
    reason: { type: "text" },
    computed_at: { type: "time", required: true },
  },
  feeds: {},
};
