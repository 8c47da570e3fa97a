import * as z from "zod";
import type { Rule } from "../../segments/rule";
import { testRule } from "../../segments/rule";
import { block } from "../block";

const key = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, "must be a lower-case letter followed by letters, digits and _");

const params = z.strictObject({
  /** An exclusive family of segments. */
  family: key,
  /** The segments that have a way of their own; whoever is in none of them takes the way out `other`. */
  segments: z
    .array(key.refine((name) => name !== "other", "is the name of the way for everybody else"))
    .min(1)
    .max(20),
});

type Params = z.output<typeof params>;

function ruleOf({ family }: Params, segment: string): Rule {
  return { type: "segment", family, segment };
}

export const switchSegment = block({
  category: "filter",
  title: { en: "Go by segment", fr: "Aiguiller par segment" },
  icon: "⑃",
  params,
  outputs: ({ segments }) => [...segments, "other"],
  ways: ({ family, segments }, language, terms) =>
    Object.fromEntries(
      segments.map((segment) => {
        const quoted = language === "fr" ? `« ${segment} »` : `“${segment}”`;
        return [segment, terms?.segment?.(family, segment)?.[language] ?? quoted];
      }),
    ),
  example: { family: "rfm", segments: ["champions", "loyal"] },
  describe({ family, segments }, language) {
    const names = segments.map((segment) => (language === "fr" ? `« ${segment} »` : `“${segment}”`)).join(", ");
    return language === "fr"
      ? `Aiguille par le segment de « ${family} » : ${names}, ou autre.`
      : `Goes by the contact’s segment in “${family}”: ${names}, or other.`;
  },
  traits: (parameters) => ({ asks: parameters.segments.map((segment) => ruleOf(parameters, segment)) }),
  enter: (parameters, { facts, at }) => ({
    do: "go",
    output: parameters.segments.find((segment) => testRule(ruleOf(parameters, segment), facts, at)) ?? "other",
  }),
});
