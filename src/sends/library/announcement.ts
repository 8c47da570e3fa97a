import { design } from "./design";
import { button, copy, field, greeting, heading, letter, note, sheet, signature, store, title } from "./parts";

/** One piece of news, such as other opening hours. */
export const announcement = design(
  {
    key: "announcement",
    title: { en: "Announcement", fr: "Annonce" },
    purpose: {
      en: "One piece of news, with the reader’s shop.",
      fr: "Une seule nouvelle, avec la boutique du lecteur.",
    },
  },
  {
    en: {
      subject: "Something new at {{ shop.name }}",
      preheader: "What changes, and from when.",
      title: "Something is changing",
      intro:
        "We would like you to hear it from us first. From next month on, our shops are open on Saturdays until eight in the evening.",
      points: [
        "In short",
        "The same teams, the same advice, two hours more. Orders by noon still leave on the same day.",
      ],
      action: "All opening hours",
      note: "A question about it? Reply to this email.",
    },
    fr: {
      subject: "Du nouveau chez {{ shop.name }}",
      preheader: "Ce qui change, et à partir de quand.",
      title: "Quelque chose change",
      intro:
        "Nous tenions à vous le dire en premier. Dès le mois prochain, nos boutiques restent ouvertes le samedi jusqu’à vingt heures.",
      points: [
        "En bref",
        "Les mêmes équipes, les mêmes conseils, deux heures de plus. Les commandes d’avant midi partent toujours le jour même.",
      ],
      action: "Tous les horaires",
      note: "Une question ? Répondez à cet e-mail.",
    },
  },
  (words, language) =>
    letter(language, [
      sheet([title(words.title), greeting(language), copy(words.intro)]),
      field([heading(words.points[0] ?? ""), copy(words.points[1] ?? "")]),
      sheet([button("shop.url", words.action), note(words.note)]),
      store(language),
      signature(language),
    ]),
);
