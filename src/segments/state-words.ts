import type { OrderStatus } from "../commerce/order";
import type { ReferralState } from "../commerce/referral";
import type { Words } from "../shared/language";
import type { DayPart } from "./behaviour/calendar";

/** What the states that a rule can ask for are called. */
export const ORDER_WORDS = {
  pending: { en: "pending", fr: "en attente" },
  confirmed: { en: "confirmed", fr: "confirmée" },
  shipped: { en: "shipped", fr: "expédiée" },
  in_transit: { en: "in transit", fr: "en transit" },
  delivered: { en: "delivered", fr: "livrée" },
  partially_refunded: { en: "partly refunded", fr: "remboursée en partie" },
  cancelled: { en: "cancelled", fr: "annulée" },
  refunded: { en: "refunded", fr: "remboursée" },
} as const satisfies Record<OrderStatus, Words>;

export const REFERRAL_WORDS = {
  shared: { en: "shared", fr: "partagé" },
  clicked: { en: "clicked", fr: "cliqué" },
  ordered: { en: "ordered", fr: "commandé" },
  pending_review: { en: "to be looked at", fr: "à vérifier" },
  rewarded: { en: "rewarded", fr: "récompensé" },
  rejected: { en: "rejected", fr: "refusé" },
} as const satisfies Record<ReferralState, Words>;

export const CART_WORDS = {
  active: { en: "active", fr: "actif" },
  checkout: { en: "at the checkout", fr: "au paiement" },
  abandoned: { en: "abandoned", fr: "abandonné" },
  converted: { en: "ordered", fr: "commandé" },
  emptied: { en: "emptied", fr: "vidé" },
  expired: { en: "expired", fr: "expiré" },
  replaced: { en: "replaced", fr: "remplacé" },
} as const satisfies Record<string, Words>;

export const MESSAGE_WORDS = {
  queued: { en: "on its way", fr: "en route" },
  claimed: { en: "leaving", fr: "en partance" },
  sent: { en: "sent", fr: "envoyé" },
  suppressed: { en: "not sent", fr: "non envoyé" },
  failed: { en: "failed", fr: "en échec" },
  unknown: { en: "unclear", fr: "incertain" },
} as const satisfies Record<string, Words>;

export const MESSAGE_CLASSES = {
  marketing: { en: "marketing", fr: "marketing" },
  transactional: { en: "transactional", fr: "transactionnel" },
} as const satisfies Record<string, Words>;

export const MESSAGE_CHANNELS = {
  email: { en: "email", fr: "e-mail" },
  sms: { en: "text message", fr: "SMS" },
  push: { en: "push", fr: "notification" },
  wallet: { en: "wallet pass", fr: "carte Wallet" },
  print: { en: "letter by post", fr: "courrier" },
} as const satisfies Record<string, Words>;

export const ORDER_CHANNELS = {
  web: { en: "web", fr: "web" },
  pos: { en: "in a store", fr: "en magasin" },
} as const satisfies Record<string, Words>;

export const DAY_PART_WORDS = {
  night: { en: "night", fr: "nuit" },
  morning: { en: "morning", fr: "matin" },
  afternoon: { en: "afternoon", fr: "après-midi" },
  evening: { en: "evening", fr: "soir" },
} as const satisfies Record<DayPart, Words>;

export const USUAL_CHANNELS = {
  web: { en: "web", fr: "web" },
  app: { en: "app", fr: "application" },
} as const satisfies Record<string, Words>;
