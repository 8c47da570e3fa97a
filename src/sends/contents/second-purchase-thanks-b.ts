import type { EmailContent } from "../content";
import { typeset } from "./blocks";
import { thanksHtml } from "./second-purchase-thanks";

const COPY = {
  en: {
    subject: "Has your first order found its place?",
    preheader: "A thank you, and what we would like to tell you next.",
  },
  fr: {
    subject: "Votre première commande a-t-elle trouvé sa place ?",
    preheader: "Un merci, et ce que nous aimerions vous raconter ensuite.",
  },
} as const;

/** The same thanks under a new subject, once, for those who did not open the first. */
export const secondPurchaseThanksB = {
  key: "second_purchase_thanks_b",
  channel: "email",
  version: 1,
  class: "marketing",
  needs: [],
  texts: {
    en: { ...COPY.en, html: thanksHtml("en") },
    fr: { ...typeset(COPY.fr, "fr"), html: thanksHtml("fr") },
  },
} as const satisfies EmailContent;
