import { design } from "./design";
import {
  button,
  centred,
  centredNote,
  code,
  copy,
  display,
  FIRST_NAME,
  field,
  greeting,
  letter,
  recommendations,
  sheet,
  signature,
  title,
  when,
} from "./parts";

/** A birthday, with a present where its run was given one. */
export const birthday = design(
  {
    key: "birthday",
    title: { en: "Birthday", fr: "Anniversaire" },
    purpose: {
      en: "Wishes a happy birthday; shows a coupon where one was issued.",
      fr: "Souhaite un bon anniversaire ; montre un bon s’il a été émis.",
    },
  },
  {
    en: {
      subject: `Happy birthday{% if contact.first_name %}, ${FIRST_NAME}{% endif %}`,
      preheader: "A thought for you on your day.",
      title: "Happy birthday",
      intro: "Today is yours. All of us at {{ shop.name }} wish you a good year, with time for what you love.",
      gift: "A little something",
      until: "Good until {{ coupon.until | date }}. Type it in before you pay.",
      action: "Find myself a present",
    },
    fr: {
      subject: `Bon anniversaire{% if contact.first_name %}, ${FIRST_NAME}{% endif %}`,
      preheader: "Une pensée pour vous en ce jour.",
      title: "Bon anniversaire",
      intro:
        "Cette journée est la vôtre. Toute l’équipe de {{ shop.name }} vous souhaite une belle année, avec du temps pour ce que vous aimez.",
      gift: "Une petite attention",
      until: "Valable jusqu’au {{ coupon.until | date }}. À saisir avant de payer.",
      action: "Me faire plaisir",
    },
  },
  (words, language) =>
    letter(language, [
      sheet([title(words.title), greeting(language), copy(words.intro)]),
      when("coupon", [
        field([display("✦"), centred(words.gift), code(), when("coupon.until", [centredNote(words.until)])]),
      ]),
      sheet([button("shop.url", words.action)]),
      recommendations(language),
      signature(language),
    ]),
);
