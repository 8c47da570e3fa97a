import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { listEntries, listRehearsals } from "../scenarios/rehearsal-store";
import { beginRehearsal, cancelRehearsal, rehearsalOf } from "../services/rehearsals/begin";
import { contactId } from "../shared/ids";
import type { ServicesFor } from "./api";
import { answer, body, newApi, REFUSALS, timeText } from "./api";
import { idempotencyHeader, newId } from "./idempotency";
import { listOf, Pager, pageQuery } from "./page";
import { readPeriod } from "./period";
import { rehearsalInput, rehearsalOut, rehearsedEntry } from "./rehearsals-schema";
import { showRehearsal } from "./rehearsals-show";
import { streamProgress } from "./rehearsals-stream";
import { scenarioPath } from "./scenario-routes";

const tags = ["Scenarios"];
const path = z.object({ id: z.string().min(1).max(80) });
const LATEST = 50;

const routes = {
  begin: createRoute({
    method: "post",
    path: "/api/scenarios/{id}/rehearsals",
    tags,
    summary: "Rehearse a version over any period, archive included; it goes on by itself",
    request: { params: scenarioPath, headers: idempotencyHeader, body: body(rehearsalInput) },
    responses: { 202: answer("It is under way: ask for it by its id.", rehearsalOut), ...REFUSALS },
  }),
  list: createRoute({
    method: "get",
    path: "/api/scenarios/{id}/rehearsals",
    tags,
    summary: "The latest rehearsals of a scenario",
    request: { params: scenarioPath },
    responses: { 200: answer("The latest first.", z.object({ data: z.array(rehearsalOut) })), ...REFUSALS },
  }),
  find: createRoute({
    method: "get",
    path: "/api/rehearsals/{id}",
    tags,
    summary: "How far a rehearsal is, and what it came to",
    description: "With `Accept: application/x-ndjson` it answers line by line until the rehearsal is over.",
    request: { params: path },
    responses: { 200: answer("The rehearsal.", rehearsalOut), ...REFUSALS },
  }),
  cancel: createRoute({
    method: "post",
    path: "/api/rehearsals/{id}/cancel",
    tags,
    summary: "End a rehearsal that is under way",
    request: { params: path },
    responses: { 200: answer("The rehearsal.", rehearsalOut), ...REFUSALS },
  }),
  entries: createRoute({
    method: "get",
    path: "/api/rehearsals/{id}/entries",
    tags,
    summary: "Who would have come in or been refused, in the order of their times",
    request: {
      params: path,
      query: z.strictObject({
        ...pageQuery,
        side: z.enum(["version", "compare"]).default("version"),
        outcome: z.string().max(40).optional(),
        reason: z.string().max(80).optional(),
        withheld: z.string().max(80).optional().openapi({ description: "Why a message of theirs did not leave." }),
      }),
    },
    responses: { 200: answer("A page of entries.", listOf(rehearsedEntry)), ...REFUSALS },
  }),
};

/** Rehearsals that are stored, and go on whoever watches. */
export function rehearsalsRoutes(servicesFor: ServicesFor): OpenAPIHono {
  const app = newApi();
  app.openapi(routes.begin, async (c) => {
    const services = servicesFor(c);
    const { from, to, ...rest } = c.req.valid("json");
    const asked = { scenario: c.req.valid("param").id, ...readPeriod(from, to), ...rest };
    const row = await beginRehearsal(services, newId(c, "reh"), asked);
    return c.json(await showRehearsal(services, row), 202);
  });
  app.openapi(routes.list, async (c) => {
    const services = servicesFor(c);
    const rows = await listRehearsals(services.env.DB, c.req.valid("param").id, LATEST);
    return c.json({ data: await Promise.all(rows.map((row) => showRehearsal(services, row))) }, 200);
  });
  app.openapi(routes.find, async (c) => {
    const services = servicesFor(c);
    const { id } = c.req.valid("param");
    if ((c.req.header("Accept") ?? "").includes("application/x-ndjson")) {
      await rehearsalOf(services, id);
      return streamProgress(services, id) as never;
    }
    return c.json(await showRehearsal(services, await rehearsalOf(services, id)), 200);
  });
  app.openapi(routes.cancel, async (c) => {
    const services = servicesFor(c);
    return c.json(await showRehearsal(services, await cancelRehearsal(services, c.req.valid("param").id)), 200);
  });
  app.openapi(routes.entries, async (c) => {
    const services = servicesFor(c);
    const { id } = c.req.valid("param");
    const { side, outcome, reason, withheld, ...query } = c.req.valid("query");
    await rehearsalOf(services, id);
    const pager = new Pager<{ enteredAt: number; run: string }>(
      services.config.LINK_SECRET,
      `/api/rehearsals/${id}/entries`,
      query,
      ({ enteredAt, run }) => [enteredAt, run],
    );
    const filter = { side: side === "compare" ? 1 : 0, outcome, reason, withheld };
    const [at, run] = pager.after ?? [0, ""];
    const rows = await listEntries(services.env.DB, id, filter, [Number(at), String(run)], pager.limit + 1);
    const page = pager.page(rows, (row) => row) as { data: typeof rows; next_cursor: string | null };
    const data = page.data.map(({ contact, enteredAt, exitedAt, side: _side, run: _run, messages, ...rest }) => ({
      contact_id: contact === 0 ? null : contactId(contact),
      ...rest,
      entered_at: timeText(enteredAt),
      exited_at: timeText(exitedAt),
      messages: messages as z.output<typeof rehearsedEntry>["messages"],
    }));
    return c.json({ data, next_cursor: page.next_cursor }, 200);
  });
  return app;
}
