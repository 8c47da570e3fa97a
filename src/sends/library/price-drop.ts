import { design } from "./design";
import {
  button,
  centred,
  copy,
  display,
  field,
  greeting,
  letter,
  need,
  note,
  sheet,
  signature,
  title,
  when,
} from "./parts";

const NAME = '{{ product.name | truncate: 70, "…" }}';
const PRICE = "{{ product.price | money: product.currency }}";
const WAS = "{{ product.was | money: product.currency }}";

/** Something that was liked costs less. */
export const priceDrop = design(
  {
    key: "price_drop",
    title: { en: "Price drop", fr: "Baisse de prix" },
    purpose: {
      en: "Tells that a product somebody follows costs less now.",
      fr: "Signale qu’un produit suivi coûte désormais moins cher.",
    },
  },
  {
    en: {
      subject: `${NAME} costs less now`,
      preheader: "The price of something you follow has come down.",
      title: "The price has come down",
      intro: "Something that you follow costs less than it did.",
      before: `instead of <s>${WAS}</s>`,
      action: "See it",
      note: "The price is as of the moment at which this letter was written; what the shop shows counts.",
    },
    fr: {
      subject: `${NAME} : le prix a baissé`,
      preheader: "Un article que vous suivez coûte moins cher.",
      title: "Le prix a baissé",
      intro: "Un article que vous suivez coûte moins cher qu’avant.",
      before: `au lieu de <s>${WAS}</s>`,
      action: "Voir l’article",
      note: "Le prix est celui du moment où cette lettre a été écrite ; celui de la boutique fait foi.",
    },
  },
  (words, language) =>
    letter(language, [
      need("product.price", "drop", [
        sheet([title(words.title), greeting(language), copy(words.intro)]),
        field([centred(NAME), display(PRICE), when("product.was", [centred(words.before)])]),
        sheet([button("product.url | default: shop.url", words.action), note(words.note)]),
      ]),
      signature(language),
    ]),
);
