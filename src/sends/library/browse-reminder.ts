import { design } from "./design";
import { button, copy, greeting, letter, need, note, recommendations, rows, sheet, signature, title } from "./parts";

/** What somebody looked at without putting it in the cart. */
export const browseReminder = design(
  {
    key: "browse_reminder",
    title: { en: "Browsed products", fr: "Produits consultés" },
    purpose: {
      en: "Shows the products that were looked at last; not sent without any.",
      fr: "Montre les derniers produits consultés ; n’est pas envoyé s’il n’y en a pas.",
    },
  },
  {
    en: {
      subject: "Another look at what caught your eye",
      preheader: "The things you looked at, all in one place.",
      title: "Another look?",
      intro: "You took a moment over these the other day. Here they are again, with today’s prices.",
      action: "Go on looking",
      note: "You see these because you looked at them while signed in to our shop.",
    },
    fr: {
      subject: "Ce que vous avez regardé, en un coup d’œil",
      preheader: "Les articles que vous avez consultés, réunis ici.",
      title: "Encore un regard ?",
      intro: "Ils ont retenu votre regard l’autre jour. Les revoici, aux prix d’aujourd’hui.",
      action: "Reprendre ma visite",
      note: "Vous les voyez parce que vous les avez consultés dans notre boutique depuis votre compte.",
    },
  },
  (words, language) =>
    letter(language, [
      need("viewed", "drop", [
        sheet([
          title(words.title),
          greeting(language),
          copy(words.intro),
          rows(language, {
            list: "viewed",
            most: 4,
            address: "line.url | default: shop.url",
            quantity: false,
            priced: true,
          }),
          button("shop.url", words.action),
          note(words.note),
        ]),
      ]),
      recommendations(language),
      signature(language),
    ]),
);
