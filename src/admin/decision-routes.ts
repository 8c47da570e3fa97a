import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import type { Context } from "hono";
import * as z from "zod";
import type { Services } from "../services";
import { contactId } from "../shared/ids";
import type { ServicesFor } from "./api";
import { answer, newApi, REFUSALS, time, timeText } from "./api";
import { contactPath, rowOf } from "./contact-path";
import type { DecisionFilter, DecisionRow } from "./decision-store";
import { listDecisions } from "./decision-store";
import { listOf, Pager, pageQuery } from "./page";

const decision = z
  .object({
    contact_id: z.string(),
    send_id: z.string(),
    run_id: z.string(),
    scenario: z.string(),
    block: z.string(),
    channel: z.string(),
    decision: z.enum(["send", "suppressed", "held"]),
    reason: z.string(),
    rule: z.number().int().openapi({ description: "Version of the gate's rules." }),
    inputs: z.record(z.string(), z.unknown()).openapi({ description: "What the gate looked at." }),
    at: time,
  })
  .openapi("Decision");

const query = z.strictObject({
  ...pageQuery,
  outcome: z.enum(["send", "suppressed", "held"]).optional(),
  scenario: z.string().max(80).optional(),
});

const routes = {
  all: createRoute({
    method: "get",
    path: "/api/decisions",
    tags: ["Messages"],
    summary: "Every decision of the gate, newest first",
    request: { query },
    responses: { 200: answer("A page of decisions.", listOf(decision)), ...REFUSALS },
  }),
  ofContact: createRoute({
    method: "get",
    path: "/api/contacts/{id}/decisions",
    tags: ["Contacts"],
    summary: "Why a contact got a message or did not, newest first",
    request: { params: contactPath, query },
    responses: { 200: answer("A page of decisions.", listOf(decision)), ...REFUSALS },
  }),
};

function show(row: DecisionRow): z.output<typeof decision> {
  return {
    contact_id: contactId(row.contact),
    send_id: row.send,
    run_id: row.run,
    scenario: row.scenario,
    block: row.block,
    channel: row.channel,
    decision: row.outcome as "send",
    reason: row.reason,
    rule: row.rule,
    inputs: JSON.parse(row.inputs) as Record<string, unknown>,
    at: timeText(row.at),
  };
}

async function pageOf(
  context: Context,
  { env, config }: Services,
  asked: z.output<typeof query>,
  contact: number | undefined,
) {
  const place = (row: DecisionRow): (string | number)[] => [row.at, row.contact, row.id];
  const pager = new Pager<DecisionRow>(config.LINK_SECRET, context.req.path, asked, place);
  const { after } = pager;
  const filter: DecisionFilter = {
    contact,
    scenario: asked.scenario,
    outcome: asked.outcome,
    after: after && { at: Number(after[0]), contact: Number(after[1]), id: String(after[2]) },
  };
  return pager.page(await listDecisions(env.DB, filter, pager.limit + 1), show);
}

/** Why messages left or did not. */
export function decisionRoutes(servicesFor: ServicesFor): OpenAPIHono {
  const app = newApi();
  app.openapi(routes.all, async (c) => c.json(await pageOf(c, servicesFor(c), c.req.valid("query"), undefined), 200));
  app.openapi(routes.ofContact, async (c) => {
    const services = servicesFor(c);
    const row = await rowOf(services, c.req.valid("param").id);
    return c.json(await pageOf(c, services, c.req.valid("query"), row), 200);
  });
  return app;
}
