import type { SmsContent } from "../content";
import { typeset } from "./blocks";

const TOTAL = "{% if cart.total > 0 %} ({{ cart.total | money: cart.currency }}){% endif %}";

const COPY = {
  en: { body: `{{ shop.name }}: a last word about your basket${TOTAL}. It is one tap away: {{ cart.url }}` },
  fr: { body: `{{ shop.name }} : un dernier mot sur votre panier${TOTAL}. Il est à un clic : {{ cart.url }}` },
} as const;

/** Last reminder by SMS, for carts that are worth one. */
export const cart3Sms = {
  key: "cart_3_sms",
  channel: "sms",
  version: 1,
  class: "marketing",
  needs: ["cart"],
  texts: { en: COPY.en, fr: typeset(COPY.fr, "fr") },
} as const satisfies SmsContent;
