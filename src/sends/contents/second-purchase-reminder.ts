import type { Language } from "../../shared/language";
import type { EmailContent, EmailText } from "../content";
import { button, FIRST_NAME, note, orderLines, paragraph, typeset } from "./blocks";
import { plainLetter } from "./plain-letter";

const COPY = {
  en: {
    subject: `Whenever you like{% if contact.first_name %}, ${FIRST_NAME}{% endif %}`,
    preheader: "A present to find, an idea to follow, or just the pleasure of looking.",
    title: "The door is open",
    intro:
      "Some time has passed since your first order. A present to find, an idea to follow, or just the pleasure " +
      "of looking around: come in whenever you like.",
    before: "Last time, you chose:",
    action: "Step into the shop",
    note: "A question about what you ordered? Reply to this email, and someone on our team will answer you.",
  },
  fr: {
    subject: `Quand vous voudrez{% if contact.first_name %}, ${FIRST_NAME}{% endif %}`,
    preheader: "Un cadeau à trouver, une envie à suivre, ou le simple plaisir de flâner.",
    title: "La porte est ouverte",
    intro:
      "Un peu de temps a passé depuis votre première commande. Un cadeau à trouver, une envie à suivre, ou le simple " +
      "plaisir de flâner : entrez quand vous voudrez.",
    before: "La dernière fois, vous aviez choisi :",
    action: "Entrer dans la boutique",
    note: "Une question sur votre commande ? Répondez à cet e-mail : une personne de notre équipe vous répondra.",
  },
} as const;

function text(language: Language): EmailText {
  const copy = typeset(COPY[language], language);
  return plainLetter(copy, language, [
    `{% if order.lines.size > 0 %}${paragraph(copy.before)}{% endif %}`,
    orderLines(language),
    button("shop.url", copy.action),
    note(copy.note),
  ]);
}

/** An invitation back for a customer of one order who takes no SMS. */
export const secondPurchaseReminder = {
  key: "second_purchase_reminder",
  channel: "email",
  version: 1,
  class: "marketing",
  needs: [],
  texts: { en: text("en"), fr: text("fr") },
} as const satisfies EmailContent;
