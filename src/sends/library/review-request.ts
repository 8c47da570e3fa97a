import { design } from "./design";
import { button, copy, greeting, letter, need, note, orderRows, sheet, signature, title } from "./parts";

/** A word on what was bought. */
export const reviewRequest = design(
  {
    key: "review_request",
    needs: ["order"],
    title: { en: "Review request", fr: "Demande d’avis" },
    purpose: { en: "Asks for a review of what was bought.", fr: "Demande un avis sur ce qui a été acheté." },
  },
  {
    en: {
      subject: "What do you think of your order?",
      preheader: "A few words help others to choose.",
      title: "What do you think of it?",
      intro: "By now you have had time to live with it. A few honest words help others to choose, and us to do better.",
      action: "Write a review",
      note: "Good or bad, every review is published as it was written, once we know that it comes from an order.",
    },
    fr: {
      subject: "Que pensez-vous de votre commande ?",
      preheader: "Quelques mots aident les autres à choisir.",
      title: "Qu’en pensez-vous ?",
      intro:
        "Vous avez eu le temps de faire connaissance. Quelques mots sincères aident les autres à choisir, et nous à progresser.",
      action: "Écrire un avis",
      note: "Bon ou mauvais, chaque avis est publié tel quel, une fois vérifié qu’il vient d’une commande.",
    },
  },
  (words, language) =>
    letter(language, [
      need("link.review", "drop", [
        sheet([
          title(words.title),
          greeting(language),
          copy(words.intro),
          orderRows(language, false),
          button("link.review", words.action),
          note(words.note),
        ]),
      ]),
      signature(language),
    ]),
);
