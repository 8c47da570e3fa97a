import * as z from "zod";
import { isValid } from "../../commerce/order";
import { durationMs } from "../../shared/duration";
import type { Words } from "../../shared/language";
import { number } from "../compile";
import { condition } from "../condition";
import type { Facts } from "../facts";
import { hinted } from "../hint";
import { inWords } from "../reader";
import { shown } from "../shown";
import { durationText } from "../time-operators";
import { describeWindow } from "../window";

const params = z
  .strictObject({
    within: hinted(durationText.optional(), { words: { en: "in the last", fr: "au cours des derniers" } }),
    before: hinted(durationText.optional(), { words: { en: "at least so long ago", fr: "il y a au moins" } }),
  })
  .refine(
    ({ within, before }) => (within ?? before) !== undefined,
    "asks for nothing: name `within`, `before` or both",
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
    test(facts, { within, before }, { now }) {
      const at = placedAt(facts);
      if (at === null || at > now) return false;
      return (
        (within === undefined || at > now - durationMs(within)) &&
        (before === undefined || at <= now - durationMs(before))
      );
    },
    sql({ within, before }, { now }) {
      const after = within === undefined ? "" : ` AND m.${column} > ${number(now - durationMs(within))}`;
      const until = number(before === undefined ? now : now - durationMs(before));
      return `EXISTS (SELECT 1 FROM contact_metrics m WHERE m.contact = c.id AND m.${column} <= ${until}${after})`;
    },
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
