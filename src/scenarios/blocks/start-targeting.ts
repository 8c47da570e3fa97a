import * as z from "zod";
import { describeRule } from "../../segments/describe";
import { ruleInput } from "../../segments/rule";
import type { Target } from "../../segments/target";
import { durationInWords, durationMs } from "../../shared/duration";
import { block } from "../block";
import { durationInput } from "../definition";

const params = z.strictObject({
  rule: ruleInput,
  every: durationInput.default("P1D"),
  /** Profiles that are not active as well. */
  everybody: z.boolean().optional(),
});

/** The target of a start on targeting, for whoever looks for the contacts. */
export function startTarget(parameters: unknown): Target {
  return params.parse(parameters);
}

export const startTargeting = block({
  category: "start",
  title: { en: "When a contact matches a target", fr: "Quand un contact correspond à une cible" },
  icon: "◎",
  params,
  outputs: ["next"],
  example: { rule: { type: "orders.count", op: "eq", value: 1 }, every: "P1D" },
  describe({ rule, every }, language) {
    const time = durationInWords(durationMs(every), language);
    return language === "fr"
      ? `Démarre pour chaque contact qui ${describeRule(rule, "fr")} ; la cible est recalculée tous les ${time}.`
      : `Starts for every contact who ${describeRule(rule, "en")}; the target is computed every ${time}.`;
  },
  traits: () => ({}),
  trigger: ({ every }) => ({ kind: "targeting", everyMs: durationMs(every) }),
  enter: () => ({ do: "go", output: "next" }),
});
