import type { Words } from "../../shared/language";

/** What people call the tables that they may want as a file. */
export const TABLE_NAMES: Readonly<Record<string, Words>> = {
  carts: { en: "Carts", fr: "Paniers" },
  consent_events: { en: "Words on consent", fr: "Preuves de consentement" },
  coupons: { en: "Coupons", fr: "Bons" },
  decisions: { en: "Decisions", fr: "Décisions" },
  identities: { en: "Identities", fr: "Identités" },
  loyalty_accounts: { en: "Loyalty accounts", fr: "Comptes de fidélité" },
  loyalty_movements: { en: "Movements of points", fr: "Mouvements de points" },
  merges: { en: "Merges", fr: "Fusions" },
  price_history: { en: "Prices", fr: "Historique des prix" },
  privacy_requests: { en: "Requests about privacy", fr: "Demandes de vie privée" },
  referrals: { en: "Referrals", fr: "Parrainages" },
  runs: { en: "Runs of scenarios", fr: "Parcours" },
  sends: { en: "Messages", fr: "Messages" },
  stock_history: { en: "Stock", fr: "Historique du stock" },
  stores: { en: "Stores", fr: "Magasins" },
};
