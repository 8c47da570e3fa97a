import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import type { StoredScenario } from "../scenarios/admin-store";
import { listScenarios } from "../scenarios/admin-store";
import type { ScenarioDefinition } from "../scenarios/definition";
import { describeScenario } from "../scenarios/describe";
import { takeOverInput } from "../scenarios/publishing";
import { sideBySideInput } from "../scenarios/versus";
import type { Services } from "../services";
import { Fault } from "../shared/fault";
import type { ServicesFor } from "./api";
import { answer, newApi, REFUSALS, time, timeText, words } from "./api";
import { backPopulation } from "./back-population-schema";
import { idempotencyHeader, newId } from "./idempotency";
import { listOf, Pager, pageQuery } from "./page";
import {
  activateScenario,
  archiveScenario,
  callRefusal,
  createScenario,
  lintScenario,
  pauseScenario,
  readPositions,
  readSource,
  resumeScenario,
  reviseScenario,
  scenarioOf,
} from "./scenario-actions";
import { activateBeside } from "./versus-actions";

const tags = ["Scenarios"];

export const scenarioPath = z.object({
  id: z.string().min(1).max(80).openapi({ example: "scn_4q0v7e2m9k1d8f3h5a6c" }),
});

const describedBlock = z.object({ block: z.string(), type: z.string(), title: words, sentence: words });

const definition = z
  .custom<ScenarioDefinition>()
  .openapi({ type: "object", $ref: "#/components/schemas/ScenarioDefinition" } as object);

export const scenario = z
  .object({
    id: z.string(),
    name: z.string(),
    template: z.string().nullable(),
    state: z.enum(["draft", "active", "paused", "archived"]),
    version: z.number().int().openapi({ description: "The draft: also the ETag." }),
    live_version: z.number().int().nullable().openapi({ description: "The version that new runs enter." }),
    side_by_side: z
      .object({ version: z.number().int(), share: z.number(), since: time })
      .nullable()
      .openapi({ description: "Another version that a share of new runs enters, as a test." }),
    created_at: time,
    updated_at: time,
    definition,
    blocks: z.array(describedBlock).openapi({ description: "Every block as a sentence, in the order of the way." }),
  })
  .openapi("Scenario");

const finding = z
  .object({
    level: z.enum(["error", "warning"]),
    code: z.string(),
    message: words,
    path: z.array(z.string()).openapi({ description: "Blocks that show the fault, in order." }),
  })
  .openapi("Finding");

const publishing = takeOverInput
  .extend({
    runs: z.enum(["keep", "migrate"]).default("keep"),
    back_population: backPopulation.optional(),
    side_by_side: sideBySideInput.optional().openapi({
      description: "Runs the draft beside the live version, as a test, for this share of contacts.",
    }),
  })
  .refine(({ runs, back_population: late, side_by_side: beside }) => !beside || (runs === "keep" && !late), {
    error: "goes with neither `runs: migrate` nor `back_population`",
    path: ["side_by_side"],
  })
  .openapi({ description: "What becomes of the runs of earlier versions." });

const position = z.object({
  version: z.number().int(),
  block: z.string(),
  runs: z.number().int(),
  in_draft: z
    .string()
    .nullable()
    .openapi({ description: "The draft's block of the same name and kind; null where it has none." }),
});

const source = {
  required: true,
  content: { "application/json": { schema: { $ref: "#/components/schemas/ScenarioSource" } } },
} as const;

const ifMatch = z.object({
  "if-match": z.string().optional().openapi({ description: "The ETag that was read; 412 where it is no longer so." }),
});

/** A scenario as the API shows it. */
export function show(stored: StoredScenario, { terms }: Pick<Services, "terms">): z.output<typeof scenario> {
  return {
    id: stored.id,
    name: stored.name,
    template: stored.template,
    state: stored.state,
    version: stored.draftVersion,
    live_version: stored.liveVersion,
    side_by_side: stored.challenger && { ...stored.challenger, since: timeText(stored.challenger.since) },
    created_at: timeText(stored.createdAt),
    updated_at: timeText(stored.updatedAt),
    definition: stored.definition,
    blocks: describeScenario(stored.definition, terms),
  };
}

/** The ETag of its draft. */
export function tag(stored: StoredScenario): { ETag: string } {
  return { ETag: `"${stored.draftVersion}"` };
}

/** The version that an If-Match names; null where any will do. */
function baseOf(header: string | undefined): number | null {
  if (header === undefined || header.trim() === "*") return null;
  const version = /^(?:W\/)?"(\d{1,9})"$/.exec(header.trim())?.[1];
  if (version === undefined) {
    throw new Fault("precondition-failed", "If-Match is not an ETag of this scenario. Read it again.");
  }
  return Number(version);
}

/** A call that changes a scenario's state and wants nothing but its id. */
const turn = <Path extends string>(path: Path, state: string, summary: string) =>
  createRoute({
    method: "post",
    path,
    tags,
    summary,
    request: { params: scenarioPath },
    responses: { 200: answer(`The ${state} scenario.`, scenario), ...REFUSALS },
  });

const routes = {
  list: createRoute({
    method: "get",
    path: "/api/scenarios",
    tags,
    summary: "List scenarios, oldest first",
    request: { query: z.strictObject(pageQuery) },
    responses: { 200: answer("A page of scenarios.", listOf(scenario)), ...REFUSALS },
  }),
  create: createRoute({
    method: "post",
    path: "/api/scenarios",
    tags,
    summary: "Create a scenario from a template or a definition",
    request: { body: source, headers: idempotencyHeader },
    responses: { 201: answer("The new scenario, a draft.", scenario), ...REFUSALS },
  }),
  get: createRoute({
    method: "get",
    path: "/api/scenarios/{id}",
    tags,
    summary: "Read a scenario with its draft",
    request: { params: scenarioPath, query: z.strictObject({}) },
    responses: { 200: answer("The scenario; ETag is its draft's version.", scenario), ...REFUSALS },
  }),
  put: createRoute({
    method: "put",
    path: "/api/scenarios/{id}",
    tags,
    summary: "Store a new draft version; what runs is not changed",
    request: { params: scenarioPath, body: source, headers: ifMatch },
    responses: { 200: answer("The scenario with its new draft.", scenario), ...REFUSALS },
  }),
  lint: createRoute({
    method: "post",
    path: "/api/scenarios/{id}/lint",
    tags,
    summary: "Look for mistakes in the draft",
    request: { params: scenarioPath },
    responses: {
      200: answer(
        "Findings, errors first; `ok` is true without errors.",
        z.object({ ok: z.boolean(), data: z.array(finding) }),
      ),
      ...REFUSALS,
    },
  }),
  activate: createRoute({
    method: "post",
    path: "/api/scenarios/{id}/activate",
    tags,
    summary: "Let the draft run, also after a pause; 422 with lint's errors",
    description:
      "Runs of earlier versions stay with theirs unless `runs` is `migrate`: then they go on at the block of the same name " +
      "and kind, or at the one that `blocks` names for it, which must be of that kind. With `side_by_side` the draft replaces nothing: it runs beside the " +
      "live version for a share of contacts until one of them is kept; 422 where the two begin in different ways, 409 to " +
      "whatever else is activated meanwhile.",
    request: {
      params: scenarioPath,
      headers: ifMatch,
      body: { required: false, content: { "application/json": { schema: publishing } } },
    },
    responses: { 200: answer("The active scenario.", scenario), ...REFUSALS },
  }),
  positions: createRoute({
    method: "get",
    path: "/api/scenarios/{id}/positions",
    tags,
    summary: "Where everybody in the scenario waits, and where the draft would take them on",
    request: { params: scenarioPath, query: z.strictObject({}) },
    responses: { 200: answer("Runs by version and block.", z.object({ data: z.array(position) })), ...REFUSALS },
  }),
  pause: turn("/api/scenarios/{id}/pause", "paused", "Hold every run where it stands and let nobody in"),
  resume: turn(
    "/api/scenarios/{id}/resume",
    "active",
    "Go on after a pause in the version that ran; a newer draft stays one. 409 with what to do where it is not paused",
  ),
  archive: turn("/api/scenarios/{id}/archive", "archived", "End the scenario for good, with everybody in it"),
};

/** Scenarios from draft to archive. */
export function scenarioRoutes(servicesFor: ServicesFor): OpenAPIHono {
  const app = newApi();
  app.openapi(routes.list, async (c) => {
    const services = servicesFor(c);
    const { env, config } = services;
    const pager = new Pager<StoredScenario>(config.LINK_SECRET, c.req.path, c.req.valid("query"), (row) => [
      row.createdAt,
      row.id,
    ]);
    const { after } = pager;
    const place = after && { createdAt: Number(after[0]), id: String(after[1]) };
    return c.json(
      pager.page(await listScenarios(env.DB, place, pager.limit + 1), (row) => show(row, services)),
      200,
    );
  });
  app.openapi(routes.create, async (c) => {
    const source = readSource(await c.req.json(), callRefusal(servicesFor(c)));
    const stored = await createScenario(servicesFor(c), newId(c, "scn"), source);
    return c.json(show(stored, servicesFor(c)), 201, { ...tag(stored), Location: `/api/scenarios/${stored.id}` });
  });
  app.openapi(routes.get, async (c) => {
    const stored = await scenarioOf(servicesFor(c), c.req.valid("param").id);
    return c.json(show(stored, servicesFor(c)), 200, tag(stored));
  });
  app.openapi(routes.put, async (c) => {
    const source = readSource(await c.req.json(), callRefusal(servicesFor(c)));
    const base = baseOf(c.req.header("If-Match"));
    const stored = await reviseScenario(servicesFor(c), c.req.valid("param").id, source, base);
    return c.json(show(stored, servicesFor(c)), 200, tag(stored));
  });
  app.openapi(routes.lint, async (c) => {
    const services = servicesFor(c);
    const findings = await lintScenario(services, await scenarioOf(services, c.req.valid("param").id));
    const data = findings.map(({ path, ...rest }) => ({ ...rest, path: [...path] }));
    return c.json({ ok: !data.some(({ level }) => level === "error"), data }, 200);
  });
  app.openapi(routes.activate, async (c) => {
    const base = baseOf(c.req.header("If-Match"));
    const {
      runs,
      back_population: late,
      side_by_side: beside,
      ...choice
    } = publishing.parse(c.req.valid("json") ?? {});
    const { id } = c.req.valid("param");
    const takeOver = runs === "migrate" ? choice : null;
    const stored = beside
      ? await activateBeside(servicesFor(c), id, base, beside.share)
      : await activateScenario(servicesFor(c), id, base, takeOver, late);
    return c.json(show(stored, servicesFor(c)), 200, tag(stored));
  });
  app.openapi(routes.positions, async (c) => {
    const found = await readPositions(servicesFor(c), c.req.valid("param").id, takeOverInput.parse({}));
    return c.json({ data: found.map(({ inDraft, ...rest }) => ({ ...rest, in_draft: inDraft })) }, 200);
  });
  app.openapi(routes.pause, async (c) => {
    const stored = await pauseScenario(servicesFor(c), c.req.valid("param").id);
    return c.json(show(stored, servicesFor(c)), 200, tag(stored));
  });
  app.openapi(routes.resume, async (c) => {
    const stored = await resumeScenario(servicesFor(c), c.req.valid("param").id);
    return c.json(show(stored, servicesFor(c)), 200, tag(stored));
  });
  app.openapi(routes.archive, async (c) => {
    const stored = await archiveScenario(servicesFor(c), c.req.valid("param").id);
    return c.json(show(stored, servicesFor(c)), 200, tag(stored));
  });
  return app;
}
