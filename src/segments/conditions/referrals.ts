import { referrals, referredBy } from "../collections/referrals";
import { countOf } from "../figure";

/** How many friends somebody brought. */
export const referralsCount = countOf(
  referrals,
  { en: "has brought", fr: "a parrainé", none: { en: "has brought no", fr: "n’a parrainé aucun" } },
  { where: [{ field: "state", op: "in", value: ["ordered", "pending_review", "rewarded"] }] },
);

/** Whether somebody was brought by a friend. */
export const referredCount = countOf(
  referredBy,
  { en: "came by", fr: "est venu par", none: { en: "came by no", fr: "n’est venu par aucun" } },
  { op: "gte", value: 1 },
);
