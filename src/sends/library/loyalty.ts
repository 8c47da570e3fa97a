import { design } from "./design";
import {
  button,
  centred,
  copy,
  display,
  field,
  greeting,
  heading,
  letter,
  need,
  sheet,
  signature,
  store,
  title,
  when,
} from "./parts";

/** Where an account stands, and what of it is about to be lost. */
export const loyalty = design(
  {
    key: "loyalty",
    title: { en: "Loyalty points", fr: "Points de fidélité" },
    purpose: {
      en: "Says how many points there are and which run out; not sent without an account.",
      fr: "Dit combien de points restent et lesquels expirent ; n’est pas envoyé sans compte.",
    },
  },
  {
    en: {
      subject: "You have {{ loyalty.points }} points",
      preheader: "What they are, and until when.",
      title: "Your points",
      intro: "This is where your loyalty account stands today.",
      points: '{{ loyalty.points | plural: "point", "points" }}',
      tier: "Your level: <b>{{ loyalty.tier | capitalize }}</b>",
      soon: [
        "Soon to run out",
        "{{ loyalty.expiring | plural: 'point', 'points' }} will be lost after {{ loyalty.expires_at | date }}. An order before then keeps them of use.",
      ],
      action: "Use my points",
    },
    fr: {
      subject: "Vous avez {{ loyalty.points }} points",
      preheader: "Ce qu’ils valent, et jusqu’à quand.",
      title: "Vos points",
      intro: "Voici où en est votre compte de fidélité aujourd’hui.",
      points: '{{ loyalty.points | plural: "point", "points" }}',
      tier: "Votre niveau : <b>{{ loyalty.tier | capitalize }}</b>",
      soon: [
        "Bientôt perdus",
        "{{ loyalty.expiring | plural: 'point expire', 'points expirent' }} après le {{ loyalty.expires_at | date }}. Une commande d’ici là vous permet d’en profiter.",
      ],
      action: "Utiliser mes points",
    },
  },
  (words, language) =>
    letter(language, [
      need("loyalty", "drop", [
        sheet([title(words.title), greeting(language), copy(words.intro)]),
        field([display(words.points), when("loyalty.tier", [centred(words.tier)])]),
        when("loyalty.expiring > 0 and loyalty.expires_at", [
          sheet([heading(words.soon[0] ?? ""), copy(words.soon[1] ?? "")]),
        ]),
      ]),
      sheet([button("shop.url", words.action)]),
      store(language),
      signature(language),
    ]),
);
