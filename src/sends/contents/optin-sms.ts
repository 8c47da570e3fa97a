import type { SmsContent } from "../content";
import { typeset } from "./blocks";

const COPY = {
  en: {
    body: "{{ shop.name }}: your code is {{ link.code }}. Enter it on the page that our email opens. Not you? Ignore this message.",
  },
  fr: {
    body: "{{ shop.name }} : votre code est {{ link.code }}. Saisissez-le sur la page que notre e-mail ouvre. Pas vous ? Ignorez ce message.",
  },
} as const;

/** The confirmation of a phone number: a code, as only a page of the same person's email takes it. */
export const optinSms = {
  key: "optin_sms",
  channel: "sms",
  version: 1,
  class: "transactional",
  needs: [],
  texts: { en: COPY.en, fr: typeset(COPY.fr, "fr") },
} as const satisfies SmsContent;
