import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { STAR_TABLES, starTable } from "../contacts/star";
import { listCustomTables } from "../contacts/star/custom-store";
import { columnInput, definitionInput, MOST_COLUMNS } from "../contacts/star/definition";
import type { StarTable } from "../contacts/star/table";
import type { ServicesFor } from "./api";
import { answer, body, newApi, REFUSALS } from "./api";
import { idempotencyHeader } from "./idempotency";
import { listOf, Pager, pageQuery } from "./page";
import { addColumns, createTable, customTableOf, deleteTable } from "./table-actions";
import { customTablePath, showCustomTable, showTable, table, tablePath } from "./table-schema";

const tags = ["Tables"];

const routes = {
  list: createRoute({
    method: "get",
    path: "/api/tables",
    tags,
    summary: "The tables of the star, and the shop's own, by key",
    request: { query: z.strictObject(pageQuery) },
    responses: { 200: answer("A page of tables.", listOf(table)), ...REFUSALS },
  }),
  create: createRoute({
    method: "post",
    path: "/api/tables",
    tags,
    summary: "Define a table of the shop's own",
    description:
      "It is made at once: a real table, with an index for each column that is marked so. A repeat changes nothing and " +
      "finishes what was cut off. Rows come by this API or by the event `Row Upserted {table, id, …}` of a secret key.",
    request: { headers: idempotencyHeader, body: body(definitionInput.openapi("TableDefinition")) },
    responses: { 201: answer("The table.", table), ...REFUSALS },
  }),
  get: createRoute({
    method: "get",
    path: "/api/tables/{key}",
    tags,
    summary: "Read a table's definition",
    request: { params: tablePath, query: z.strictObject({}) },
    responses: { 200: answer("The table.", table), ...REFUSALS },
  }),
  patch: createRoute({
    method: "patch",
    path: "/api/tables/{key}",
    tags,
    summary: "Add columns to a table of the shop's own",
    description: "Rows that are there have nothing in them. Columns are never changed or taken away.",
    request: {
      params: customTablePath,
      body: body(z.strictObject({ columns: z.array(columnInput).min(1).max(MOST_COLUMNS) })),
    },
    responses: { 200: answer("The table.", table), ...REFUSALS },
  }),
  remove: createRoute({
    method: "delete",
    path: "/api/tables/{key}",
    tags,
    summary: "Delete a table of the shop's own with all its rows",
    request: { params: customTablePath },
    responses: { 204: { description: "It is gone." }, ...REFUSALS },
  }),
};

/** Tables that a shop defines, beside those of the product. */
export function tableRoutes(servicesFor: ServicesFor): OpenAPIHono {
  const app = newApi();
  app.openapi(routes.list, async (c) => {
    const { env, config } = servicesFor(c);
    const ours = Object.values<StarTable>(STAR_TABLES).map((one) => showTable(one, null));
    const all = [...ours, ...(await listCustomTables(env.DB)).map(showCustomTable)];
    const pager = new Pager<z.output<typeof table>>(config.LINK_SECRET, c.req.path, c.req.valid("query"), ({ key }) => [
      key,
    ]);
    return c.json(pager.pageOfAll(all), 200);
  });
  app.openapi(routes.create, async (c) =>
    c.json(showCustomTable(await createTable(servicesFor(c), c.req.valid("json"))), 201),
  );
  app.openapi(routes.get, async (c) => {
    const { key } = c.req.valid("param");
    const ours = starTable(key);
    return c.json(ours ? showTable(ours, null) : showCustomTable(await customTableOf(servicesFor(c), key)), 200);
  });
  app.openapi(routes.patch, async (c) => {
    const { columns } = c.req.valid("json");
    return c.json(showCustomTable(await addColumns(servicesFor(c), c.req.valid("param").key, columns)), 200);
  });
  app.openapi(routes.remove, async (c) => {
    await deleteTable(servicesFor(c), c.req.valid("param").key);
    return c.body(null, 204);
  });
  return app;
}
