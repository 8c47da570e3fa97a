import * as z from "zod";
import { OPEN_CARTS, cartValue as worthOf } from "../../commerce/cart";
import { COMPARED, compare, compareSql, compareWords, comparison } from "../comparison";
import { number } from "../compile";
import { condition } from "../condition";
import type { Facts } from "../facts";
import { hinted } from "../hint";
import { ofFamily } from "../rows";
import { shown } from "../shown";

const params = z.strictObject({
  op: comparison,
  value: hinted(z.number().int().min(0).max(1_000_000_000), {
    words: { en: "Value", fr: "Valeur" },
    quiet: true,
    as: "money",
  }),
});

const worth = ({ commerce }: Facts): number => (commerce.cart ? worthOf(commerce.cart) : 0);

/** The value of the open cart in minor units of its currency; without a cart it is 0. */
export const cartValue = condition({
  title: { en: "Value of the open cart", fr: "Valeur du panier ouvert" },
  params,
  describe({ op, value }, reader) {
    const amount = shown("money", value, reader);
    return reader.language === "fr"
      ? `a un panier d’une valeur ${COMPARED[op].of.fr} ${amount}`
      : `has a cart worth ${compareWords(op, "en")} ${amount}`;
  },
  test: (facts, { op, value }) => compare(op, worth(facts), value),
  sql({ op, value }) {
    // Of a merged contact's carts and the winner's at most one is open.
    const open = ofFamily(
      (whose) => `(SELECT k.value FROM carts k WHERE k.contact ${whose} AND k.state IN ${OPEN_CARTS})`,
    );
    return `coalesce(${open}, 0) ${compareSql(op)} ${number(value)}`;
  },
  found: (facts, _params, _moment, reader) => shown("money", worth(facts), reader),
  example: { op: "gte", value: 10_000 },
});
