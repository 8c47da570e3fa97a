import { design } from "./design";
import {
  button,
  copy,
  FIRST_NAME,
  field,
  greeting,
  heading,
  letter,
  recommendations,
  sheet,
  signature,
  title,
} from "./parts";

/** The first letter after a subscription or an account. */
export const welcome = design(
  {
    key: "welcome",
    title: { en: "Welcome", fr: "Bienvenue" },
    purpose: {
      en: "Greets a new subscriber and says what to expect.",
      fr: "Accueille un nouvel inscrit et dit ce qui l’attend.",
    },
  },
  {
    en: {
      subject: `Welcome{% if contact.first_name %}, ${FIRST_NAME}{% endif %}`,
      preheader: "Who we are, and what we will write to you about.",
      title: "We are glad that you are here",
      intro:
        "Thank you for joining {{ shop.name }}. You will hear from us when there is something worth your time, and you choose how often.",
      points: [
        ["New things first", "What arrives in the shop, before anybody else sees it."],
        ["Written by people", "Reply to any of our letters: somebody reads it and writes back."],
        [
          "Your choice",
          "What we may write about, and how often, is set in your preferences at the foot of this letter.",
        ],
      ],
      action: "Discover the shop",
    },
    fr: {
      subject: `Bienvenue{% if contact.first_name %}, ${FIRST_NAME}{% endif %}`,
      preheader: "Qui nous sommes, et ce que nous vous écrirons.",
      title: "Ravis de vous compter parmi nous",
      intro:
        "Merci d’avoir rejoint {{ shop.name }}. Nous vous écrirons quand cela en vaut la peine, et c’est vous qui choisissez à quel rythme.",
      points: [
        ["Les nouveautés d’abord", "Ce qui arrive en boutique, avant tout le monde."],
        ["Écrit par des personnes", "Répondez à nos lettres : quelqu’un les lit et vous répond."],
        ["À votre rythme", "Les sujets et la fréquence se règlent dans vos préférences, au bas de cette lettre."],
      ],
      action: "Découvrir la boutique",
    },
  },
  (words, language) =>
    letter(language, [
      sheet([title(words.title), greeting(language), copy(words.intro)]),
      field(words.points.flatMap(([head = "", text = ""]) => [heading(head), copy(text)])),
      sheet([button("shop.url", words.action)]),
      recommendations(language),
      signature(language),
    ]),
);
