import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { listWinners } from "../scenarios/winner-store";
import type { ServicesFor } from "./api";
import { answer, newApi, REFUSALS, time, timeText } from "./api";
import { scenarioOf } from "./scenario-actions";
import { scenarioPath } from "./scenario-routes";

const arm = z.object({
  arm: z.string(),
  runs: z.number().int().openapi({ description: "Runs that went this way and were over." }),
  reached: z.number().int().openapi({ description: "Those of them that reached what the split goes by." }),
});

const decided = z
  .object({
    version: z.number().int(),
    block: z.string(),
    winner: z.string(),
    decided_at: time,
    figure: z.enum(["goal", "clicked"]),
    cause: z
      .enum(["figures", "time"])
      .openapi({ description: "The figures were clear at 95 %, or the time was over." }),
    counts: z.array(arm),
  })
  .openapi("DecidedSplit");

const route = createRoute({
  method: "get",
  path: "/api/scenarios/{id}/splits",
  tags: ["Scenarios"],
  summary: "The random splits whose winner is found, newest version first",
  request: { params: scenarioPath, query: z.strictObject({}) },
  responses: { 200: answer("Who won, when, and by what figures.", z.object({ data: z.array(decided) })), ...REFUSALS },
});

/** What came of random splits that are decided by figures. */
export function splitRoutes(servicesFor: ServicesFor): OpenAPIHono {
  const app = newApi();
  app.openapi(route, async (c) => {
    const services = servicesFor(c);
    const { id } = await scenarioOf(services, c.req.valid("param").id);
    const won = await listWinners(services.env.DB, id);
    const data = won.map(({ version, block, arm: winner, at, figure, cause, counts }) => {
      return { version, block, winner, decided_at: timeText(at), figure, cause, counts: [...counts] };
    });
    return c.json({ data }, 200);
  });
  return app;
}
