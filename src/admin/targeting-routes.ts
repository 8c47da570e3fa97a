import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import type { Why } from "../segments/describe";
import { describeRule, whyRule } from "../segments/describe";
import { lengthFaults } from "../segments/length";
import { ruleFaults } from "../segments/rule";
import type { Target } from "../segments/target";
import { isActive, isKnown, testTarget } from "../segments/target";
import { countTarget } from "../segments/target-store";
import type { Services } from "../services";
import { factsFor } from "../services/targeting";
import { Fault } from "../shared/fault";
import { contactId } from "../shared/ids";
import { LANGUAGES } from "../shared/language";
import type { ServicesFor } from "./api";
import { answer, body, newApi, REFUSALS } from "./api";
import { rowOf } from "./contact-path";
import { rule } from "./rule-schema";

const tags = ["Segments"];
const SAMPLED = 10;

const everybody = z.boolean().optional().openapi({
  description: "Takes the filter of active profiles off: without it only who was seen within three years counts.",
});

const language = z.enum(LANGUAGES).default("en").openapi({ description: "Of the words in the answer." });

export const whySchema = z.custom<Why>().openapi("Why", {
  type: "object",
  description: "The rule's tree: `holds`, `words`; of a group its `parts`, of a condition what was `found`.",
});

const routes = {
  preview: createRoute({
    method: "post",
    path: "/api/segments/preview",
    tags,
    summary: "Count whom a rule matches",
    description: "Nothing is stored. Among active profiles, unless `everybody` is true.",
    request: { body: body(z.strictObject({ rule, everybody, language }).openapi("Target")) },
    responses: {
      200: answer(
        "How many match, how many more who are not active would (`inactive`), some of them, and the milliseconds that the " +
          "database spent on it.",
        z.object({
          count: z.number().int(),
          inactive: z.number().int(),
          sample: z.array(z.string()),
          sql_ms: z.number(),
          words: z.string(),
        }),
      ),
      ...REFUSALS,
    },
  }),
  explain: createRoute({
    method: "post",
    path: "/api/segments/explain",
    tags,
    summary: "Say why a contact is in or out",
    request: {
      body: body(z.strictObject({ rule, everybody, contact: z.string().max(80), language }).openapi("TargetOfContact")),
    },
    responses: {
      200: answer(
        "Whether the contact is in: if they are known (nobody else is in any target), if the filter of active profiles " +
          "lets them pass or is taken off, and if the rule holds, whose own answer is `why`.",
        z.object({ in: z.boolean(), known: z.boolean(), active: z.boolean(), why: whySchema }),
      ),
      ...REFUSALS,
    },
  }),
};

/** Throws a Fault where a rule asks for something that the shop's own tables do not have. */
async function checkTarget(services: Services, target: Target): Promise<void> {
  await services.tables.read();
  const errors = ruleFaults(target.rule, services.terms).map((fault) => ({
    ...fault,
    pointer: `/rule${fault.pointer}`,
  }));
  if (errors.length > 0) throw new Fault("unprocessable", "The rule does not fit the shop's tables.", errors);
  const long = lengthFaults(target.rule, services.terms, "/rule");
  if (long.length > 0) throw new Fault("unprocessable", "The rule is too long: see `errors`.", long);
}

/** Whom a rule matches, and why. */
export function targetingRoutes(servicesFor: ServicesFor): OpenAPIHono {
  const app = newApi();
  app.openapi(routes.preview, async (c) => {
    const services = servicesFor(c);
    const { language, ...target } = c.req.valid("json");
    await checkTarget(services, target);
    const { env, clock, terms } = services;
    const { count, inactive, sample, sqlMs } = await countTarget(env.DB, target, clock.now(), terms, SAMPLED);
    const words = describeRule(target.rule, language, terms);
    return c.json({ count, inactive, sample: sample.map(contactId), sql_ms: sqlMs, words }, 200);
  });
  app.openapi(routes.explain, async (c) => {
    const services = servicesFor(c);
    const { contact, language, ...target } = c.req.valid("json");
    await checkTarget(services, target);
    const row = await rowOf(services, contact);
    const [facts] = await factsFor(services, [row], target.rule);
    if (!facts) throw new Fault("not-found", "No contact has this id.");
    const now = services.clock.now();
    const isIn = testTarget(target, facts, now);
    const words = whyRule(target.rule, facts, now, language, services.terms);
    return c.json({ in: isIn, known: isKnown(facts), active: isActive(facts, now), why: words }, 200);
  });
  return app;
}
