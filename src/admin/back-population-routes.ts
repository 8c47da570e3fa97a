import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import type { Services } from "../services";
import type { StoredPlan } from "../services/back-plan";
import { ENDED, readPlans } from "../services/back-plan";
import { progressOf } from "../services/back-population";
import type { ServicesFor } from "./api";
import { answer, newApi, REFUSALS } from "./api";
import { previewLate } from "./back-population-actions";
import { backPopulation } from "./back-population-schema";
import { scenarioOf } from "./scenario-actions";
import { scenarioPath } from "./scenario-routes";

const preview = z
  .object({
    contacts: z.number().int().openapi({ description: "Who is past the beginning by now and would be let in." }),
    per_day: z.number().int(),
    days: z
      .number()
      .int()
      .openapi({ description: "Until all are in, which the daily cap may make longer than asked." }),
    under_way: z
      .object({
        total: z.number().int(),
        let_in: z.number().int(),
        refused: z.number().int().openapi({
          description: "Who was turned away at the door, by the filter or by how often a contact may come in a day.",
        }),
        per_day: z.number().int(),
        done: z.boolean(),
        ended: z.enum(ENDED).nullable().openapi({
          description: "Why it ended before all were in: a later version starts on something else.",
        }),
      })
      .nullable()
      .openapi({
        description: "How far it has come since the scenario was switched on; null where none was asked for.",
      }),
  })
  .openapi("BackPopulationPreview");

const route = createRoute({
  method: "get",
  path: "/api/scenarios/{id}/back-population",
  tags: ["Scenarios"],
  summary: "How many were past the draft's beginning, and how long it takes to let them in",
  request: { params: scenarioPath, query: backPopulation },
  responses: { 200: answer("The preview, and what is under way.", preview), ...REFUSALS },
});

async function show(services: Services, stored: StoredPlan) {
  const { total, perDay, done, ended = null } = stored.plan;
  const { letIn, refused } = await progressOf(services, stored);
  return { total, let_in: letIn, refused, per_day: perDay, done, ended };
}

/** Letting people in late. It begins with the activation. */
export function backPopulationRoutes(servicesFor: ServicesFor): OpenAPIHono {
  const app = newApi();
  app.openapi(route, async (c) => {
    const services = servicesFor(c);
    const { id, definition } = await scenarioOf(services, c.req.valid("param").id);
    const { contacts, perDay, days } = await previewLate(services, definition, c.req.valid("query"));
    const stored = (await readPlans(services.env.DB)).find(({ scenario }) => scenario === id);
    return c.json({ contacts, per_day: perDay, days, under_way: stored ? await show(services, stored) : null }, 200);
  });
  return app;
}
