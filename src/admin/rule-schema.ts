import "@hono/zod-openapi";
import * as z from "zod";
import type { Rule } from "../segments/rule";
import { ruleInput } from "../segments/rule";
import { pointersOf } from "../shared/pointer";

/** A rule, in the document by its name: it holds itself. */
export const rule = z
  .custom<Rule>()
  .superRefine((value, context) => {
    const parsed = ruleInput.safeParse(value);
    for (const { pointer, detail } of parsed.success ? [] : pointersOf(parsed.error)) {
      context.addIssue({ code: "custom", path: pointer.split("/").slice(1), message: detail });
    }
  })
  .openapi({ type: "object", $ref: "#/components/schemas/Rule" } as object);
