import { design } from "./design";
import {
  button,
  centred,
  code,
  copy,
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

/** A coupon with its end: as a picture that counts down where the brand has one, and as a date in any case. */
export const coupon = design(
  {
    key: "coupon",
    title: { en: "Coupon", fr: "Bon d’achat" },
    purpose: {
      en: "Shows the coupon that its run was given, and until when; not sent without one.",
      fr: "Montre le bon reçu et sa date de fin ; n’est pas envoyé sans bon.",
    },
  },
  {
    en: {
      subject: "This one is for you",
      preheader: "A code of your own, to be used once.",
      title: "For your next order",
      intro: "We have put a code aside for you. It is yours alone and works once.",
      label: "Your code",
      until: "Until {{ coupon.until | date: 'weekday' }}",
      left: "Time left until {{ coupon.until | date }}",
      action: "Use my code",
      note: "Type it in before you pay. It cannot be exchanged for money.",
    },
    fr: {
      subject: "Celui-ci est pour vous",
      preheader: "Un code rien qu’à vous, valable une fois.",
      title: "Pour votre prochaine commande",
      intro: "Nous vous avons mis un code de côté. Il n’est qu’à vous et sert une fois.",
      label: "Votre code",
      until: "Jusqu’au {{ coupon.until | date: 'weekday' }}",
      left: "Temps restant jusqu’au {{ coupon.until | date }}",
      action: "Utiliser mon code",
      note: "À saisir avant de payer. Il n’est pas échangeable contre de l’argent.",
    },
  },
  (words, language) =>
    letter(language, [
      need("coupon.code", "drop", [
        sheet([title(words.title), greeting(language), copy(words.intro)]),
        field([
          centred(words.label),
          code(),
          when("coupon.until", [
            centred(words.until),
            `<mj-raw>{% if brand.countdown %}</mj-raw><mj-image src="{{ brand.countdown }}{{ coupon.until }}" alt="${words.left}" width="300px"/><mj-raw>{% endif %}</mj-raw>`,
          ]),
        ]),
        sheet([button("shop.url", words.action), note(words.note)]),
      ]),
      recommendations(language),
      signature(language),
    ]),
);
