import * as z from "zod";
import { ruleInput } from "../../segments/rule";
import { askBlock } from "./ask";

export const ifTargeting = askBlock({
  title: { en: "If the contact matches", fr: "Si le contact correspond" },
  icon: "⑂",
  params: z.strictObject({ rule: ruleInput }),
  rule: ({ rule }) => rule,
  example: { rule: { type: "orders.count", op: "gte", value: 2 } },
});
