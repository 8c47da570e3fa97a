import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import type { Services } from "../services";
import { Fault } from "../shared/fault";
import { contactId } from "../shared/ids";
import type { ServicesFor } from "./api";
import { answer, newApi, REFUSALS, time, timeText } from "./api";
import { idempotencyHeader } from "./idempotency";
import { listOf, Pager, pageQuery } from "./page";
import type { SendPlace, SendRow } from "./send-store";
import { findSend, listSends, requeueSend, SEND_STATES } from "./send-store";

const tags = ["Messages"];

const send = z
  .object({
    id: z.string().openapi({ description: "Also the provider's idempotency key." }),
    contact_id: z.string(),
    run_id: z.string(),
    scenario: z.string().openapi({ description: "Or the campaign." }),
    campaign: z.string().nullable().openapi({ description: "Name of the campaign; null for a scenario's message." }),
    block: z.string(),
    channel: z.string(),
    class: z.string(),
    content: z.string(),
    content_version: z.number().int(),
    state: z.enum(SEND_STATES),
    reason: z.string().nullable(),
    attempts: z.number().int(),
    next_attempt_at: time.nullable(),
    first_attempt_at: time.nullable(),
    provider_id: z.string().nullable(),
    created_at: time,
    updated_at: time,
  })
  .openapi("Send");

const routes = {
  list: createRoute({
    method: "get",
    path: "/api/sends",
    tags,
    summary: "Permitted messages, newest first",
    request: { query: z.strictObject({ ...pageQuery, state: z.enum(SEND_STATES).optional() }) },
    responses: { 200: answer("A page of sends.", listOf(send)), ...REFUSALS },
  }),
  replay: createRoute({
    method: "post",
    path: "/api/sends/{id}/replay",
    tags,
    summary: "Send again what failed, or of which nobody knows whether it left",
    description:
      "Only in the states failed and unknown; anything else is 409. It passes the permit again, so what has been " +
      "withdrawn or ordered since keeps it back. An unknown one may have reached the person already.",
    request: { params: z.object({ id: z.string().min(1).max(80) }), headers: idempotencyHeader },
    responses: { 202: answer("The send, in line again.", send), ...REFUSALS },
  }),
};

function show(row: SendRow): z.output<typeof send> {
  return {
    id: row.id,
    contact_id: contactId(row.contact),
    run_id: row.run,
    scenario: row.scenario,
    campaign: row.campaign,
    block: row.block,
    channel: row.channel,
    class: row.class,
    content: row.content,
    content_version: row.contentVersion,
    state: row.state as "sent",
    reason: row.reason,
    attempts: row.attempts,
    next_attempt_at: row.state === "queued" ? timeText(row.nextAt) : null,
    first_attempt_at: timeText(row.firstAttemptAt),
    provider_id: row.providerId,
    created_at: timeText(row.createdAt),
    updated_at: timeText(row.updatedAt),
  };
}

/** Puts a send back in line and wakes its queue. Throws not-found, or conflict where its state forbids it. */
export async function replaySend(services: Services, id: string): Promise<SendRow> {
  const { DB } = services.env;
  const found = await findSend(DB, id);
  if (!found) throw new Fault("not-found", "No send has this id.");
  if (!(await requeueSend(DB, found, services.clock.now()))) {
    throw new Fault("conflict", `Only what failed or is unknown can be sent again; this one is ${found.state}.`);
  }
  await services.offer([found]);
  return (await findSend(DB, id)) ?? found;
}

/** Messages that were permitted, and a second try for those that did not leave. */
export function sendRoutes(servicesFor: ServicesFor): OpenAPIHono {
  const app = newApi();
  app.openapi(routes.list, async (c) => {
    const { env, config } = servicesFor(c);
    const { state, ...query } = c.req.valid("query");
    const place = (row: SendPlace): (string | number)[] => [row.place, row.contact, row.id];
    const pager = new Pager<SendRow>(config.LINK_SECRET, `${c.req.path}?${state ?? ""}`, query, place);
    const { after } = pager;
    const behind = after && { place: Number(after[0]), contact: Number(after[1]), id: String(after[2]) };
    return c.json(pager.page(await listSends(env.DB, state, behind, pager.limit + 1), show), 200);
  });
  app.openapi(routes.replay, async (c) => c.json(show(await replaySend(servicesFor(c), c.req.valid("param").id)), 202));
  return app;
}
