import { carts } from "../collections/carts";
import { countOf } from "../figure";

/** How many carts a contact has: open ones unless a state is asked for. */
export const cartsCount = countOf(
  carts,
  { en: "has", fr: "a", none: { en: "has no", fr: "n’a aucun" } },
  { where: [{ field: "value", op: "gte", value: 5_000 }], before: "PT4H" },
);
