import { views, visits } from "../collections/views";
import { countOf } from "../figure";

/** How many products somebody looked at. */
export const viewsCount = countOf(
  views,
  { en: "has", fr: "a" },
  { where: [{ field: "category", op: "is", value: "lamps" }], within: "P7D" },
);

/** How many visits somebody made. */
export const visitsCount = countOf(visits, { en: "has made", fr: "a fait" }, { op: "eq", value: 0, within: "P180D" });
