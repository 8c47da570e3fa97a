import * as z from "zod";
import { describeRule } from "../../segments/describe";
import { ruleInput } from "../../segments/rule";
import type { Target } from "../../segments/target";
import { durationInWords, durationMs } from "../../shared/duration";
import type { Language } from "../../shared/language";
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

/** `every 6 hours`, `toutes les 6 heures`, `chaque jour`. */
function oftenInWords(ms: number, language: Language): string {
  const time = durationInWords(ms, language);
  const one = time.replace(/^1 /, "");
  const isOne = one !== time && !/\d/.test(one);
  if (language === "en") return `every ${isOne ? one : time}`;
  return isOne ? `chaque ${one}` : `${/^\d+ jour/.test(time) ? "tous" : "toutes"} les ${time}`;
}

export const startTargeting = block({
  category: "start",
  title: { en: "When a contact matches a target", fr: "Quand un contact correspond à une cible" },
  icon: "◎",
  params,
  outputs: ["next"],
  example: { rule: { type: "orders.count", op: "eq", value: 1 }, every: "P1D" },
  describe({ rule, every }, language, terms) {
    const often = oftenInWords(durationMs(every), language);
    return language === "fr"
      ? `Démarre pour chaque contact qui ${describeRule(rule, "fr", terms)} ; la cible est recalculée ${often}.`
      : `Starts for every contact who ${describeRule(rule, "en", terms)}; the target is computed ${often}.`;
  },
  traits: () => ({}),
  trigger: ({ every }) => ({ kind: "targeting", everyMs: durationMs(every) }),
  enter: () => ({ do: "go", output: "next" }),
});
