import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import type { CatalogueChange } from "../commerce/change";
import { CHANGE_KINDS } from "../commerce/change";
import { listChanges } from "../commerce/change-store";
import type { ServicesFor } from "./api";
import { answer, money, newApi, REFUSALS, time, timeText } from "./api";
import { listOf, Pager, pageQuery } from "./page";

const level = z.union([money, z.object({ stock: z.number().int() })]).openapi({
  description: "A price, or pieces in stock.",
});

const change = z
  .object({
    id: z.number().int(),
    kind: z.enum(CHANGE_KINDS),
    product_id: z.string(),
    sku: z.string(),
    before: level,
    after: level,
    at: time.openapi({ description: "When it comes, or came, into force." }),
    seen_at: time.openapi({ description: "When we learned of it." }),
  })
  .openapi("CatalogueChange");

const route = createRoute({
  method: "get",
  path: "/api/catalogue/changes",
  tags: ["Catalogue"],
  summary: "What changed in the catalogue that scenarios start on, the latest first",
  description:
    "A price that falls, a rise that is announced, stock that comes back or runs low. Whoever writes the catalogue, each " +
    "is told once; what is loaded for the first time is no change.",
  request: {
    query: z.strictObject({ ...pageQuery, kind: z.enum(CHANGE_KINDS).optional(), product_id: z.string().optional() }),
  },
  responses: { 200: answer("A page of changes.", listOf(change)), ...REFUSALS },
});

function show(row: CatalogueChange): z.output<typeof change> {
  const { id, kind, product_id, sku, currency } = row;
  const shown = (value: number): z.output<typeof level> =>
    currency === null ? { stock: value } : { amount: value, currency };
  const levels = { before: shown(row.before), after: shown(row.after) };
  return { id, kind, product_id, sku, ...levels, at: timeText(row.at), seen_at: timeText(row.seen_at) };
}

/** Changes of the catalogue. */
export function changeRoutes(servicesFor: ServicesFor): OpenAPIHono {
  const app = newApi();
  app.openapi(route, async (c) => {
    const { env, config } = servicesFor(c);
    const { kind = null, product_id: product = null, ...page } = c.req.valid("query");
    const pager = new Pager<CatalogueChange>(config.LINK_SECRET, c.req.path, page, ({ id }) => [id]);
    const below = pager.after === null ? null : Number(pager.after[0]);
    const rows = await listChanges(env.DB, { kind, product, below }, pager.limit + 1);
    return c.json(pager.page(rows, show), 200);
  });
  return app;
}
