import { REFERRAL_STATES } from "../../commerce/referral";
import type { Collection } from "../collection";
import { REFERRAL_WORDS } from "../state-words";

const STATE = {
  type: "text",
  sql: "f.state",
  words: { en: "state", fr: "état" },
  options: REFERRAL_STATES,
  choices: REFERRAL_WORDS,
} as const;

/** Friends whom somebody brought. The link itself, which many may follow, is none. */
export const referrals: Collection = {
  key: "referrals",
  words: { one: { en: "friend", fr: "filleul" }, many: { en: "friends", fr: "filleuls" } },
  from: "referrals f",
  where: "f.friend <> 0",
  contact: "f.advocate",
  at: "f.at",
  fields: { state: STATE },
};

/** By whom somebody was brought. */
export const referredBy: Collection = {
  key: "referred_by",
  words: { one: { en: "referral", fr: "parrainage" }, many: { en: "referrals", fr: "parrainages" } },
  from: "referrals f",
  where: "f.friend <> 0",
  contact: "f.friend",
  at: "f.at",
  fields: { state: STATE },
};
