import type { Language } from "../../shared/language";
import type { EmailContent, EmailText } from "../content";
import { button, note, typeset } from "./blocks";
import { plainLetter } from "./plain-letter";

const COPY = {
  en: {
    subject: "Please confirm your subscription to {{ shop.name }}",
    preheader: "One click, and it is really you who subscribed.",
    title: "One last step",
    intro:
      "Somebody, most likely you, has just asked for news from {{ shop.name }} to be sent to this address. " +
      "Please confirm that it was you.",
    action: "Confirm my subscription",
    note:
      "The link works for seven days. If it was not you, there is nothing to do: without your confirmation we " +
      "will not write to you again, and this request is erased after 30 days.",
  },
  fr: {
    subject: "Confirmez votre inscription chez {{ shop.name }}",
    preheader: "Un clic, et nous savons que c’est bien vous.",
    title: "Une dernière étape",
    intro:
      "Quelqu’un, sans doute vous, vient de demander à recevoir les nouvelles de {{ shop.name }} à cette adresse. " +
      "Confirmez-nous que c’était bien vous.",
    action: "Confirmer mon inscription",
    note:
      "Le lien est valable sept jours. Si ce n’était pas vous, vous n’avez rien à faire : sans confirmation, nous " +
      "ne vous écrirons plus, et cette demande sera effacée au bout de 30 jours.",
  },
} as const;

function text(language: Language): EmailText {
  const copy = typeset(COPY[language], language);
  return plainLetter(copy, language, [button("link.optin", copy.action), note(copy.note)], "transactional");
}

/** The confirmation of a double opt-in. It carries no advertising, by law: no product, no offer, no invitation. */
export const optinEmail = {
  key: "optin_email",
  channel: "email",
  version: 1,
  class: "transactional",
  needs: [],
  texts: { en: text("en"), fr: text("fr") },
} as const satisfies EmailContent;
