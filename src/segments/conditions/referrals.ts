import { referrals, referredBy } from "../collections/referrals";
import { countOf } from "../figure";

/** How many friends somebody brought. */
export const referralsCount = countOf(
  referrals,
  { en: "has brought", fr: "a parrainé" },
  { where: [{ field: "state", op: "in", value: ["ordered", "pending_review", "rewarded"] }] },
);

/** Whether somebody was brought by a friend. */
export const referredCount = countOf(referredBy, { en: "came by", fr: "est venu par" }, { op: "gte", value: 1 });
