import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import type { StoreRow } from "../commerce/catalogue-store";
import { findStore, listStores, writeStores } from "../commerce/catalogue-store";
import { Fault } from "../shared/fault";
import type { ServicesFor } from "./api";
import { answer, body, newApi, REFUSALS, time, timeText } from "./api";
import { listOf, Pager, pageQuery } from "./page";

const tags = ["Catalogue"];
const MOST_HOURS = 8_000;

const hours = z
  .json()
  .refine((value) => JSON.stringify(value).length <= MOST_HOURS, `is longer than ${MOST_HOURS} characters`);

const storeInput = z.strictObject({
  store_id: z.string().min(1).max(255),
  name: z.string().min(1).max(500),
  lat: z.number().min(-90).max(90).nullish(),
  lon: z.number().min(-180).max(180).nullish(),
  address: z.string().min(1).max(500).nullish(),
  timezone: z
    .string()
    .regex(/^[A-Za-z]+(\/[A-Za-z0-9_+-]+)*$/, "is not a time zone as in Europe/Paris")
    .nullish(),
  opening_hours: hours.nullish().openapi({ type: "object", example: { mon: ["09:00-12:00", "14:00-19:00"] } }),
});

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
    const rows = stores.map(({ store_id, name, lat = null, lon = null, address = null, timezone = null, ...rest }) => {
      const opening = rest.opening_hours ?? null;
      const text = opening === null ? null : JSON.stringify(opening);
      return [store_id, name, lat, lon, address, timezone, text, clock.now()];
    });
    await writeStores(env.DB, rows);
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
