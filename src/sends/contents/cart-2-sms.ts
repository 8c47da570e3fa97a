import type { SmsContent } from "../content";
import { typeset } from "./blocks";

const COPY = {
  en: { body: "{{ shop.name }}: your basket is still here. Costs are shown before you pay: {{ cart.url }}" },
  fr: { body: "{{ shop.name }} : votre panier est toujours là. Frais affichés avant paiement : {{ cart.url }}" },
} as const;

/** Second reminder by SMS. It names nobody, so that its length does not hang on a name. */
export const cart2Sms = {
  key: "cart_2_sms",
  channel: "sms",
  version: 1,
  class: "marketing",
  needs: ["cart"],
  texts: { en: COPY.en, fr: typeset(COPY.fr, "fr") },
} as const satisfies SmsContent;
