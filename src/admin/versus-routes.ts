import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import type { ServicesFor } from "./api";
import { answer, newApi, REFUSALS, time, timeText } from "./api";
import { scenarioOf } from "./scenario-actions";
import { scenario, scenarioPath, show, tag } from "./scenario-routes";
import type { Contender } from "./versus-actions";
import { keepVersion, readLastVersus, readVersus } from "./versus-actions";

const contender = z.object({
  version: z.number().int(),
  role: z.enum(["live", "challenger"]),
  share: z.number().openapi({ description: "Of contacts that it is for." }),
  entered: z.number().int().openapi({ description: "Runs since the test began, the control group's included." }),
  running: z.number().int(),
  sent: z.number().int().openapi({ description: "Messages that have left." }),
  goals: z.number().int().openapi({ description: "Runs with the outcome `goal`." }),
  goal_share: z.number().nullable().openapi({ description: "Of entered; null where nobody entered." }),
});

const routes = {
  versus: createRoute({
    method: "get",
    path: "/api/scenarios/{id}/versus",
    tags: ["Scenarios"],
    summary: "Two versions that run side by side, in figures",
    request: { params: scenarioPath, query: z.strictObject({}) },
    responses: {
      200: answer(
        "The live version and its challenger since the test began; `data` is empty where no test runs. `last` is the last " +
          "test that has ended, with what became of those who came in while it ran; null without one.",
        z.object({
          since: time.nullable(),
          data: z.array(contender),
          last: z.object({ since: time, until: time, kept: z.number().int(), data: z.array(contender) }).nullable(),
        }),
      ),
      ...REFUSALS,
    },
  }),
  keep: createRoute({
    method: "post",
    path: "/api/scenarios/{id}/versions/{version}/keep",
    tags: ["Scenarios"],
    summary: "End a test of two versions: one of them is for everybody who comes from now on",
    description: "Runs of the other version go on in theirs. A scenario that is paused stays so.",
    request: { params: scenarioPath.extend({ version: z.coerce.number().int().min(1).max(999_999_999) }) },
    responses: { 200: answer("The scenario with the version that was kept.", scenario), ...REFUSALS },
  }),
};

function showSide({ goalShare, ...rest }: Contender): z.output<typeof contender> {
  return { ...rest, goal_share: goalShare };
}

/** Two versions of a scenario side by side. */
export function versusRoutes(servicesFor: ServicesFor): OpenAPIHono {
  const app = newApi();
  app.openapi(routes.versus, async (c) => {
    const services = servicesFor(c);
    const stored = await scenarioOf(services, c.req.valid("param").id);
    const [now, last] = await Promise.all([readVersus(services, stored), readLastVersus(services, stored.id)]);
    const ended = last?.ended && {
      since: timeText(last.since),
      until: timeText(last.ended.at),
      kept: last.ended.kept,
      data: last.sides.map(showSide),
    };
    return c.json(
      { since: timeText(now?.since ?? null), data: (now?.sides ?? []).map(showSide), last: ended ?? null },
      200,
    );
  });
  app.openapi(routes.keep, async (c) => {
    const { id, version } = c.req.valid("param");
    const stored = await keepVersion(servicesFor(c), id, version);
    return c.json(show(stored, servicesFor(c)), 200, tag(stored));
  });
  return app;
}
