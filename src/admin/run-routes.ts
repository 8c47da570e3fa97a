import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { contactId } from "../shared/ids";
import type { ServicesFor } from "./api";
import { answer, newApi, REFUSALS, timeText } from "./api";
import { funnelOf } from "./funnel";
import { listOf, Pager, pageQuery } from "./page";
import { funnel, type message, run } from "./run-schema";
import type { RunMessage, RunRow } from "./run-store";
import { listRunMessages, listRuns, readFunnel } from "./run-store";
import { scenarioOf } from "./scenario-actions";
import { scenarioPath } from "./scenario-routes";

const OUTCOMES = ["running", "goal", "interrupted", "superseded", "timeout", "completed", "refused", "failed"] as const;

const routes = {
  runs: createRoute({
    method: "get",
    path: "/api/scenarios/{id}/runs",
    tags: ["Scenarios"],
    summary: "Who came in or was refused, with every message decided, the latest first",
    request: {
      params: scenarioPath,
      query: z.strictObject({ ...pageQuery, outcome: z.enum(OUTCOMES).optional() }),
    },
    responses: { 200: answer("A page of runs.", listOf(run)), ...REFUSALS },
  }),
  funnel: createRoute({
    method: "get",
    path: "/api/scenarios/{id}/funnel",
    tags: ["Scenarios"],
    summary: "What became of everybody who came, and of every message",
    request: { params: scenarioPath, query: z.strictObject({}) },
    responses: {
      200: answer("Counts. For each block, decided = sent + suppressed + failed + unknown + pending.", funnel),
      ...REFUSALS,
    },
  }),
};

function showMessage(row: RunMessage): z.output<typeof message> {
  return {
    block: row.block,
    channel: row.channel,
    at: timeText(row.plannedAt ?? row.decidedAt),
    decision: row.decision as "send",
    reason: row.reason,
    decided_at: timeText(row.decidedAt),
    send_id: row.send,
    state: row.state,
    state_reason: row.stateReason,
  };
}

function showRun(row: RunRow, messages: readonly RunMessage[]): z.output<typeof run> {
  return {
    id: row.id,
    contact_id: contactId(row.contact),
    external_id: row.externalId,
    anonymous_id: row.anonymousId,
    version: row.version,
    entry_key: row.entryKey,
    entered_at: timeText(row.enteredAt),
    messages: messages.filter((one) => one.run === row.id && one.contact === row.contact).map(showMessage),
    block: row.exitedAt === null ? null : row.block,
    exited_at: timeText(row.exitedAt),
    outcome: row.outcome,
    reason: row.reason,
    path: row.path === null ? null : pathOf(row.path),
  };
}

function pathOf(text: string): z.output<typeof run>["path"] {
  return (JSON.parse(text) as [string, number, string][]).map(([block, at, output]) => {
    return { block, left_at: timeText(at), output };
  });
}

/** What happened in a scenario. */
export function runRoutes(servicesFor: ServicesFor): OpenAPIHono {
  const app = newApi();
  app.openapi(routes.runs, async (c) => {
    const services = servicesFor(c);
    const { id } = await scenarioOf(services, c.req.valid("param").id);
    const query = c.req.valid("query");
    const place = (row: RunRow): (string | number)[] => [row.enteredAt, row.contact, row.id];
    const pager = new Pager<RunRow>(services.config.LINK_SECRET, c.req.path, query, place);
    const { after, limit } = pager;
    const behind = after && { enteredAt: Number(after[0]), contact: Number(after[1]), id: String(after[2]) };
    const rows = await listRuns(services.env.DB, id, { outcome: query.outcome ?? null, after: behind }, limit + 1);
    const messages = rows.length > 0 ? await listRunMessages(services.env.DB, rows.slice(0, limit)) : [];
    return c.json(
      pager.page(rows, (row) => showRun(row, messages)),
      200,
    );
  });
  app.openapi(routes.funnel, async (c) => {
    const services = servicesFor(c);
    const { id } = await scenarioOf(services, c.req.valid("param").id);
    const { runs, messages } = await readFunnel(services.env.DB, id);
    return c.json(funnelOf(runs, messages), 200);
  });
  return app;
}
