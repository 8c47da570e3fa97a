import { accounts, lots, movements } from "../collections/loyalty";
import { existsOf } from "../exists";
import { countOf, measureOf } from "../figure";

/** The points that somebody has, or those of them that run out in some time. */
export const loyaltyPoints = measureOf(
  lots,
  "points",
  { en: "has", fr: "a" },
  { one: { en: "point", fr: "point" }, many: { en: "points", fr: "points" } },
  { value: 100 },
);

/** Which tier somebody is in, since when and until when. */
export const loyaltyTier = existsOf(
  accounts,
  { en: "has a loyalty account", fr: "a un compte de fidélité" },
  { where: [{ field: "tier", op: "in", value: ["gold", "silver"] }] },
);

/** How often points of somebody moved. */
export const loyaltyMovements = countOf(
  movements,
  { en: "has", fr: "a", none: { en: "has no", fr: "n’a aucun" } },
  { where: [{ field: "kind", op: "is", value: "earn" }], within: "P30D" },
);
