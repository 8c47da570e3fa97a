import type { Words } from "../../shared/language";
import type { Tone } from "./labels";

type Named = Readonly<Record<string, Words & { readonly tone?: Tone }>>;

export const CONTENT_CHANNELS: Named = {
  email: { en: "Email", fr: "E-mail" },
  sms: { en: "SMS", fr: "SMS" },
  push: { en: "Push", fr: "Push" },
  wallet: { en: "Wallet pass", fr: "Carte wallet" },
  print: { en: "Print", fr: "Courrier" },
};

export const CONTENT_CLASSES: Named = {
  marketing: { en: "Marketing", fr: "Marketing" },
  transactional: { en: "Transactional", fr: "Transactionnel" },
};

export const CONTENT_ORIGINS: Named = {
  starter: { en: "Comes with the product", fr: "Fourni avec le produit" },
  own: { en: "Your own", fr: "Le vôtre" },
};

export const CONTENT_PEOPLE: Named = {
  typical: { en: "Typical contact", fr: "Contact typique" },
  emptiest: { en: "Emptiest contact", fr: "Contact le plus vide" },
  longest: { en: "Longest names", fr: "Noms les plus longs" },
};

export const CONTENT_NEEDS: Named = {
  cart: { en: "a cart", fr: "un panier" },
  order: { en: "an order", fr: "une commande" },
};

export const CONTENT_FIELDS: Named = {
  subject: { en: "Subject", fr: "Objet" },
  preheader: { en: "Preheader", fr: "En-tête (préheader)" },
  title: { en: "Title", fr: "Titre" },
  body: { en: "Text", fr: "Texte" },
  url: { en: "Where a tap leads (a page of your shop)", fr: "Où mène un appui (une page de votre boutique)" },
};
