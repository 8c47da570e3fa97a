import { views, visits } from "../collections/views";
import { countOf } from "../figure";

/** How many products somebody looked at. */
export const viewsCount = countOf(
  views,
  { en: "has", fr: "a", none: { en: "has no", fr: "n’a aucun" } },
  { where: [{ field: "category", op: "is", value: "lamps" }], within: "P7D" },
);

/** How many visits somebody made. */
export const visitsCount = countOf(
  visits,
  { en: "has made", fr: "a fait", none: { en: "has made no", fr: "n’a fait aucune" } },
  { op: "eq", value: 0, within: "P180D" },
);
