import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { STEP_KINDS } from "../reports/why";
import type { ServicesFor } from "./api";
import { answer, newApi, REFUSALS, time, timeText, words } from "./api";
import { contactPath, rowOf } from "./contact-path";
import { whySchema } from "./targeting-routes";
import { explain } from "./why-actions";

const step = z.object({
  at: time,
  block: z.string().nullable(),
  kind: z.enum(STEP_KINDS),
  words,
  state: z.string().nullable().openapi({ description: "How a message or an act stands." }),
  inputs: z
    .record(z.string(), z.unknown())
    .nullable()
    .openapi({ description: "Of a message: the decision and all that the gate looked at." }),
});

const explanation = z
  .object({
    scenario: z.string(),
    name: z.string(),
    state: z.enum(["draft", "active", "paused", "archived"]),
    start: words,
    runs: z
      .array(
        z.object({
          id: z.string(),
          version: z.number().int(),
          entered_at: time,
          outcome: z.string().nullable().openapi({ description: "null while the run is on its way." }),
          reason: z.string().nullable(),
          steps: z.array(step),
        }),
      )
      .openapi({ description: "The latest first: what happened, step by step, with each message and its reason." }),
    fits: z.object({ en: whySchema, fr: whySchema }).openapi({
      description: "Whether the contact is now among those whom the scenario is for, condition by condition.",
    }),
  })
  .openapi("Explanation");

const route = createRoute({
  method: "get",
  path: "/api/contacts/{id}/why",
  tags: ["Contacts"],
  summary: "Why the contact did or did not get what a scenario sends, in words",
  request: { params: contactPath, query: z.strictObject({ scenario: z.string().min(1).max(80) }) },
  responses: { 200: answer("Every passage through the scenario, step by step.", explanation), ...REFUSALS },
});

/** Explains what a contact had of a scenario. */
export function whyRoutes(servicesFor: ServicesFor): OpenAPIHono {
  const app = newApi();
  app.openapi(route, async (c) => {
    const services = servicesFor(c);
    const row = await rowOf(services, c.req.valid("param").id);
    const { scenario } = c.req.valid("query");
    const { name, state, start, runs, fits } = await explain(services, row, scenario);
    const told = runs.map(({ id, version, enteredAt, outcome, reason, steps }) => ({
      id,
      version,
      entered_at: timeText(enteredAt),
      outcome,
      reason,
      steps: steps.map(({ at, state = null, inputs = null, ...rest }) => {
        return { at: timeText(at), ...rest, state, inputs };
      }),
    }));
    return c.json({ scenario, name, state: state as "draft", start, runs: told, fits }, 200);
  });
  return app;
}
