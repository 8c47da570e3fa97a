import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { MINUTE } from "../shared/clock";
import { Fault } from "../shared/fault";
import type { ServicesFor } from "./api";
import { answer, newApi, REFUSALS, statedTime, time, timeText } from "./api";
import { idempotencyHeader, newId } from "./idempotency";
import type { Attestation } from "./import/kind";
import { IMPORT_KINDS, importKind } from "./import/kinds";
import { ImportRun } from "./import/run";
import type { ImportRow } from "./import/store";
import { findImport } from "./import/store";

const tags = ["Imports"];
/** An import that has stored nothing for so long was cut off on its way. */
const CUT_OFF = 5 * MINUTE;

const note = z.object({ line: z.number().int(), reason: z.string() });

const importState = z
  .object({
    id: z.string(),
    kind: z.string(),
    status: z.enum(["running", "done", "failed"]),
    rows: z.number().int().openapi({ description: "Records read, the header left out." }),
    accepted: z.number().int(),
    duplicates: z.number().int().openapi({ description: "Records that were imported before, as they are." }),
    rejected: z.array(note).openapi({ description: "The first 1,000; `line` counts from 1 with the header." }),
    rejected_count: z.number().int(),
    warnings: z.array(note).openapi({ description: "What was left out of records that were taken; the first 1,000." }),
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
    .openapi({ description: Object.keys(IMPORT_KINDS).join(" or "), example: "contacts" }),
  attest_source: z.string().min(1).max(200).optional().openapi({
    description: "Where the consents of the whole file come from; with `attest_at`.",
  }),
  attest_at: statedTime.optional(),
  mapping: z.string().optional().openapi({ description: "Comes later." }),
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
      `CSV with a header, or NDJSON; gzip is recognised. Columns of ${columns} Other columns become attributes. ` +
      "A consent without source and date counts as none, unless the file is attested for. The same line twice, in " +
      "one file or in two, counts once. At most 95 MB.",
    request: {
      query: importQuery,
      headers: idempotencyHeader,
      body: { required: true, content: { "text/csv": file, "application/x-ndjson": file } },
    },
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

function attestationOf(query: z.output<typeof importQuery>, now: number): Attestation | null {
  const { attest_source: source, attest_at: at } = query;
  if (source === undefined && at === undefined) return null;
  const refused = (pointer: string, detail: string): Fault =>
    new Fault("invalid-input", "An attestation is a source and a date of the past.", [{ pointer, detail }]);
  if (source === undefined) throw refused("/attest_source", "is missing");
  if (at === undefined) throw refused("/attest_at", "is missing");
  if (Date.parse(at) > now) throw refused("/attest_at", "lies in the future");
  return { source, at: Date.parse(at) };
}

function isAtWork(row: ImportRow, now: number): boolean {
  return row.status === "running" && now - row.touchedAt < CUT_OFF;
}

function show(row: ImportRow, now: number): z.output<typeof importState> {
  const cut = row.status === "running" && !isAtWork(row, now);
  return {
    id: row.id,
    kind: row.kind,
    status: cut ? "failed" : row.status,
    rows: row.rows,
    accepted: row.accepted,
    duplicates: row.duplicates,
    rejected: [...row.rejected],
    rejected_count: row.rejectedCount,
    warnings: [...row.warnings],
    reason: cut ? "it was cut off; send the file again" : row.reason,
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
    const kind = importKind(query.kind);
    if (query.mapping !== undefined) throw new Fault("unprocessable", "Stored mappings come later; use our columns.");
    if (!kind) {
      const errors = [{ pointer: "/kind", detail: `is none of ${Object.keys(IMPORT_KINDS).join(", ")}` }];
      throw new Fault("unprocessable", "Imports of this kind come later.", errors);
    }
    const attested = attestationOf(query, services.clock.now());
    const id = newId(c, "imp");
    const known = await findImport(services.env.DB, id);
    // A repeat under the same key goes on only where the first one broke off.
    if (known && (known.status === "done" || isAtWork(known, services.clock.now()))) return c.json({ id }, 202);
    await new ImportRun(services, { id, kindName: query.kind, kind, attested }).read(c.req.raw.body);
    return c.json({ id }, 202, { Location: `/api/imports/${id}` });
  });
  app.openapi(routes.get, async (c) => {
    const { env, clock } = servicesFor(c);
    const row = await findImport(env.DB, c.req.valid("param").id);
    if (!row) throw new Fault("not-found", "No import has this id.");
    return c.json(show(row, clock.now()), 200);
  });
  for (const path of ["/api/imports/:id/parts/:n", "/api/imports/:id/complete"]) {
    app.all(path, () => {
      throw new Fault("unprocessable", "Imports in parts come later. Send files of up to 95 MB, one after the other.");
    });
  }
  return app;
}
