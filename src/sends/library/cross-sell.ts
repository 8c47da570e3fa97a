import { design } from "./design";
import {
  button,
  copy,
  greeting,
  heading,
  letter,
  need,
  note,
  orderRows,
  rows,
  sheet,
  signature,
  title,
  when,
} from "./parts";

/** What goes with what was bought. */
export const crossSell = design(
  {
    key: "cross_sell",
    title: { en: "Goes with your order", fr: "Va avec votre commande" },
    purpose: {
      en: "Recommendations after a purchase; not sent without any.",
      fr: "Des recommandations après un achat ; n’est pas envoyé s’il n’y en a pas.",
    },
  },
  {
    en: {
      subject: "Made to go together",
      preheader: "A few things that suit what you chose.",
      title: "Made to go together",
      intro: "Some things are better in company. These suit what you chose.",
      yours: "What you chose",
      ours: "What goes with it",
      action: "See more",
      note: "If one of these was a present, forgive the guess: you can tell us so by replying.",
    },
    fr: {
      subject: "Faits pour aller ensemble",
      preheader: "Quelques pièces qui vont avec votre choix.",
      title: "Faits pour aller ensemble",
      intro: "Certaines choses sont plus belles en compagnie. Celles-ci vont avec ce que vous avez choisi.",
      yours: "Ce que vous avez choisi",
      ours: "Ce qui va avec",
      action: "En voir plus",
      note: "S’il s’agissait d’un cadeau, pardonnez-nous : dites-le-nous en répondant.",
    },
  },
  (words, language) =>
    letter(language, [
      need("reco", "drop", [
        sheet([
          title(words.title),
          greeting(language),
          copy(words.intro),
          when("order.lines.size > 0", [heading(words.yours), orderRows(language, false)]),
          heading(words.ours),
          rows(language, {
            list: "reco",
            most: 4,
            address: "line.url | default: shop.url",
            quantity: false,
            priced: true,
          }),
          button("shop.url", words.action),
          note(words.note),
        ]),
      ]),
      signature(language),
    ]),
);
