import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import type { LedgerEvent } from "../events/event";
import { readEvent } from "../events/input";
import type { Services } from "../services";
import { replayDelivery } from "../services/webhooks";
import { Fault } from "../shared/fault";
import type { ServicesFor } from "./api";
import { answer, newApi, REFUSALS, time, timeText } from "./api";
import { idempotencyHeader } from "./idempotency";
import { listOf, Pager, pageQuery } from "./page";
import type { RejectedRow } from "./rejected-store";
import { findRejected, listRejected, markReplayed } from "./rejected-store";

const tags = ["Events"];

const rejected = z
  .object({
    id: z.number().int(),
    received_at: time,
    stage: z.enum(["input", "apply"]),
    message_id: z.string(),
    reason: z.string(),
    source: z.string().nullable().openapi({ description: "As in `GET /api/sources`, where it is known." }),
    code: z.string().nullable().openapi({ description: "The kind of reason under which it is counted." }),
    body: z.string().openapi({ description: "The event as it came, at most 32 KB of it." }),
    replayed_at: time.nullable(),
  })
  .openapi("RejectedEvent");

const routes = {
  list: createRoute({
    method: "get",
    path: "/api/rejected-events",
    tags,
    summary: "Events that were not taken, newest first",
    request: { query: z.strictObject(pageQuery) },
    responses: { 200: answer("A page of events.", listOf(rejected)), ...REFUSALS },
  }),
  replay: createRoute({
    method: "post",
    path: "/api/rejected-events/{id}/replay",
    tags,
    summary: "Take a rejected event in after all",
    description:
      "What was refused at the door is read again as a public key's claim, whoever sent it: a replay must not lend " +
      "it more trust than that. What could not be applied is applied as it was taken; a shop's webhook, which was signed, " +
      "is read again as one.",
    request: { params: z.object({ id: z.coerce.number().int().min(1) }), headers: idempotencyHeader },
    responses: { 200: answer("The event, marked as replayed.", rejected), ...REFUSALS },
  }),
};

function show(row: RejectedRow): z.output<typeof rejected> {
  return {
    id: row.id,
    received_at: timeText(row.receivedAt),
    stage: row.stage,
    message_id: row.messageId,
    reason: row.reason,
    source: row.source,
    code: row.code,
    body: row.body,
    replayed_at: timeText(row.replayedAt),
  };
}

function eventOf({ stage, body, receivedAt, messageId }: RejectedRow): LedgerEvent {
  let raw: unknown;
  try {
    raw = JSON.parse(body);
  } catch {
    throw new Fault("unprocessable", "The event was kept only in part and cannot be read.");
  }
  if (stage === "apply") return raw as LedgerEvent;
  const sender = { trust: "write", receivedAt, sentAt: undefined, context: null, origin: null, bot: false } as const;
  const read = readEvent(raw, sender, messageId);
  if (read.ok) return read.event;
  throw new Fault("unprocessable", `The event still cannot be taken: ${read.reason}`);
}

/** Takes a rejected event in. Throws not-found, conflict where it was replayed already, unprocessable. */
export async function replayRejected(services: Services, id: number): Promise<RejectedRow> {
  const { DB } = services.env;
  const row = await findRejected(DB, id);
  if (!row) throw new Fault("not-found", "No rejected event has this id.");
  if (row.replayedAt !== null) throw new Fault("conflict", "The event was replayed already.");
  if (!(await replayDelivery(services, row))) {
    const { status } = await services.append({ receivedAt: row.receivedAt, events: [eventOf(row)] }, null);
    if (status !== "stored") throw new Fault("unavailable", "The event could not be stored. Try again.", [], 5);
  }
  const now = services.clock.now();
  await markReplayed(DB, id, now);
  return { ...row, replayedAt: now };
}

/** Events that were not taken, and a second try for them. */
export function rejectedRoutes(servicesFor: ServicesFor): OpenAPIHono {
  const app = newApi();
  app.openapi(routes.list, async (c) => {
    const { env, config } = servicesFor(c);
    const pager = new Pager<RejectedRow>(config.LINK_SECRET, c.req.path, c.req.valid("query"), ({ id }) => [id]);
    const below = pager.after === null ? null : Number(pager.after[0]);
    return c.json(pager.page(await listRejected(env.DB, below, pager.limit + 1), show), 200);
  });
  app.openapi(routes.replay, async (c) =>
    c.json(show(await replayRejected(servicesFor(c), c.req.valid("param").id)), 200),
  );
  return app;
}
