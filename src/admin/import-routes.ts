import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import type { ServicesFor } from "./api";
import { answer, newApi, REFUSALS, statedTime, time, timeText } from "./api";
import { idempotencyHeader, newId } from "./idempotency";
import { importOrder } from "./import/begin";
import { IMPORT_KINDS } from "./import/kinds";
import { mappingName } from "./import/mapping-schema";
import type { ImportRow } from "./import/store";
import { listImports } from "./import/store";
import { completeParts, importOf, openParts, takeFile, takePart } from "./import/upload";
import { listOf, Pager, pageQuery } from "./page";

const tags = ["Imports"];
const note = z.object({ line: z.number().int(), reason: z.string() });

const importState = z
  .object({
    id: z.string(),
    kind: z.string(),
    status: z.enum(["running", "done", "failed"]),
    rows: z.number().int().openapi({ description: "Records read so far, the header left out." }),
    total: z.number().int().nullable().openapi({ description: "Records of the whole file, once they are counted." }),
    step: z.enum(["upload", "cut", "read", "orders", "refunds"]).nullable().openapi({
      description:
        "What is being done: orders are gathered once all lines are read, and refunds once all orders are in.",
    }),
    accepted: z.number().int(),
    duplicates: z.number().int().openapi({ description: "Records that were imported before, as they are." }),
    rejected: z.array(note).openapi({ description: "The first 1,000; `line` counts from 1 with the header." }),
    rejected_count: z.number().int(),
    warnings: z.array(note).openapi({ description: "What was left out of records that were taken; the first 1,000." }),
    ignored: z.number().int().openapi({ description: "Lines that the mapping says to leave out." }),
    suppressed: z.number().int().openapi({
      description: "Lines that state a consent of somebody who has withdrawn it: it stays so.",
    }),
    tied: z.number().int().openapi({ description: "Cancellations that became refunds of what they cancel." }),
    untied: z.array(note).openapi({ description: "Those of which nobody can say what they cancel; the first 1,000." }),
    untied_count: z.number().int(),
    reason: z.string().nullable().openapi({ description: "Why it failed; what was read until then is kept." }),
    created_at: time,
    finished_at: time.nullable(),
  })
  .openapi("Import");

const importQuery = z.strictObject({
  kind: z
    .string()
    .min(1)
    .max(80)
    .openapi({
      description: `${Object.keys(IMPORT_KINDS).join(", ")}, or the key of a table: its rows.`,
      example: "contacts",
    }),
  attest_source: z.string().min(1).max(200).optional().openapi({
    description: "Where the consents of the whole file come from; with `attest_at`.",
  }),
  attest_at: statedTime.optional(),
  mapping: mappingName.optional().openapi({ description: "Reads the columns by this mapping, as it is now." }),
  parts: z.enum(["true", "false"]).optional().openapi({
    description: "`true` opens an import without a body, whose file comes in parts.",
  }),
});

const columns = Object.entries(IMPORT_KINDS)
  .map(([name, kind]) => `\`${name}\` (${kind.formats.join(" or ")}): ${kind.columns.join(", ")}.`)
  .join(" ");

const file = { schema: { type: "string" } } as const;

const routes = {
  create: createRoute({
    method: "post",
    path: "/api/imports",
    tags,
    summary: "Load history: it changes what is known and starts no scenario",
    description:
      `CSV with a header, or NDJSON; gzip is recognised. Columns of ${columns} Of contacts and orders other columns become attributes. ` +
      "A consent without source and date counts as none, unless the file is attested for. The same line twice, in " +
      "one file or in two, counts once (of `order_lines`: equal lines of one order in one file are as many lines). At most " +
      "95 MB; a larger file comes in parts: open the import with `parts=true` and no body, `PUT` each part, then `complete`.",
    request: {
      query: importQuery,
      headers: idempotencyHeader,
      body: { required: false, content: { "text/csv": file, "application/x-ndjson": file } },
    },
    responses: { 202: answer("Ask for its state by this id.", z.object({ id: z.string() })), ...REFUSALS },
  }),
  list: createRoute({
    method: "get",
    path: "/api/imports",
    tags,
    summary: "Imports, the latest first",
    request: { query: z.strictObject(pageQuery) },
    responses: { 200: answer("A page of imports.", listOf(importState)), ...REFUSALS },
  }),
  part: createRoute({
    method: "put",
    path: "/api/imports/{id}/parts/{n}",
    tags,
    summary: "Send one part of a file; sent again, it takes the first one's place",
    description:
      "A file may be cut anywhere, in the middle of a line or of a gzip stream. At most 95 MB and 200 parts.",
    request: {
      params: z.object({ id: z.string().max(80), n: z.coerce.number().int().min(1) }),
      query: z.strictObject({}),
      body: { required: true, content: { "application/octet-stream": file } },
    },
    responses: {
      200: answer("The part is stored.", z.object({ part: z.number().int(), bytes: z.number().int() })),
      ...REFUSALS,
    },
  }),
  complete: createRoute({
    method: "post",
    path: "/api/imports/{id}/complete",
    tags,
    summary: "All parts of a file have come: read it",
    request: { params: z.object({ id: z.string().max(80) }), query: z.strictObject({}), headers: idempotencyHeader },
    responses: { 202: answer("Ask for its state by this id.", z.object({ id: z.string() })), ...REFUSALS },
  }),
  get: createRoute({
    method: "get",
    path: "/api/imports/{id}",
    tags,
    summary: "How an import stands",
    request: { params: z.object({ id: z.string().max(80) }), query: z.strictObject({}) },
    responses: { 200: answer("The import.", importState), ...REFUSALS },
  }),
};

function show(row: ImportRow): z.output<typeof importState> {
  const phase = row.step?.phase;
  return {
    id: row.id,
    kind: row.kind,
    status: row.status,
    rows: row.rows,
    total: row.total,
    step: phase === undefined || phase === "clean" ? null : phase,
    accepted: row.accepted,
    duplicates: row.duplicates,
    rejected: [...row.rejected],
    rejected_count: row.rejectedCount,
    warnings: [...row.warnings],
    ignored: row.ignored,
    suppressed: row.suppressed,
    tied: row.tied,
    untied: [...row.untied],
    untied_count: row.untiedCount,
    reason: row.reason,
    created_at: timeText(row.createdAt),
    finished_at: timeText(row.finishedAt),
  };
}

/** Files of history. */
export function importRoutes(servicesFor: ServicesFor): OpenAPIHono {
  const app = newApi();
  app.openapi(routes.create, async (c) => {
    const services = servicesFor(c);
    const query = c.req.valid("query");
    const order = await importOrder(services, newId(c, "imp"), query);
    if (query.parts === "true") await openParts(services, order);
    else await takeFile(services, order, c.req.raw.body);
    return c.json({ id: order.id }, 202, { Location: `/api/imports/${order.id}` });
  });
  app.openapi(routes.list, async (c) => {
    const { env, config } = servicesFor(c);
    const pager = new Pager<ImportRow>(config.LINK_SECRET, "/api/imports", c.req.valid("query"), (row) => [
      row.createdAt,
      row.id,
    ]);
    const [at = Number.MAX_SAFE_INTEGER, id = ""] = pager.after ?? [];
    const rows = await listImports(env.DB, [Number(at), String(id)], pager.limit + 1);
    return c.json(pager.page(rows, show), 200);
  });
  app.openapi(routes.part, async (c) => {
    const { id, n } = c.req.valid("param");
    const { bytes } = await takePart(servicesFor(c), id, n, c.req.raw.body);
    return c.json({ part: n, bytes }, 200);
  });
  app.openapi(routes.complete, async (c) => {
    const { id } = c.req.valid("param");
    await completeParts(servicesFor(c), id);
    return c.json({ id }, 202);
  });
  app.openapi(routes.get, async (c) => {
    return c.json(show(await importOf(servicesFor(c), c.req.valid("param").id)), 200);
  });
  return app;
}
