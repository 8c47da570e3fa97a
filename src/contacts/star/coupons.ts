import type { StarTable } from "./table";

/** Codes that take something off an order; the row's id is the code. Who may issue one is not decided here. */
export const coupons: StarTable = {
  name: "coupons",
  title: { en: "Coupons", fr: "Coupons" },
  description: "Codes with what they are worth and for how long; the row's id is the code.",
  family: "linked",
  contact: "optional",
  unique: "shop",
  columns: {
    offer_id: { type: "text" },
    amount: { type: "money" },
    percent: { type: "number" },
    min_spend: { type: "money" },
    valid_from: { type: "time" },
    valid_to: { type: "time" },
    redeemed_order_id: { type: "text" },
    redeemed_at: { type: "time" },
    stackable: { type: "boolean" },
  },
  feeds: {},
};
