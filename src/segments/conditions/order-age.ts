import * as z from "zod";
import { isValid } from "../../commerce/order";
import type { Words } from "../../shared/language";
import { condition } from "../condition";
import type { Facts } from "../facts";
import { inWords } from "../reader";
import { shown } from "../shown";
import { describeWindow, isInWindow, windowShape, windowSql } from "../window";

const params = z
  .strictObject(windowShape)
  .refine(
    ({ within, before, between }) => (within ?? before ?? between) !== undefined,
    "asks for nothing: name `within`, `before` or `between`",
  );

/** How long ago the first or the last valid order was placed. Figures of a contact are those of all they were merged with. */
function orderAge(column: "first_order_at" | "last_order_at", title: Words, which: Words) {
  const choose = column === "first_order_at" ? Math.min : Math.max;
  const placedAt = ({ commerce }: Facts): number | null => {
    const times = commerce.orders.filter(isValid).map((order) => order.placedAt);
    return times.length === 0 ? null : choose(...times);
  };
  return condition({
    title,
    params,
    describe: (asked, reader) => `${inWords(which, reader)}${describeWindow(asked, reader)}`,
    test(facts, asked, moment) {
      const at = placedAt(facts);
      return at !== null && isInWindow(asked, at, moment);
    },
    sql: (asked, c) =>
      `EXISTS (SELECT 1 FROM contact_metrics m WHERE m.contact = c.id AND ${windowSql(asked, `m.${column}`, c)})`,
    found: (facts, _asked, _moment, reader) => shown("time", placedAt(facts), reader),
    weight: 5,
    example: { before: "P365D" },
  });
}

export const ordersFirst = orderAge(
  "first_order_at",
  { en: "Time of the first order", fr: "Date de la première commande" },
  { en: "placed their first order", fr: "a passé sa première commande" },
);
export const ordersLast = orderAge(
  "last_order_at",
  { en: "Time of the last order", fr: "Date de la dernière commande" },
  { en: "placed their last order", fr: "a passé sa dernière commande" },
);
