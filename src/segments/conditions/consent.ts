import * as z from "zod";
import { CONSENT_KEYS, isGranted } from "../../contacts/consent";
import { condition } from "../condition";

const params = z.strictObject({ key: z.enum(CONSENT_KEYS) });

const WORDS = {
  email: { en: "email", fr: "les e-mails" },
  sms: { en: "text messages", fr: "les SMS" },
  push: { en: "push messages", fr: "les notifications" },
  tracking: { en: "tracking", fr: "la mesure de l’audience" },
  profiling: { en: "profiling", fr: "le profilage" },
  partner: { en: "news from partners", fr: "les offres de partenaires" },
} as const;

/** Whether the contact has agreed, with proof, and not withdrawn since. */
export const consent = condition({
  params,
  describe: ({ key }, language) => (language === "fr" ? `accepte ${WORDS[key].fr}` : `agrees to ${WORDS[key].en}`),
  test: (facts, { key }) => isGranted(facts.profile.consents, key),
  sql: ({ key }) => ({ text: "json_extract(c.consents, ?) = 'granted'", values: [`$.${key}.state`] }),
  example: { key: "sms" },
});
