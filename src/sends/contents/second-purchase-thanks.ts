import type { Language } from "../../shared/language";
import type { EmailContent, EmailText } from "../content";
import { button, FIRST_NAME, greeting, orderLines, paragraph, points, signature, title, typeset } from "./blocks";
import { letter } from "./layout";

const COPY = {
  en: {
    subject: `Thank you{% if contact.first_name %}, ${FIRST_NAME}{% endif %}, and what comes next`,
    preheader: "A word about your first order, and about the next chapters.",
    title: "Thank you for choosing us",
    intro:
      "Your first order{% if order %} of {{ order.placed_at | date }}{% endif %} means a great deal to us. " +
      "We hope it has found its place with you.",
    next: "What comes next:",
    points: [
      {
        title: "If something is not quite right",
        text: "Reply to this email. Someone on our team will read it, and we will put it right together.",
      },
      {
        title: "Being a regular",
        text: "Coming back deserves a thank you. We will soon write to you about our loyalty programme.",
      },
      {
        title: "Introducing a friend",
        text: "You may know somebody who would like it here. We will soon explain how to invite them.",
      },
    ],
    action: "Look around the shop",
  },
  fr: {
    subject: `Merci{% if contact.first_name %}, ${FIRST_NAME}{% endif %}. Et maintenant ?`,
    preheader: "Un mot sur votre première commande, et sur la suite.",
    title: "Merci de nous avoir choisis",
    intro:
      "Votre première commande{% if order %} du {{ order.placed_at | date }}{% endif %} compte beaucoup pour nous. " +
      "Nous espérons qu’elle a trouvé sa place chez vous.",
    next: "Et pour la suite :",
    points: [
      {
        title: "Si quelque chose ne va pas",
        text: "Répondez à cet e-mail : quelqu’un de notre équipe le lira, et nous trouverons une solution ensemble.",
      },
      {
        title: "Revenir nous voir",
        text: "La fidélité mérite un merci. Nous vous parlerons bientôt du programme que nous lui consacrons.",
      },
      {
        title: "Parrainer un proche",
        text: "Vous connaissez peut-être quelqu’un qui se plairait ici. Nous vous dirons bientôt comment l’inviter.",
      },
    ],
    action: "Faire un tour à la boutique",
  },
} as const;

/** The letter itself, which also goes out under another subject. */
export function thanksHtml(language: Language): string {
  const copy = typeset(COPY[language], language);
  return letter(language, [
    title(copy.title),
    greeting(language),
    paragraph(copy.intro),
    orderLines(language),
    paragraph(copy.next),
    points(copy.points, true),
    button("shop.url", copy.action),
    signature(language),
  ]);
}

function text(language: Language): EmailText {
  const { subject, preheader } = typeset(COPY[language], language);
  return { subject, preheader, html: thanksHtml(language) };
}

/** Thanks for the first order, what comes next, a first word about loyalty and sponsorship. Promises no gift. */
export const secondPurchaseThanks = {
  key: "second_purchase_thanks",
  channel: "email",
  version: 1,
  class: "marketing",
  needs: [],
  texts: { en: text("en"), fr: text("fr") },
} as const satisfies EmailContent;
