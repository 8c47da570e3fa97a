import * as z from "zod";
import type { ChangeKind } from "../../commerce/change";
import { CHANGE_KINDS } from "../../commerce/change";
import { durationInWords, durationMs } from "../../shared/duration";
import type { Words } from "../../shared/language";
import type { Audience } from "../block";
import { AUDIENCES, block } from "../block";
import { durationInput } from "../definition";

const params = z.strictObject({
  kind: z.enum(CHANGE_KINDS),
  audience: z.enum(AUDIENCES),
  /** Of a price: a smaller change starts nothing. */
  min_percent: z.number().min(0).max(90).default(5),
  within: durationInput.default("P90D"),
});

const KINDS: Readonly<Record<ChangeKind, Words>> = {
  price_drop: { en: "falls in price", fr: "baisse de prix" },
  price_rise_announced: { en: "is going to rise in price", fr: "va augmenter de prix" },
  back_in_stock: { en: "is back in stock", fr: "est de retour en stock" },
  low_stock: { en: "runs low", fr: "sera bientôt épuisé" },
};

const CARES: Readonly<Record<Audience, Words>> = {
  wishlist: { en: "on their wishlist", fr: "de sa liste d’envies" },
  cart: { en: "in their open cart", fr: "de son panier ouvert" },
  viewed: { en: "that they looked at", fr: "qu’il a regardé" },
};

export const startCatalogue = block({
  category: "start",
  title: { en: "When the catalogue changes", fr: "Quand le catalogue change" },
  icon: "◇",
  params,
  outputs: ["next"],
  example: { kind: "price_drop", audience: "wishlist", min_percent: 5, within: "P90D" },
  describe({ kind, audience, min_percent: least, within }, language) {
    const time = durationInWords(durationMs(within), language);
    const isPrice = kind === "price_drop" || kind === "price_rise_announced";
    const cares = CARES[audience][language];
    return language === "fr"
      ? `Démarre quand un produit ${cares} (depuis ${time} au plus) ${KINDS[kind].fr}${isPrice ? ` d’au moins ${least} %` : ""}.`
      : `Starts when a product ${cares} (within ${time}) ${KINDS[kind].en}${isPrice ? ` by at least ${least}%` : ""}.`;
  },
  traits: () => ({}),
  trigger: ({ kind, audience, min_percent: leastPercent, within }) => {
    return { kind: "catalogue", change: kind, audience, leastPercent, withinMs: durationMs(within) };
  },
  enter: () => ({ do: "go", output: "next" }),
});
