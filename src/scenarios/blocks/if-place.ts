import * as z from "zod";
import { distance } from "../../segments/conditions/distance";
import type { Rule } from "../../segments/rule";
import { askBlock } from "./ask";

const country = z.string().regex(/^[A-Z]{2}$/, "is not a country by its two letters, such as FR");

const params = z
  .strictObject({
    countries: z.array(country).min(1).max(50).optional(),
    /** A store, a place or the nearest store, and how far from it at most. */
    near: (distance.params as z.ZodType<Readonly<Record<string, unknown>>>).optional(),
  })
  .refine(
    ({ countries, near }) => countries !== undefined || near !== undefined,
    "names neither countries nor a place",
  );

function ruleOf({ countries, near }: z.output<typeof params>): Rule {
  return {
    all: [
      ...(countries ? [{ type: "contact", field: "country", op: "in", value: countries }] : []),
      ...(near ? [{ ...near, type: "distance" }] : []),
    ],
  };
}

export const ifPlace = askBlock({
  title: { en: "If the contact lives there", fr: "Si le contact habite là" },
  icon: "⌖",
  params,
  rule: ruleOf,
  example: { countries: ["FR", "BE"], near: { to: "nearest", within_km: 20 } },
});
