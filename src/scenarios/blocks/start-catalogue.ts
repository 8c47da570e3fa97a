import * as z from "zod";
import type { ChangeKind } from "../../commerce/change";
import { CHANGE_KINDS } from "../../commerce/change";
import { MINUTE } from "../../shared/clock";
import { durationInWords, durationMs } from "../../shared/duration";
import type { Language, Words } from "../../shared/language";
import type { Audience } from "../block";
import { AUDIENCES, block } from "../block";
import { durationInput } from "../definition";

const every = durationInput
  .default("PT1H")
  .refine((text) => durationMs(text) >= 5 * MINUTE, "is shorter than five minutes");

const fields = z.strictObject({
  kind: z.enum(CHANGE_KINDS),
  audience: z.enum(AUDIENCES),
  /** Of a price: a smaller change starts nothing. */
  min_percent: z.number().min(0).max(90).default(5),
  within: durationInput.default("P90D"),
  /** Of what is back: nobody is told in vain who cannot have any of it. The next ones come in by what is left then. */
  waves: z.strictObject({ per_unit: z.number().min(0.1).max(1_000).default(10), every }).optional(),
});

const params = fields.refine(({ kind, waves }) => !waves || kind === "back_in_stock", {
  error: "goes with back_in_stock only",
  path: ["waves"],
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

function wavesInWords(perUnit: number, everyMs: number, language: Language): string {
  const count = new Intl.NumberFormat(language).format(perUnit);
  const time = durationInWords(everyMs, language);
  return language === "fr"
    ? `, par vagues de ${count} contacts par unité en stock, à ${time} d’intervalle`
    : `, in waves of ${count} contacts for each piece in stock, ${time} apart`;
}

export const startCatalogue = block({
  category: "start",
  title: { en: "When the catalogue changes", fr: "Quand le catalogue change" },
  icon: "◇",
  params,
  outputs: ["next"],
  example: { kind: "price_drop", audience: "wishlist", min_percent: 5, within: "P90D" },
  describe({ kind, audience, min_percent: least, within, waves }, language) {
    const time = durationInWords(durationMs(within), language);
    const isPrice = kind === "price_drop" || kind === "price_rise_announced";
    const cares = CARES[audience][language];
    const rationed = waves ? wavesInWords(waves.per_unit, durationMs(waves.every), language) : "";
    return language === "fr"
      ? `Démarre quand un produit ${cares} (depuis ${time} au plus) ${KINDS[kind].fr}${isPrice ? ` d’au moins ${least} %` : ""}${rationed}.`
      : `Starts when a product ${cares} (within ${time}) ${KINDS[kind].en}${isPrice ? ` by at least ${least}%` : ""}${rationed}.`;
  },
  traits: () => ({}),
  trigger({ kind, audience, min_percent: leastPercent, within, waves }) {
    const rationed = waves && { perUnit: waves.per_unit, everyMs: durationMs(waves.every) };
    return { kind: "catalogue", change: kind, audience, leastPercent, withinMs: durationMs(within), waves: rationed };
  },
  enter: () => ({ do: "go", output: "next" }),
});
