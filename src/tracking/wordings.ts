import type { ConsentKey } from "../contacts/consent";
import type { Wording } from "../contacts/proof";
import type { Language, Words } from "../shared/language";

/** What our forms ask for. Push is asked for by the browser itself, where it is wanted. */
export type Asked = Exclude<ConsentKey, "push">;

const TEXTS = {
  email: {
    en: "I would like to receive news and offers from {shop} by email. I can unsubscribe at any time, in one click.",
    fr: "J’accepte de recevoir par e-mail les nouvelles et les offres de {shop}. Je peux me désinscrire à tout moment, en un clic.",
  },
  sms: {
    en: "I would also like to receive offers from {shop} by text message. I can reply STOP at any time.",
    fr: "J’accepte aussi de recevoir par SMS les offres de {shop}. Je peux répondre STOP à tout moment.",
  },
  partner: {
    en: "I agree that {shop} passes my email address on to its partners, who may write to me about their offers.",
    fr: "J’accepte que {shop} transmette mon adresse e-mail à ses partenaires, qui pourront m’écrire au sujet de leurs offres.",
  },
  tracking: {
    en: "I agree that {shop} measures whether I open its messages and follow their links.",
    fr: "J’accepte que {shop} mesure si j’ouvre ses messages et suis leurs liens.",
  },
  profiling: {
    en: "I agree that {shop} uses what I look at and buy to choose what it shows me.",
    fr: "J’accepte que {shop} utilise ce que je regarde et achète pour choisir ce qu’elle me montre.",
  },
} as const satisfies Record<Asked, Words>;

/** The text beside a box, as it is shown and kept. */
export function wordingOf(key: Asked, shop: string, language: Language): Wording {
  const text = TEXTS[key][language].replaceAll("{shop}", shop);
  return { key: `${key}_consent`, language, text };
}

/** True for what our forms can ask for. */
export function isAsked(key: string): key is Asked {
  return Object.hasOwn(TEXTS, key);
}

export const ASKED = Object.keys(TEXTS) as readonly Asked[];

/** What the hosted form offers, in its order. */
export const OFFERED = ["email", "sms", "partner"] as const satisfies readonly Asked[];
