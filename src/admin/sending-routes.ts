import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { sendingInput } from "../decisions/sending";
import { readSending, saveSending } from "../services/sending";
import type { ServicesFor } from "./api";
import { answer, body, newApi, REFUSALS } from "./api";

const routes = {
  get: createRoute({
    method: "get",
    path: "/api/settings/sending",
    tags: ["Operation"],
    summary: "How often and when messages may leave",
    request: { query: z.strictObject({}) },
    responses: { 200: answer("What is set, or what the product comes with.", sendingInput), ...REFUSALS },
  }),
  put: createRoute({
    method: "put",
    path: "/api/settings/sending",
    tags: ["Operation"],
    summary: "Set frequency caps, sending windows, countries for text messages, minimum age and reputation brake",
    description:
      "Stated as a whole. Caps count marketing that left, or that is on its way, within a span that goes with the clock; " +
      "`level` narrows one to a segment by behaviour, `factors` widen all of somebody's. `moment` keeps one occasion to one " +
      "message, on whatever channel. Hours are those of the recipient: of everybody's zone where a country has several. " +
      "What is held back is asked about again, and dropped with its reason when it is too late.",
    request: { body: body(sendingInput) },
    responses: { 200: answer("What is set now.", sendingInput), ...REFUSALS },
  }),
};

/** How often and when messages may leave. */
export function sendingRoutes(servicesFor: ServicesFor): OpenAPIHono {
  const app = newApi();
  app.openapi(routes.get, async (c) => c.json(await readSending(servicesFor(c)), 200));
  app.openapi(routes.put, async (c) => {
    const settings = c.req.valid("json");
    await saveSending(servicesFor(c), settings);
    return c.json(settings, 200);
  });
  return app;
}
