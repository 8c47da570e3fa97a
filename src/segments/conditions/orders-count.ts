import * as z from "zod";
import { isValid } from "../../commerce/order";
import { familyOf } from "../../contacts/wanted";
import { durationInWords, durationMs, parseDuration } from "../../shared/duration";
import { compare, compareSql, compareWords, comparison, condition } from "../condition";

const duration = z.string().refine((text) => parseDuration(text) !== null, "is not an ISO 8601 duration such as P30D");

const params = z.strictObject({
  op: comparison,
  value: z.number().int().min(0).max(10_000),
  within: duration.optional(),
});

const VALID = "o.status NOT IN ('cancelled', 'refunded', 'pending') AND o.total - o.refunded - o.shipping > 0";

/** How many valid orders a contact has placed, ever or within a time up to now. */
export const ordersCount = condition({
  params,
  describe({ op, value, within }, language) {
    const when = within === undefined ? "" : durationInWords(durationMs(within), language);
    const count = `${compareWords(op, language)} ${value}`;
    if (language === "fr") return `a passé ${count} commande${value > 1 ? "s" : ""}${when && ` depuis ${when}`}`;
    return `has placed ${count} order${value === 1 ? "" : "s"}${when && ` in the last ${when}`}`;
  },
  test(facts, { op, value, within }, now) {
    const since = within === undefined ? Number.NEGATIVE_INFINITY : now - durationMs(within);
    const count = facts.commerce.orders.filter(
      (order) => isValid(order) && order.placedAt > since && order.placedAt <= now,
    ).length;
    return compare(op, count, value);
  },
  sql({ op, value, within }, now) {
    const since = within === undefined ? -8.64e15 : now - durationMs(within);
    const whose = `o.contact IN (${familyOf("c.id")})`;
    const count = `(SELECT count(*) FROM orders o WHERE ${whose} AND ${VALID} AND o.placed_at > ? AND o.placed_at <= ?)`;
    return { text: `${count} ${compareSql(op)} ?`, values: [since, now, value] };
  },
  example: { op: "eq", value: 1 },
});
