import type { Language } from "../../shared/language";
import type { EmailContent, EmailText } from "../content";
import { button, cartLines, FIRST_NAME, note, typeset } from "./blocks";
import { plainLetter } from "./plain-letter";

const COPY = {
  en: {
    subject: `{% if contact.first_name %}${FIRST_NAME}, you{% else %}You{% endif %} left this behind`,
    preheader: "Your basket is waiting where you stopped.",
    title: "You left this behind",
    intro: "You were choosing, and then the day carried on. It happens to all of us. Here is what you had put aside.",
    action: "Back to my basket",
    note: "Delivery costs, if any, are shown before you pay. If you have already ordered, there is nothing to do.",
  },
  fr: {
    subject: `{% if contact.first_name %}${FIRST_NAME}, votre{% else %}Votre{% endif %} panier vous attend`,
    preheader: "Reprenez là où vous en étiez.",
    title: "Votre panier vous attend",
    intro:
      "Vous étiez en train de choisir, puis la journée a repris son cours. Cela arrive à tout le monde. " +
      "Voici ce que vous aviez mis de côté.",
    action: "Retrouver mon panier",
    note:
      "Les frais de livraison éventuels s’affichent avant le paiement. Si vous avez déjà commandé, " +
      "vous n’avez rien à faire.",
  },
} as const;

function text(language: Language): EmailText {
  const copy = typeset(COPY[language], language);
  return plainLetter(copy, language, [cartLines(language), button("cart.url", copy.action), note(copy.note)]);
}

/** First reminder of an abandoned cart: what is in it, and the way back. No discount. */
export const cart1 = {
  key: "cart_1",
  channel: "email",
  version: 1,
  class: "marketing",
  needs: ["cart"],
  texts: { en: text("en"), fr: text("fr") },
} as const satisfies EmailContent;
