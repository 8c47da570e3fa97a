import type { SmsContent } from "../content";
import { typeset } from "./blocks";

const COPY = {
  en: { body: "{{ shop.name }}: thank you again for your first order. Come back whenever you like: {{ shop.url }}" },
  fr: {
    body: "{{ shop.name }} : merci encore pour votre première commande. Revenez quand vous voulez : {{ shop.url }}",
  },
} as const;

/** Thanks by SMS for those who engaged with the letter. */
export const secondPurchaseSms = {
  key: "second_purchase_sms",
  channel: "sms",
  version: 1,
  class: "marketing",
  needs: [],
  texts: { en: COPY.en, fr: typeset(COPY.fr, "fr") },
} as const satisfies SmsContent;
