import type * as z from "zod";
import { attribute } from "../../segments/conditions/attribute";
import { describeRule } from "../../segments/describe";
import type { Rule } from "../../segments/rule";
import { testRule } from "../../segments/rule";
import { block } from "../block";

const params = attribute.params as z.ZodType<Record<string, unknown>>;

const ruleOf = (parameters: Record<string, unknown>): Rule => ({ ...parameters, type: "attribute" });

export const ifAttribute = block({
  category: "filter",
  title: { en: "If an attribute says so", fr: "Si un attribut le dit" },
  icon: "≟",
  params,
  outputs: ["yes", "no"],
  example: { name: "shoe_size", as: "number", op: "gte", value: 42 },
  describe: (parameters, language, terms) =>
    language === "fr"
      ? `Vérifie si le contact ${describeRule(ruleOf(parameters), "fr", terms)}.`
      : `Checks whether the contact ${describeRule(ruleOf(parameters), "en", terms)}.`,
  traits: (parameters) => ({ asks: [ruleOf(parameters)] }),
  enter: (parameters, { facts, at }) => ({
    do: "go",
    output: testRule(ruleOf(parameters), facts, at) ? "yes" : "no",
  }),
});
