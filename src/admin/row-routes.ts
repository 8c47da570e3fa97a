import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { selectRows } from "../contacts/star/store";
import type { StarTable } from "../contacts/star/table";
import { familyOf } from "../contacts/wanted";
import type { Services } from "../services";
import { Fault } from "../shared/fault";
import { contactId } from "../shared/ids";
import type { ServicesFor } from "./api";
import { answer, body, newApi, REFUSALS } from "./api";
import { rowOf } from "./contact-path";
import { listOf, Pager, pageQuery } from "./page";
import { putRows, removeRow } from "./row-actions";
import { tableOf } from "./table-actions";
import type { StoredRow } from "./table-schema";
import { row, rowsInput, showRow, tablePath } from "./table-schema";

const tags = ["Tables"];
const whose = z
  .string()
  .max(80)
  .optional()
  .openapi({ example: contactId(42) });
const rowPath = tablePath.extend({ id: z.string().min(1).max(500) });
const ofOne = z.strictObject({
  contact_id: whose.openapi({ description: "Needed where ids of rows are a contact's own." }),
});

const routes = {
  put: createRoute({
    method: "put",
    path: "/api/tables/{key}/rows",
    tags,
    summary: "Write up to 500 rows",
    description:
      "Each row is stated as a whole under its own id: a column that is left out is empty. Where one does " +
      "not fit, none is written. A repeat changes nothing. A row that another contact holds is refused.",
    request: { params: tablePath, body: body(rowsInput) },
    responses: { 200: answer("They are stored.", z.object({ accepted: z.number().int() })), ...REFUSALS },
  }),
  list: createRoute({
    method: "get",
    path: "/api/tables/{key}/rows",
    tags,
    summary: "Rows of a table, in the order of their ids",
    request: { params: tablePath, query: z.strictObject({ ...pageQuery, contact_id: whose }) },
    responses: { 200: answer("A page of rows.", listOf(row)), ...REFUSALS },
  }),
  get: createRoute({
    method: "get",
    path: "/api/tables/{key}/rows/{id}",
    tags,
    summary: "Read a row",
    request: { params: rowPath, query: ofOne },
    responses: { 200: answer("The row.", row), ...REFUSALS },
  }),
  remove: createRoute({
    method: "delete",
    path: "/api/tables/{key}/rows/{id}",
    tags,
    summary: "Delete a row",
    request: { params: rowPath, query: ofOne },
    responses: { 204: { description: "It is gone." }, ...REFUSALS },
  }),
};

/** Rows of one id that a family may have; its head's own is the one that counts. */
const FAMILY = 50;

/** One row by its id; throws not-found. */
async function rowById(services: Services, table: StarTable, id: string, whom: string | undefined): Promise<StoredRow> {
  if (table.unique === "contact" && whom === undefined) {
    const errors = [{ pointer: "/contact_id", detail: "is missing: ids of this table are each contact's own" }];
    throw new Fault("invalid-input", "Say whose row it is.", errors);
  }
  const contact = whom === undefined || table.contact === "none" ? null : await rowOf(services, whom);
  // Rows of somebody who was merged keep their contact.
  const own = `source_id = ? AND contact IN (${familyOf("?")})`;
  const where = contact === null ? "source_id = ?" : own;
  const values = contact === null ? [id] : [id, contact];
  const { results } = await selectRows(services.env.DB, table, where, values, FAMILY).all<StoredRow>();
  const found = results.find((one) => one.contact === contact) ?? results[0];
  if (!found) throw new Fault("not-found", "No row has this id.");
  return found;
}

/** The rows of one page, one more than its limit. */
async function page(
  services: Services,
  table: StarTable,
  contact: number | null,
  pager: Pager<StoredRow>,
): Promise<StoredRow[]> {
  const conditions: string[] = [];
  const values: unknown[] = [];
  const { after } = pager;
  if (contact !== null) {
    // Rows of somebody who was merged keep their contact.
    conditions.push(`contact IN (${familyOf("?")})`);
    values.push(contact);
  }
  if (after && table.unique === "contact") {
    conditions.push("(contact, source_id) > (?, ?)");
    values.push(Number(after[0]), String(after[1]));
  } else if (after) {
    conditions.push("source_id > ?");
    values.push(String(after[1]));
  }
  const where = conditions.join(" AND ") || "true";
  return (await selectRows(services.env.DB, table, where, values, pager.limit + 1).all<StoredRow>()).results;
}

/** Rows of any table of the star, ours or the shop's own: one surface. */
export function rowRoutes(servicesFor: ServicesFor): OpenAPIHono {
  const app = newApi();
  app.openapi(routes.put, async (c) => {
    const services = servicesFor(c);
    const { rows } = c.req.valid("json");
    await putRows(services, await tableOf(services, c.req.valid("param").key), rows);
    return c.json({ accepted: rows.length }, 200);
  });
  app.openapi(routes.list, async (c) => {
    const services = servicesFor(c);
    const table = await tableOf(services, c.req.valid("param").key);
    const { contact_id: whom, ...query } = c.req.valid("query");
    if (whom !== undefined && table.contact === "none") {
      const errors = [{ pointer: "/contact_id", detail: "is not for this table" }];
      throw new Fault("invalid-input", "Rows of this table are nobody's.", errors);
    }
    const contact = whom === undefined ? null : await rowOf(services, whom);
    const list = `${c.req.path}?${contact ?? ""}`;
    const place = (stored: StoredRow): (string | number)[] => [stored.contact ?? 0, stored.source_id];
    const pager = new Pager<StoredRow>(services.config.LINK_SECRET, list, query, place);
    return c.json(
      pager.page(await page(services, table, contact, pager), (stored) => showRow(table, stored)),
      200,
    );
  });
  app.openapi(routes.get, async (c) => {
    const services = servicesFor(c);
    const { key, id } = c.req.valid("param");
    const table = await tableOf(services, key);
    return c.json(showRow(table, await rowById(services, table, id, c.req.valid("query").contact_id)), 200);
  });
  app.openapi(routes.remove, async (c) => {
    const services = servicesFor(c);
    const { key, id } = c.req.valid("param");
    const table = await tableOf(services, key);
    const found = await rowById(services, table, id, c.req.valid("query").contact_id);
    await removeRow(services, table, id, found.contact ?? null);
    return c.body(null, 204);
  });
  return app;
}
