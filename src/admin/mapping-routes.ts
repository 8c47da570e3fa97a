import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import type { Services } from "../services";
import type { FieldError } from "../shared/fault";
import { Fault } from "../shared/fault";
import type { ServicesFor } from "./api";
import { answer, body, newApi, REFUSALS, timeText } from "./api";
import { importKindOf } from "./import/kinds";
import type { MappingInput } from "./import/mapping-schema";
import { mappingInput, mappingName, mappingShape } from "./import/mapping-schema";
import type { StoredMapping } from "./import/mapping-store";
import { deleteMapping, findStoredMapping, listStoredMappings, putMapping } from "./import/mapping-store";
import { READY_MAPPINGS, readyMapping } from "./import/ready-mappings";
import { listOf, Pager, pageQuery } from "./page";

const tags = ["Imports"];
const path = z.object({ name: mappingName });
const ifMatch = z.object({
  "if-match": z.string().optional().openapi({ description: "The ETag that was read; 412 where it is no longer so." }),
});

const routes = {
  list: createRoute({
    method: "get",
    path: "/api/mappings",
    tags,
    summary: "Mappings of columns, by name: those that the product brings, and the shop's own",
    request: { query: z.strictObject(pageQuery) },
    responses: { 200: answer("A page of mappings.", listOf(mappingShape)), ...REFUSALS },
  }),
  get: createRoute({
    method: "get",
    path: "/api/mappings/{name}",
    tags,
    summary: "Read a mapping",
    request: { params: path, query: z.strictObject({}) },
    responses: { 200: answer("The mapping; ETag is its version.", mappingShape), ...REFUSALS },
  }),
  put: createRoute({
    method: "put",
    path: "/api/mappings/{name}",
    tags,
    summary: "Store how the columns of a file are to be read",
    description:
      "An import names it as `?mapping={name}` and keeps to it as it was then. The same again changes nothing.",
    request: { params: path, headers: ifMatch, body: body(mappingInput) },
    responses: { 200: answer("The mapping as it is stored.", mappingShape), ...REFUSALS },
  }),
  remove: createRoute({
    method: "delete",
    path: "/api/mappings/{name}",
    tags,
    summary: "Delete a mapping; imports that began with it go on",
    request: { params: path, headers: ifMatch },
    responses: { 204: { description: "It is gone." }, ...REFUSALS },
  }),
};

type Shown = z.output<typeof mappingShape>;

function showStored({ name, definition, version, updatedAt }: StoredMapping): Shown {
  return { name, built_in: false, title: null, version, updated_at: timeText(updatedAt), ...definition };
}

function showReady(name: string): Shown | null {
  const ready = readyMapping(name);
  if (!ready) return null;
  return { name, built_in: true, title: ready.title, version: 1, updated_at: null, ...ready.definition };
}

/** The version that an If-Match names; null where any will do. */
function baseOf(header: string | undefined): number | null {
  if (header === undefined || header.trim() === "*") return null;
  const version = /^(?:W\/)?"(\d{1,9})"$/.exec(header.trim())?.[1];
  if (version === undefined) {
    throw new Fault("precondition-failed", "If-Match is not an ETag of this mapping. Read it again.");
  }
  return Number(version);
}

function changedSince(): Fault {
  return new Fault("precondition-failed", "Somebody has changed this mapping since. Read it again.");
}

function refuseReady(name: string): void {
  if (readyMapping(name)) throw new Fault("conflict", "The product brings a mapping of this name. Take another one.");
}

/** Kinds whose other columns become attributes, so that any column may be named. */
const OPEN_KINDS = new Set(["contacts", "orders", "events"]);

/** Throws invalid-input where a mapping speaks of columns that its kind has not, or of none of its own. */
async function checkMapping(services: Services, { kind: name, columns, values = {} }: MappingInput): Promise<void> {
  const errors: FieldError[] = [];
  const kind = name === undefined ? undefined : await importKindOf(services, name);
  if (name !== undefined && !kind) errors.push({ pointer: "/kind", detail: "is no kind of import" });
  const closed = OPEN_KINDS.has(name ?? "") ? undefined : kind?.columns;
  for (const column of Object.keys(columns)) {
    if (!closed || closed.includes(column)) continue;
    errors.push({ pointer: `/columns/${column}`, detail: `is no column of ${name}` });
  }
  for (const column of Object.keys(values)) {
    if (!Object.hasOwn(columns, column)) {
      errors.push({ pointer: `/values/${column}`, detail: "is none of the columns of this mapping" });
    }
  }
  if (errors.length > 0)
    throw new Fault("invalid-input", "The mapping does not fit: see `errors`.", errors.slice(0, 50));
}

/** How the columns of files are read. */
export function mappingRoutes(servicesFor: ServicesFor): OpenAPIHono {
  const app = newApi();
  app.openapi(routes.list, async (c) => {
    const { env, config } = servicesFor(c);
    const ready = Object.keys(READY_MAPPINGS).flatMap((name) => showReady(name) ?? []);
    const all = [...ready, ...(await listStoredMappings(env.DB)).map(showStored)];
    const pager = new Pager<Shown>(config.LINK_SECRET, c.req.path, c.req.valid("query"), ({ name }) => [name]);
    return c.json(pager.pageOfAll(all), 200);
  });
  app.openapi(routes.get, async (c) => {
    const { name } = c.req.valid("param");
    const stored = await findStoredMapping(servicesFor(c).env.DB, name);
    const shown = stored ? showStored(stored) : showReady(name);
    if (!shown) throw new Fault("not-found", "No mapping has this name.");
    return c.json(shown, 200, { ETag: `"${shown.version}"` });
  });
  app.openapi(routes.put, async (c) => {
    const services = servicesFor(c);
    const { name } = c.req.valid("param");
    const base = baseOf(c.req.header("If-Match"));
    const input = c.req.valid("json");
    refuseReady(name);
    await checkMapping(services, input);
    const stored = await putMapping(services.env.DB, name, input, base, services.clock.now());
    if (!stored) throw changedSince();
    return c.json(showStored(stored), 200, { ETag: `"${stored.version}"` });
  });
  app.openapi(routes.remove, async (c) => {
    const { env } = servicesFor(c);
    const { name } = c.req.valid("param");
    const base = baseOf(c.req.header("If-Match"));
    refuseReady(name);
    const stored = await findStoredMapping(env.DB, name);
    if (!stored) throw new Fault("not-found", "No mapping has this name.");
    if (!(await deleteMapping(env.DB, name, base))) throw changedSince();
    return c.body(null, 204);
  });
  return app;
}
