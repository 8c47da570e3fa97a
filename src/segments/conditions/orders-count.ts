import { orders } from "../collections/orders";
import { countOf } from "../figure";

/** How many orders a contact has placed: valid ones unless a status is asked for. */
export const ordersCount = countOf(
  orders,
  { en: "has placed", fr: "a passé", none: { en: "has placed no", fr: "n’a passé aucune" } },
  { op: "eq", value: 1, where: [{ field: "channel", op: "is", value: "web" }], within: "P90D" },
);
