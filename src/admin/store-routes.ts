import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import type { StoreRow } from "../commerce/catalogue-store";
import { findStore, listStores, writeStores } from "../commerce/catalogue-store";
import { Fault } from "../shared/fault";
import type { ServicesFor } from "./api";
import { answer, body, newApi, REFUSALS, time, timeText } from "./api";
import { listOf, Pager, pageQuery } from "./page";
import { storeInput, storeRow } from "./store-schema";

const tags = ["Catalogue"];

const store = z
  .object({
    store_id: z.string(),
    name: z.string(),
    lat: z.number().nullable(),
    lon: z.number().nullable(),
    address: z.string().nullable(),
    timezone: z.string().nullable(),
    opening_hours: z.unknown(),
    updated_at: time,
  })
  .openapi("Store");

const routes = {
  put: createRoute({
    method: "put",
    path: "/api/stores",
    tags,
    summary: "Write up to 500 stores",
    description: "Each is stated as a whole. A repeat changes nothing.",
    request: {
      body: body(z.strictObject({ stores: z.array(storeInput).min(1).max(500) }).openapi("Stores")),
    },
    responses: { 200: answer("They are stored.", z.object({ accepted: z.number().int() })), ...REFUSALS },
  }),
  list: createRoute({
    method: "get",
    path: "/api/stores",
    tags,
    summary: "Stores, in the order of their ids",
    request: { query: z.strictObject(pageQuery) },
    responses: { 200: answer("A page of stores.", listOf(store)), ...REFUSALS },
  }),
  get: createRoute({
    method: "get",
    path: "/api/stores/{id}",
    tags,
    summary: "Read a store",
    request: { params: z.object({ id: z.string().min(1).max(255) }), query: z.strictObject({}) },
    responses: { 200: answer("The store.", store), ...REFUSALS },
  }),
};

function show({ opening_hours: text, updated_at: at, ...row }: StoreRow): z.output<typeof store> {
  return { ...row, opening_hours: text === null ? null : (JSON.parse(text) as unknown), updated_at: timeText(at) };
}

/** The shop's stores. */
export function storeRoutes(servicesFor: ServicesFor): OpenAPIHono {
  const app = newApi();
  app.openapi(routes.put, async (c) => {
    const { env, clock } = servicesFor(c);
    const { stores } = c.req.valid("json");
    const ids = stores.map(({ store_id }) => store_id);
    const errors = ids.flatMap((id, index) =>
      ids.indexOf(id) < index ? [{ pointer: `/stores/${index}/store_id`, detail: "is another line's store" }] : [],
    );
    if (errors.length > 0) throw new Fault("invalid-input", "The stores do not fit: see `errors`.", errors);
    const now = clock.now();
    await writeStores(
      env.DB,
      stores.map((one) => storeRow(one, now)),
    );
    return c.json({ accepted: stores.length }, 200);
  });
  app.openapi(routes.list, async (c) => {
    const { env, config } = servicesFor(c);
    const pager = new Pager<StoreRow>(config.LINK_SECRET, c.req.path, c.req.valid("query"), (row) => [row.store_id]);
    const rows = await listStores(env.DB, String(pager.after?.[0] ?? ""), pager.limit + 1);
    return c.json(pager.page(rows, show), 200);
  });
  app.openapi(routes.get, async (c) => {
    const found = await findStore(servicesFor(c).env.DB, c.req.valid("param").id);
    if (!found) throw new Fault("not-found", "No store has this id.");
    return c.json(show(found), 200);
  });
  return app;
}
