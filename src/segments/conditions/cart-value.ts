import * as z from "zod";
import { OPEN_CARTS, cartValue as worthOf } from "../../commerce/cart";
import { familyOf } from "../../contacts/wanted";
import { compare, compareSql, compareWords, comparison, condition } from "../condition";

const params = z.strictObject({ op: comparison, value: z.number().int().min(0).max(1_000_000_000) });

/** The value of the open cart in minor units of its currency; without a cart it is 0. */
export const cartValue = condition({
  params,
  describe({ op, value }, language) {
    const amount = `${compareWords(op, language)} ${(value / 100).toFixed(2)}`;
    return language === "fr" ? `a un panier d’une valeur de ${amount}` : `has a cart worth ${amount}`;
  },
  test: (facts, { op, value }) => compare(op, facts.commerce.cart ? worthOf(facts.commerce.cart) : 0, value),
  sql: ({ op, value }) => ({
    // Of a merged contact's carts and the winner's at most one is open.
    text: `coalesce((SELECT k.value FROM carts k WHERE k.contact IN (${familyOf("c.id")}) AND k.state IN ${OPEN_CARTS}), 0) ${compareSql(op)} ?`,
    values: [value],
  }),
  example: { op: "gte", value: 10_000 },
});
