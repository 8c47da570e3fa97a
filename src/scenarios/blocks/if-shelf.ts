import * as z from "zod";
import type { PriceMove } from "../../commerce/shelf";
import { PRICE_MOVES } from "../../commerce/shelf";
import { DAY } from "../../shared/clock";
import type { Language, Words } from "../../shared/language";
import type { BlockContext, Step } from "../block";
import { block } from "../block";
import type { LookedAt } from "../look-up";
import { answerOf, LOOKED_AT, looksAsk, lookUp } from "../look-up";

const OUTPUTS = ["yes", "no", "unknown"] as const;
const ways = (_params: unknown, language: Language) => ({
  unknown: language === "fr" ? "Le catalogue ne le dit pas" : "The catalogue does not say",
});

/** A look takes an instant; whoever waits longer goes on without. */
const PATIENCE = DAY;

function look(context: BlockContext): Step | null {
  const answer = answerOf(context);
  return answer === null ? null : { do: "go", output: answer };
}

const hear = (_params: unknown, context: BlockContext): Step | null => look(context);
const due = (_params: unknown, context: BlockContext): Step => look(context) ?? { do: "go", output: "unknown" };

const looking = z.strictObject({
  of: z.enum(LOOKED_AT).default("event"),
  /** Of several products: whether one will do. */
  which: z.enum(["any", "all"]).default("any"),
});

const OF: Readonly<Record<LookedAt, Readonly<Record<"any" | "all", Words>>>> = {
  event: {
    any: { en: "the product that it is about", fr: "le produit dont il s’agit" },
    all: { en: "the product that it is about", fr: "le produit dont il s’agit" },
  },
  cart: {
    any: { en: "a product of the open cart", fr: "un produit du panier ouvert" },
    all: { en: "every product of the open cart", fr: "chaque produit du panier ouvert" },
  },
  wishlist: {
    any: { en: "a product of the wishlist", fr: "un produit de la liste d’envies" },
    all: { en: "every product of the wishlist", fr: "chaque produit de la liste d’envies" },
  },
};

export const ifStock = block({
  category: "filter",
  title: { en: "If it is in stock now", fr: "Si c’est en stock maintenant" },
  icon: "▣",
  params: looking.extend({ at_least: z.number().int().min(1).max(1_000_000).default(1) }),
  outputs: OUTPUTS,
  ways,
  example: { of: "event", which: "any", at_least: 3 },
  describe: ({ of, which, at_least: least }, language) =>
    language === "fr"
      ? `Regarde dans le catalogue s’il reste au moins ${least} unités : ${OF[of][which].fr}.`
      : `Looks into the catalogue whether there are at least ${least} pieces of ${OF[of][which].en}.`,
  traits: ({ of }) => ({ looks: true, asks: looksAsk(of) }),
  enter: ({ at_least: atLeast, ...at }, context) =>
    lookUp(at, { kind: "stock", atLeast }, context, context.at + PATIENCE),
  hear,
  due,
});

const MOVES: Readonly<Record<PriceMove, Words>> = {
  below: { en: "is lower than it was", fr: "est plus bas qu’alors" },
  not_above: { en: "is no higher than it was", fr: "n’est pas plus haut qu’alors" },
  above: { en: "is higher than it was", fr: "est plus haut qu’alors" },
  not_below: { en: "is no lower than it was", fr: "n’est pas plus bas qu’alors" },
};

export const ifPrice = block({
  category: "filter",
  title: { en: "If its price is so now", fr: "Si son prix est ainsi maintenant" },
  icon: "¤",
  params: looking.extend({
    /** Against the price of then: what the event said, the cart holds, or stood there when it was put aside. */
    is: z.enum(PRICE_MOVES),
    /** Of `below` and `above`: by how much at least. */
    min_percent: z.number().min(0).max(90).default(0),
  }),
  outputs: OUTPUTS,
  ways,
  example: { of: "event", which: "any", is: "not_above", min_percent: 0 },
  describe({ of, which, is, min_percent: least }, language) {
    const counts = least > 0 && (is === "below" || is === "above");
    if (language === "fr") {
      const by = counts ? `, d’au moins ${least} %` : "";
      return `Regarde dans le catalogue si le prix ${MOVES[is].fr}${by} : ${OF[of][which].fr}.`;
    }
    return `Looks whether the price of ${OF[of][which].en} ${MOVES[is].en}${counts ? `, by at least ${least}%` : ""}.`;
  },
  traits: ({ of }) => ({ looks: true, asks: looksAsk(of) }),
  enter: ({ is, min_percent: leastPercent, ...at }, context) =>
    lookUp(at, { kind: "price", is, leastPercent }, context, context.at + PATIENCE),
  hear,
  due,
});
