import * as z from "zod";
import { condition } from "../condition";
import { yesOrNo } from "../operators";

const params = z.strictObject({ channel: z.enum(["email", "sms"]) });

/** Whether there is a verified address to write to on a channel. */
export const address = condition({
  params,
  describe({ channel }, language) {
    const words =
      channel === "email"
        ? { en: "an email address", fr: "une adresse e-mail" }
        : { en: "a mobile number", fr: "un numéro de mobile" };
    return language === "fr" ? `a ${words.fr}` : `has ${words.en}`;
  },
  test: (facts, { channel }) => (channel === "email" ? facts.profile.email : facts.profile.phone) !== null,
  sql: ({ channel }) => (channel === "email" ? "c.email IS NOT NULL" : "c.phone IS NOT NULL"),
  found: (facts, { channel }, _moment, language) =>
    yesOrNo((channel === "email" ? facts.profile.email : facts.profile.phone) !== null, language),
  weight: 1,
  example: { channel: "sms" },
});
