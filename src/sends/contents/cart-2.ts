import type { Language } from "../../shared/language";
import type { EmailContent, EmailText } from "../content";
import { button, cartLines, points, typeset } from "./blocks";
import { plainLetter } from "./plain-letter";

const COPY = {
  en: {
    subject: "Delivery, returns, questions: before you order",
    preheader: "What people ask us most often about their basket.",
    title: "Take your time",
    intro: "A basket can wait. If it was a practical question that made you hesitate, here are the answers.",
    points: [
      {
        title: "Delivery",
        text: "Costs and times for your address are shown before you pay. The last page holds no surprise.",
      },
      {
        title: "Returns",
        text: "You have at least 14 days from the day your parcel arrives to change your mind.",
      },
      {
        title: "A question",
        text: "Reply to this email. Someone on our team will read it and write back to you.",
      },
    ],
    action: "See my basket",
  },
  fr: {
    subject: "Livraison, retours, questions : avant de commander",
    preheader: "Ce que l’on nous demande le plus souvent avant de valider un panier.",
    title: "Prenez votre temps",
    intro: "Un panier peut attendre. Si c’est une question pratique qui vous a fait hésiter, voici les réponses.",
    points: [
      {
        title: "La livraison",
        text: "Les frais et les délais pour votre adresse s’affichent avant le paiement. Pas de surprise à la fin.",
      },
      {
        title: "Les retours",
        text: "Vous avez au moins 14 jours après l’arrivée de votre colis pour changer d’avis.",
      },
      {
        title: "Une question ?",
        text: "Répondez à cet e-mail : une personne de notre équipe le lira et vous écrira.",
      },
    ],
    action: "Voir mon panier",
  },
} as const;

function text(language: Language): EmailText {
  const copy = typeset(COPY[language], language);
  return plainLetter(copy, language, [points(copy.points), cartLines(language, 3), button("cart.url", copy.action)]);
}

/** Second reminder: what usually stands between a cart and an order. Promises only what consumer law does. */
export const cart2 = {
  key: "cart_2",
  channel: "email",
  version: 1,
  class: "marketing",
  needs: ["cart"],
  texts: { en: text("en"), fr: text("fr") },
} as const satisfies EmailContent;
