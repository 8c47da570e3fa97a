import * as z from "zod";
import { describeRule } from "../../segments/describe";
import { ruleInput, testRule } from "../../segments/rule";
import { block } from "../block";

const params = z.strictObject({ rule: ruleInput });

export const ifTargeting = block({
  category: "filter",
  title: { en: "If the contact matches", fr: "Si le contact correspond" },
  icon: "⑂",
  params,
  outputs: ["yes", "no"],
  example: { rule: { type: "orders.count", op: "gte", value: 2 } },
  describe: ({ rule }, language, terms) =>
    language === "fr"
      ? `Vérifie si le contact ${describeRule(rule, "fr", terms)}.`
      : `Checks whether the contact ${describeRule(rule, "en", terms)}.`,
  traits: ({ rule }) => ({ asks: [rule] }),
  enter: ({ rule }, { facts, at }) => ({ do: "go", output: testRule(rule, facts, at) ? "yes" : "no" }),
});
