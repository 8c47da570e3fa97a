import type * as z from "zod";
import { describeRule } from "../../segments/describe";
import type { Rule } from "../../segments/rule";
import { testRule } from "../../segments/rule";
import type { Words } from "../../shared/language";
import type { BlockDefinition } from "../block";
import { block } from "../block";

/** A block that asks a rule of the contact and goes one of two ways; every such block is made of this. */
export function askBlock<Params>(about: {
  readonly title: Words;
  readonly icon: string;
  readonly params: z.ZodType<Params>;
  readonly rule: (params: Params) => Rule;
  readonly example: Params;
}): BlockDefinition<unknown> {
  const { rule, ...rest } = about;
  return block<z.ZodType<Params>>({
    ...rest,
    category: "filter",
    outputs: ["yes", "no"],
    describe: (params, language, terms) =>
      language === "fr"
        ? `Vérifie si le contact ${describeRule(rule(params), "fr", terms)}.`
        : `Checks whether the contact ${describeRule(rule(params), "en", terms)}.`,
    traits: (params) => ({ asks: [rule(params)] }),
    enter: (params, { facts, at }) => ({ do: "go", output: testRule(rule(params), facts, at) ? "yes" : "no" }),
  });
}
