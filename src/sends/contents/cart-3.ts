import type { Language } from "../../shared/language";
import type { EmailContent, EmailText } from "../content";
import { button, cartLines, paragraph, typeset } from "./blocks";
import { plainLetter } from "./plain-letter";

const COPY = {
  en: {
    subject: "A last word about your basket",
    preheader: "After this one, we will leave it with you.",
    title: "One last word",
    intro: "This is the last time we write about this basket.",
    choice:
      "If you still like what is in it, it is one click away. If not, thank you for looking around: " +
      "we would rather be useful than insistent.",
    action: "Open my basket",
  },
  fr: {
    subject: "Un dernier mot à propos de votre panier",
    preheader: "Après celui-ci, nous n’en parlerons plus.",
    title: "Un dernier mot",
    intro: "C’est la dernière fois que nous vous écrivons à propos de ce panier.",
    choice:
      "Si son contenu vous plaît toujours, il est à un clic. Sinon, merci d’avoir pris le temps de regarder : " +
      "nous préférons être utiles qu’insistants.",
    action: "Ouvrir mon panier",
  },
} as const;

function text(language: Language): EmailText {
  const copy = typeset(COPY[language], language);
  return plainLetter(copy, language, [paragraph(copy.choice), cartLines(language, 3), button("cart.url", copy.action)]);
}

/** Last reminder of an abandoned cart. It says so, and offers nothing. */
export const cart3 = {
  key: "cart_3",
  channel: "email",
  version: 1,
  class: "marketing",
  needs: ["cart"],
  texts: { en: text("en"), fr: text("fr") },
} as const satisfies EmailContent;
