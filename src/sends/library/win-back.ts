import { design } from "./design";
import {
  button,
  centred,
  centredNote,
  code,
  copy,
  FIRST_NAME,
  field,
  greeting,
  letter,
  note,
  recommendations,
  sheet,
  signature,
  title,
  when,
} from "./parts";

/** A word to whoever has not been seen for long. */
export const winBack = design(
  {
    key: "win_back",
    title: { en: "Win-back", fr: "Reconquête" },
    purpose: {
      en: "Writes to who has not bought for long; offers to write less often.",
      fr: "Écrit à qui n’a pas acheté depuis longtemps ; propose d’écrire moins souvent.",
    },
  },
  {
    en: {
      subject: `{% if contact.first_name %}${FIRST_NAME}, it{% else %}It{% endif %} has been a while`,
      preheader: "A few things have changed since your last visit.",
      title: "It has been a while",
      intro:
        "{% if order %}Your last order with us was on {{ order.placed_at | date }}. {% endif %}Much has come in since then, and we would be glad to show it to you.",
      gift: "To come back with",
      until: "Good until {{ coupon.until | date }}.",
      action: "See what is new",
      note: "Would you rather hear from us less often? Your preferences at the foot of this letter let you choose.",
    },
    fr: {
      subject: `{% if contact.first_name %}${FIRST_NAME}, cela{% else %}Cela{% endif %} fait longtemps`,
      preheader: "Quelques choses ont changé depuis votre dernière visite.",
      title: "Vous nous manquez",
      intro:
        "{% if order %}Votre dernière commande chez nous date du {{ order.placed_at | date }}. {% endif %}Bien des choses sont arrivées depuis, et nous serions heureux de vous les montrer.",
      gift: "Pour votre retour",
      until: "Valable jusqu’au {{ coupon.until | date }}.",
      action: "Voir les nouveautés",
      note: "Vous préférez nous lire moins souvent ? Vos préférences, au bas de cette lettre, vous laissent choisir.",
    },
  },
  (words, language) =>
    letter(language, [
      sheet([title(words.title), greeting(language), copy(words.intro)]),
      when("coupon", [field([centred(words.gift), code(), when("coupon.until", [centredNote(words.until)])])]),
      sheet([button("shop.url", words.action), note(words.note)]),
      recommendations(language),
      signature(language),
    ]),
);
