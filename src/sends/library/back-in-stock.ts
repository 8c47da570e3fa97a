import { design } from "./design";
import {
  button,
  centredNote,
  copy,
  display,
  field,
  greeting,
  letter,
  need,
  note,
  recommendations,
  sheet,
  signature,
  title,
  when,
} from "./parts";

const NAME = '{{ product.name | truncate: 70, "…" }}';

/** Something that was waited for can be had again. */
export const backInStock = design(
  {
    key: "back_in_stock",
    title: { en: "Back in stock", fr: "De retour en stock" },
    purpose: {
      en: "Tells who waited for a product that it is back; not sent without it.",
      fr: "Prévient qui attendait un produit de son retour ; n’est pas envoyé sans lui.",
    },
  },
  {
    en: {
      subject: `${NAME} is back`,
      preheader: "You asked us to tell you. It is here again.",
      title: "It is back",
      intro: "You wanted to know when it would be here again. It is, as of today.",
      few: "Only {{ product.stock }} left at the moment.",
      action: "See it",
      note: "We cannot put it aside for you, so that everybody who waited has the same chance.",
    },
    fr: {
      subject: `De retour : ${NAME}`,
      preheader: "Vous nous aviez demandé de vous prévenir. C’est fait.",
      title: "Il est de retour",
      intro: "Vous vouliez savoir quand cet article reviendrait. C’est aujourd’hui.",
      few: "Il en reste {{ product.stock }} pour le moment.",
      action: "Voir l’article",
      note: "Nous ne pouvons pas vous le réserver, afin que chacun ait la même chance.",
    },
  },
  (words, language) =>
    letter(language, [
      need("product", "drop", [
        sheet([title(words.title), greeting(language), copy(words.intro)]),
        field([display(NAME), when("product.stock > 0 and product.stock < 10", [centredNote(words.few)])]),
        sheet([button("product.url | default: shop.url", words.action), note(words.note)]),
      ]),
      recommendations(language),
      signature(language),
    ]),
);
