import * as z from "zod";
import { condition } from "../condition";
import { hinted } from "../hint";
import { yesOrNo } from "../shown";

const WORDS = {
  email: { en: "an email address", fr: "une adresse e-mail" },
  sms: { en: "a mobile number", fr: "un numéro de mobile" },
} as const;

const params = z.strictObject({
  channel: hinted(z.enum(["email", "sms"]), { words: { en: "Has", fr: "A" }, choices: WORDS }),
});

/** Whether there is a verified address to write to on a channel. */
export const address = condition({
  title: { en: "Can be reached", fr: "Peut être joint" },
  params,
  describe: ({ channel }, { language }) => (language === "fr" ? `a ${WORDS[channel].fr}` : `has ${WORDS[channel].en}`),
  test: (facts, { channel }) => (channel === "email" ? facts.profile.email : facts.profile.phone) !== null,
  sql: ({ channel }) => (channel === "email" ? "c.email IS NOT NULL" : "c.phone IS NOT NULL"),
  found: (facts, { channel }, _moment, { language }) =>
    yesOrNo((channel === "email" ? facts.profile.email : facts.profile.phone) !== null, language),
  weight: 1,
  example: { channel: "sms" },
});
