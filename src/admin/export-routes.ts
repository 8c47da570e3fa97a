import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import type { Context } from "hono";
import * as z from "zod";
import { keyIdOf, keyOf } from "../platform/auth";
import type { ServicesFor } from "./api";
import { answer, body, newApi, REFUSALS, statedTime, time, timeText } from "./api";
import type { ExportRow } from "./export/store";
import { listExports } from "./export/store";
import { askExport, openExport } from "./export-actions";
import { idempotencyHeader, newId } from "./idempotency";
import { listOf, Pager, pageQuery } from "./page";

const tags = ["Exports"];
const formats = z.enum(["csv", "ndjson"]);

const name = z.string().min(1).max(80);

const input = z
  .strictObject({
    kind: name.optional().openapi({
      description:
        "contacts, orders, order_lines or products, in the columns of their import; or any table: see `table`.",
      example: "contacts",
    }),
    table: name.optional().openapi({
      description: "A table of the star, of the shop's own, or of the register (GET /api/privacy/register).",
    }),
    format: formats.default("csv"),
    columns: z.array(z.string().min(1).max(255)).min(1).max(300).optional(),
    filter: z
      .strictObject({
        status: z
          .string()
          .max(40)
          .optional()
          .openapi({ description: "Of contacts (verified unless stated) and orders." }),
        from: statedTime.optional(),
        to: statedTime.optional(),
      })
      .optional(),
    bom: z.boolean().optional().openapi({ description: "Begins with a byte order mark, for spreadsheets." }),
  })
  .refine(({ kind, table }) => (kind === undefined) !== (table === undefined), {
    path: ["kind"],
    message: "or `table` is wanted: one of them",
  })
  .openapi("ExportInput");

const exported = z
  .object({
    id: z.string(),
    name: z.string(),
    format: formats,
    columns: z.array(z.string()).nullable(),
    filter: z.object({ status: z.string().nullable(), from: time.nullable(), to: time.nullable() }),
    asked_by: z.string().openapi({ description: "Id of the admin key, not the key." }),
    created_at: time,
    expires_at: time,
    opened_at: time.nullable(),
    finished_at: time.nullable(),
    rows: z.number().int().nullable(),
    ended: z.enum(["done", "cancelled", "failed"]).nullable(),
  })
  .openapi("Export");

const routes = {
  create: createRoute({
    method: "post",
    path: "/api/exports",
    tags,
    summary: "Ask for a list or a table as a file",
    description:
      "The link lives 15 minutes, opens once, and only with the key that asked. The file is streamed and read page by " +
      "page: whoever is erased meanwhile is not in what follows. In CSV a cell that could be a formula has an apostrophe " +
      "in front; an import takes it off. A contact whose consents have several proofs takes a line for each.",
    request: { headers: idempotencyHeader, body: body(input) },
    responses: {
      201: answer("GET `url` with the same key.", z.object({ id: z.string(), url: z.string(), expires_at: time })),
      ...REFUSALS,
    },
  }),
  file: createRoute({
    method: "get",
    path: "/api/exports/files/{token}",
    tags,
    summary: "The file, once",
    request: { params: z.object({ token: z.string().max(512) }), query: z.strictObject({}) },
    responses: {
      200: {
        description: "The file.",
        content: { "text/csv": { schema: z.string() }, "application/x-ndjson": { schema: z.string() } },
      },
      ...REFUSALS,
    },
  }),
  list: createRoute({
    method: "get",
    path: "/api/exports",
    tags,
    summary: "Who took what out, the newest first",
    request: { query: z.strictObject(pageQuery) },
    responses: { 200: answer("A page.", listOf(exported)), ...REFUSALS },
  }),
};

function show(row: ExportRow): z.output<typeof exported> {
  const { status = null, from = null, to = null, columns = null } = row.options;
  return {
    id: row.id,
    name: row.name,
    format: row.format,
    columns: columns && [...columns],
    filter: { status, from: timeText(from), to: timeText(to) },
    asked_by: row.key,
    created_at: timeText(row.createdAt),
    expires_at: timeText(row.expiresAt),
    opened_at: timeText(row.openedAt),
    finished_at: timeText(row.finishedAt),
    rows: row.rows,
    ended: row.ended as z.output<typeof exported>["ended"],
  };
}

/** Files out of everything that is stored. */
export function exportRoutes(servicesFor: ServicesFor): OpenAPIHono {
  const app = newApi();
  app.openapi(routes.create, async (c) => {
    const services = servicesFor(c);
    const { kind, table, format, columns, filter = {}, bom } = c.req.valid("json");
    const options = { columns, bom, status: filter.status, from: epoch(filter.from), to: epoch(filter.to) };
    const asked = { name: kind ?? table ?? "", format, options };
    const pointer = kind === undefined ? "/table" : "/kind";
    const { id, token, expiresAt } = await askExport(services, await askerOf(c), newId(c, "exp"), asked, pointer);
    const origin = services.config.PUBLIC_URL || new URL(c.req.url).origin;
    const url = `${origin}/api/exports/files/${token}`;
    return c.json({ id, url, expires_at: timeText(expiresAt) }, 201);
  });
  app.openapi(routes.file, async (c) => {
    const peek = c.req.raw.method === "HEAD";
    return (await openExport(servicesFor(c), await askerOf(c), c.req.valid("param").token, peek)) as never;
  });
  app.openapi(routes.list, async (c) => {
    const { env, config } = servicesFor(c);
    const query = c.req.valid("query");
    const pager = new Pager<ExportRow>(config.LINK_SECRET, "/api/exports", query, (row) => [row.createdAt, row.id]);
    const [createdAt, id] = pager.after ?? [];
    const after = id === undefined ? null : { createdAt: Number(createdAt), id: String(id) };
    return c.json(pager.page(await listExports(env.DB, after, pager.limit + 1), show), 200);
  });
  return app;
}

/** The id of the key that a request came with. */
function askerOf(context: Context): Promise<string> {
  return keyIdOf(keyOf(context.req.header("Authorization")) ?? "");
}

function epoch(stated: string | undefined): number | undefined {
  return stated === undefined ? undefined : Date.parse(stated);
}
