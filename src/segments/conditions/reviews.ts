import { reviews } from "../collections/reviews";
import { countOf, measureOf } from "../figure";

/** How many reviews somebody wrote. */
export const reviewsCount = countOf(
  reviews,
  { en: "has written", fr: "a laissé", none: { en: "has written no", fr: "n’a laissé aucun" } },
  { where: [{ field: "nps", op: "gte", value: 9 }] },
);

/** What somebody's ratings come to. */
export const reviewsRating = measureOf(reviews, "rating", { en: "has rated", fr: "a noté" }, null, {
  measure: "average",
  value: 4,
});
