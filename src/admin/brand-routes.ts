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
import { republish } from "./republish-actions";

const tags = ["Contents"];
const none = z.strictObject({});
const brand = brandInput.openapi("Brand");

const republished = z
  .object({
    published: z.array(z.object({ key: z.string(), version: z.number().int() })),
    refused: z
      .array(z.object({ key: z.string(), errors: z.array(z.object({ pointer: z.string(), detail: z.string() })) }))
      .openapi({ description: "Emails that cannot go out as they are." }),
    left: z.array(z.string()).openapi({ description: "Keys of emails that still have another brand in them." }),
    next: z.string().nullable().openapi({ description: "The next call’s `after`; null where all were looked at." }),
  })
  .openapi("Republished");

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
  republish: createRoute({
    method: "post",
    path: "/api/settings/brand/republish",
    tags,
    summary: "Publish letters again with the brand of now",
    description:
      "Versions that are out keep the brand that they were published with. This publishes ten of the emails whose source " +
      "names the brand and that have another in them, each as its next version; `next` says where to go on, `left` what is " +
      "still to be done. Asking twice publishes once. Emails written as HTML have the brand in them for good.",
    request: { body: body(z.strictObject({ after: z.string().max(64).nullable().default(null) })) },
    responses: { 200: answer("What was published, and what is left.", republished), ...REFUSALS },
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
  app.openapi(routes.republish, async (c) => {
    const { published, refused, left, next } = await republish(servicesFor(c), c.req.valid("json").after);
    const errors = refused.map((one) => ({ ...one, errors: [...one.errors] }));
    return c.json({ published: [...published], refused: errors, left: [...left], next }, 200);
  });
  app.openapi(routes.library, async (c) => {
    const data = LIBRARY.map(({ needs, texts, ...rest }) => ({ ...rest, needs: [...needs], texts: { ...texts } }));
    return c.json({ data, next_cursor: null }, 200);
  });
  return app;
}
