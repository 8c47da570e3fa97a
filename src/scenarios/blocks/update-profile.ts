import * as z from "zod";
import type { Cell } from "../../segments/facts";
import { isTimezone } from "../../shared/wall-time";
import { block } from "../block";

const text = z.string().trim().min(1).max(200).nullable();

/** Who somebody is, what they agreed to and what they chose have ways of their own. */
const RESERVED =
  /^(id|user_?id|email|phone|consent.*|preferences|topics|hidden|optin|birth_?date|birthday|__proto__)$/i;

const attributeName = z
  .string()
  .min(1)
  .max(80)
  .refine((name) => !RESERVED.test(name), "is not an attribute that a scenario may set");

const params = z
  .strictObject({
    /** What is left out stays, null takes a value away. */
    fields: z
      .strictObject({
        first_name: text,
        last_name: text,
        civility: text,
        language: z
          .string()
          .regex(/^[a-z]{2}$/, "is not a language of two small letters")
          .nullable(),
        country: z
          .string()
          .regex(/^[A-Z]{2}$/, "is not a country of two capital letters")
          .nullable(),
        timezone: z.string().max(80).refine(isTimezone, "is not a time zone such as Europe/Paris").nullable(),
      })
      .partial()
      .default({}),
    attributes: z.record(attributeName, z.union([z.string().max(500), z.number(), z.boolean(), z.null()])).default({}),
    /** Attributes that take their value from a property of the event that began the run. */
    from_event: z.record(attributeName, z.string().min(1).max(80)).default({}),
  })
  .refine(
    ({ fields, attributes, from_event: told }) =>
      Object.keys({ ...fields, ...attributes, ...told }).length > 0 &&
      Object.keys({ ...attributes, ...told }).length <= 50,
    "changes nothing, or more than 50 attributes",
  );

function told(names: Readonly<Record<string, string>>, about: Readonly<Record<string, Cell>> = {}) {
  const known = Object.entries(names).filter(([, property]) => Object.hasOwn(about, property));
  return Object.fromEntries(known.map(([attribute, property]) => [attribute, about[property]]));
}

export const updateProfile = block({
  category: "action",
  title: { en: "Update the profile", fr: "Mettre à jour le profil" },
  icon: "✎",
  params,
  outputs: ["next"],
  example: { fields: { language: "fr" }, attributes: { club: "gold" }, from_event: {} },
  describe({ fields, attributes, from_event: copied }, language) {
    const names = Object.keys({ ...fields, ...attributes, ...copied }).join(", ");
    return language === "fr" ? `Met à jour dans le profil : ${names}.` : `Updates in the profile: ${names}.`;
  },
  traits: () => ({}),
  enter: ({ fields, attributes, from_event: copied }, { run }) => ({
    do: "act",
    act: {
      kind: "update.profile",
      details: { fields, attributes: { ...attributes, ...told(copied, run.about) } },
    },
    after: { do: "go", output: "next" },
  }),
});
