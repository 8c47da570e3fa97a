import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import type { Brand } from "../sends/brand";
import { brandInput } from "../sends/brand";
import { LIBRARY } from "../sends/library";
import type { ServicesFor } from "./api";
import { answer, body, newApi, REFUSALS } from "./api";
import { readBrand, saveBrand } from "./content-actions";
import { design } from "./content-schema";

const tags = ["Contents"];
const none = z.strictObject({});
const brand = brandInput.openapi("Brand");

const routes = {
  get: createRoute({
    method: "get",
    path: "/api/settings/brand",
    tags,
    summary: "How the shop’s letters look",
    request: { query: none },
    responses: { 200: answer("Logo, colours by day and by night, and type.", brand), ...REFUSALS },
  }),
  put: createRoute({
    method: "put",
    path: "/api/settings/brand",
    tags,
    summary: "Set logo, colours and type",
    description:
      "Stated as a whole: what is left out is as the product comes with it. Colours that could hardly be read are refused " +
      "with 422. It is put into versions that are published from now on: those that are out stay as they are.",
    request: { body: body(brand) },
    responses: { 200: answer("The brand as it is now.", brand), ...REFUSALS },
  }),
  library: createRoute({
    method: "get",
    path: "/api/content-designs",
    tags,
    summary: "Letters to begin with",
    description: "Each is MJML in both languages: change it and publish it by `POST /api/contents`.",
    request: { query: none },
    responses: {
      200: answer("All designs.", z.object({ data: z.array(design), next_cursor: z.null() })),
      ...REFUSALS,
    },
  }),
};

/** How letters look, and those to begin with. */
export function brandRoutes(servicesFor: ServicesFor): OpenAPIHono {
  const app = newApi();
  app.openapi(routes.get, async (c) => c.json(await readBrand(servicesFor(c).env.DB), 200));
  app.openapi(routes.put, async (c) => {
    const stated: Brand = c.req.valid("json");
    await saveBrand(servicesFor(c), stated);
    return c.json(stated, 200);
  });
  app.openapi(routes.library, async (c) => {
    const data = LIBRARY.map(({ needs, texts, ...rest }) => ({ ...rest, needs: [...needs], texts: { ...texts } }));
    return c.json({ data, next_cursor: null }, 200);
  });
  return app;
}
