import type { StarTable } from "./table";

/** Operations that run, for everybody or for one contact. */
export const promotions: StarTable = {
  name: "promotions",
  title: { en: "Ongoing operations", fr: "Opérations en cours" },
  description: "Offers with their window and audience; one that names a contact is for that contact only.",
  family: "linked",
  contact: "optional",
  unique: "shop",
  columns: {
    name: { type: "text", required: true },
    offer: { type: "text" },
    audience: { type: "text" },
    starts_at: { type: "time" },
    ends_at: { type: "time" },
  },
  feeds: {},
};
