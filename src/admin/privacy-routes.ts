import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import type { Services } from "../services";
import { readStored } from "../services/access";
import { SHARD_TABLES, storedTables } from "../services/stored-tables";
import type { ServicesFor } from "./api";
import { answer, body, newApi, REFUSALS, time, timeText } from "./api";
import { contactPath, livingOf } from "./contact-path";
import { showContact } from "./contact-schema";
import { idempotencyHeader, newId } from "./idempotency";
import { listOf, Pager, pageQuery } from "./page";
import { answerRequest, confirmRequest, eraseContact, noteDeletion, noteRequest, requestOf } from "./privacy-actions";
import { accepted, everything, registerEntry, request, row, showRequest } from "./privacy-schema";
import type { PrivacyRequest } from "./privacy-store";
import { deletionsOf, hygieneReports, listRequests } from "./privacy-store";
import { ELSEWHERE, registerOf } from "./register";

const tags = ["Privacy"];
const routes = {
  erase: createRoute({
    method: "delete",
    path: "/api/contacts/{id}",
    tags,
    summary: "Erase a contact",
    description:
      "The contact is empty when this answers, and nothing is sent to it any more; the rest of its rows, its events in " +
      "journal and archive and its scenario state follow in steps. `GET /api/privacy/requests/{id}` says when it is done.",
    request: { params: contactPath },
    responses: { 202: answer("The request's id.", accepted), ...REFUSALS },
  }),
  export: createRoute({
    method: "get",
    path: "/api/contacts/{id}/export",
    tags,
    summary: "Everything that is stored of a contact",
    request: { params: contactPath, query: z.strictObject({}) },
    responses: { 200: answer("Everything.", everything), ...REFUSALS },
  }),
  list: createRoute({
    method: "get",
    path: "/api/privacy/requests",
    tags,
    summary: "Requests for access and erasure: open ones first, the most overdue at the top",
    request: { query: z.strictObject(pageQuery) },
    responses: { 200: answer("A page of requests.", listOf(request)), ...REFUSALS },
  }),
  get: createRoute({
    method: "get",
    path: "/api/privacy/requests/{id}",
    tags,
    summary: "How a request stands",
    request: { params: z.object({ id: z.string().max(80) }), query: z.strictObject({}) },
    responses: { 200: answer("The request.", request), ...REFUSALS },
  }),
  ask: createRoute({
    method: "post",
    path: "/api/privacy/requests",
    tags,
    summary: "Note what somebody asked for; an erasure is then carried out",
    request: {
      headers: idempotencyHeader,
      body: body(z.strictObject({ contact_id: z.string().max(80), kind: z.enum(["erasure", "access"]) })),
    },
    responses: { 201: answer("The request.", accepted), ...REFUSALS },
  }),
  confirm: createRoute({
    method: "post",
    path: "/api/privacy/requests/{id}/confirm",
    tags,
    summary:
      "Note that the person asked for it themselves: an erasure that was asked for by a link is then carried out",
    request: { params: z.object({ id: z.string().max(80) }), headers: idempotencyHeader },
    responses: { 200: answer("The request.", request), ...REFUSALS },
  }),
  done: createRoute({
    method: "post",
    path: "/api/privacy/requests/{id}/done",
    tags,
    summary: "Mark a request for access as answered",
    request: { params: z.object({ id: z.string().max(80) }), headers: idempotencyHeader },
    responses: { 200: answer("The request.", request), ...REFUSALS },
  }),
  deleted: createRoute({
    method: "post",
    path: "/api/privacy/requests/{id}/provider-deletions/{channel}/done",
    tags,
    summary: "Note that a channel's provider has deleted the messages that it was asked to",
    request: {
      params: z.object({ id: z.string().max(80), channel: z.string().max(40) }),
      headers: idempotencyHeader,
    },
    responses: { 200: answer("The request.", request), ...REFUSALS },
  }),
  register: createRoute({
    method: "get",
    path: "/api/privacy/register",
    tags,
    summary: "What is stored, why, for how long, and where it goes",
    request: { query: z.strictObject({}) },
    responses: { 200: answer("The register.", z.object({ data: z.array(registerEntry) })), ...REFUSALS },
  }),
  hygiene: createRoute({
    method: "get",
    path: "/api/privacy/hygiene",
    tags,
    summary: "What the monthly hygiene found and did, newest first",
    request: { query: z.strictObject({}) },
    responses: {
      200: answer("Reports.", z.object({ data: z.array(z.object({ month: z.string(), at: time, report: row })) })),
      ...REFUSALS,
    },
  }),
};

async function shown(services: Services, id: string): Promise<z.output<typeof request>> {
  const found = await requestOf(services, id);
  return showRequest(found, await deletionsOf(services.env.DB, [id]), services.clock.now());
}

/** Everything that is stored of a contact, by its public id. Throws not-found. */
export async function exportOf(services: Services, id: string): Promise<z.output<typeof everything>> {
  const found = await livingOf(services, id);
  const { tables, state, events } = await readStored(services, found.id);
  const { consent_events: consents = [], sends = [], decisions = [] } = tables;
  return {
    generated_at: timeText(services.clock.now()),
    profile: showContact(found, services),
    consents: [...consents],
    messages: sends.map((send) => ({ ...send, decisions: decisions.filter((one) => one["send"] === send["id"]) })),
    events: events.map(({ receivedAt, event }) => ({ received_at: timeText(receivedAt), ...event })),
    scenario_state: Object.fromEntries(Object.entries(state).map(([name, rows]) => [name, [...rows]])),
    tables: Object.fromEntries(Object.entries(tables).map(([name, rows]) => [name, [...rows]])),
  };
}

/** Erasure, access, the log of requests and the register. */
export function privacyRoutes(servicesFor: ServicesFor): OpenAPIHono {
  const app = newApi();
  app.openapi(routes.erase, async (c) => {
    const services = servicesFor(c);
    const id = await eraseContact(services, c.req.valid("param").id, c.executionCtx);
    return c.json({ id }, 202, { Location: `/api/privacy/requests/${id}` });
  });
  app.openapi(routes.export, async (c) => c.json(await exportOf(servicesFor(c), c.req.valid("param").id), 200));
  app.openapi(routes.list, async (c) => {
    const { env, config, clock } = servicesFor(c);
    const place = (one: PrivacyRequest): (string | number)[] => [one.doneAt === null ? 0 : 1, one.dueAt, one.id];
    const pager = new Pager<PrivacyRequest>(config.LINK_SECRET, c.req.path, c.req.valid("query"), place);
    const { after } = pager;
    const behind = after && { done: Number(after[0]), dueAt: Number(after[1]), id: String(after[2]) };
    const rows = await listRequests(env.DB, behind, pager.limit + 1);
    const deletions = await deletionsOf(
      env.DB,
      rows.map(({ id }) => id),
    );
    const now = clock.now();
    return c.json(
      pager.page(rows, (one) => showRequest(one, deletions, now)),
      200,
    );
  });
  app.openapi(routes.get, async (c) => c.json(await shown(servicesFor(c), c.req.valid("param").id), 200));
  app.openapi(routes.ask, async (c) => {
    const services = servicesFor(c);
    const { contact_id: about, kind } = c.req.valid("json");
    const id = newId(c, "prv");
    await noteRequest(services, id, kind, about, c.executionCtx);
    return c.json({ id }, 201, { Location: `/api/privacy/requests/${id}` });
  });
  app.openapi(routes.confirm, async (c) => {
    const services = servicesFor(c);
    const { id } = c.req.valid("param");
    await confirmRequest(services, id, c.executionCtx);
    return c.json(await shown(services, id), 200);
  });
  app.openapi(routes.done, async (c) => {
    const services = servicesFor(c);
    const { id } = c.req.valid("param");
    await answerRequest(services, id);
    return c.json(await shown(services, id), 200);
  });
  app.openapi(routes.deleted, async (c) => {
    const services = servicesFor(c);
    const { id, channel } = c.req.valid("param");
    await noteDeletion(services, id, channel);
    return c.json(await shown(services, id), 200);
  });
  app.openapi(routes.register, async (c) => {
    const d1 = registerOf("D1", await storedTables(servicesFor(c).env.DB));
    const data = [...d1, ...registerOf("Contact shards (Durable Objects)", SHARD_TABLES), ...ELSEWHERE];
    return c.json({ data: data.map((entry) => ({ ...entry, handed_to: [...entry.handed_to] })) }, 200);
  });
  app.openapi(routes.hygiene, async (c) => {
    const reports = await hygieneReports(servicesFor(c).env.DB);
    const data = reports.map(({ month, report, at }) => ({
      month,
      at: timeText(at),
      report: JSON.parse(report) as Record<string, unknown>,
    }));
    return c.json({ data }, 200);
  });
  return app;
}
