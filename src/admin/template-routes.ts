import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { TEMPLATES } from "../scenarios/templates";
import type { Template } from "../scenarios/templates/template";
import { answer, newApi, REFUSALS, words } from "./api";

const preset = z.object({ key: z.string(), title: words, params: z.record(z.string(), z.unknown()) });

const template = z
  .object({
    key: z.string(),
    title: words,
    description: words,
    tab: z.enum(["essentials", "inspirations"]),
    presets: z.array(preset),
    params: z.record(z.string(), z.unknown()).openapi({ description: "JSON Schema of the parameters." }),
  })
  .openapi("Template");

const route = createRoute({
  method: "get",
  path: "/api/templates",
  tags: ["Scenarios"],
  summary: "Scenarios that are ready to be used",
  request: { query: z.strictObject({}) },
  responses: {
    200: answer("Every template.", z.object({ data: z.array(template), next_cursor: z.null() })),
    ...REFUSALS,
  },
});

function show([key, { title, description, tab, presets, params }]: [string, Template<unknown>]): z.output<
  typeof template
> {
  const { $schema: _schema, ...schema } = z.toJSONSchema(params, { io: "input" });
  const listed = Object.entries(presets).map(([name, one]) => ({
    key: name,
    title: one.title,
    params: { ...one.params },
  }));
  return { key, title, description, tab, presets: listed, params: schema };
}

/** The gallery of templates. */
export function templateRoutes(): OpenAPIHono {
  const app = newApi();
  app.openapi(route, (c) => c.json({ data: Object.entries(TEMPLATES).map(show), next_cursor: null }, 200));
  return app;
}
