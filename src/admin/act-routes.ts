import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { actResultWords } from "../reports/act-words";
import { contactId } from "../shared/ids";
import { mayRetry, retryAct } from "./act-actions";
import type { ActRow } from "./act-store";
import { ACT_CHOICES, listActs } from "./act-store";
import type { ServicesFor } from "./api";
import { answer, newApi, REFUSALS, time, timeText, words } from "./api";
import { idempotencyHeader } from "./idempotency";
import { listOf, Pager, pageQuery } from "./page";

const tags = ["Acts"];

const act = z
  .object({
    id: z.string(),
    contact_id: z.string(),
    run_id: z.string(),
    scenario: z.string(),
    block: z.string(),
    kind: z.string(),
    details: z.record(z.string(), z.unknown()),
    at: time.openapi({ description: "When the run came to it." }),
    state: z.enum(["pending", "done", "failed", "refused", "left_out"]),
    result: z.string().nullable(),
    words: words.openapi({ description: "What came of it." }),
    attempts: z.number().int(),
    next_attempt_at: time.nullable(),
    done_at: time.nullable(),
    may_retry: z.boolean(),
  })
  .openapi("Act");

const routes = {
  list: createRoute({
    method: "get",
    path: "/api/acts",
    tags,
    summary: "What runs had done beside messages, the latest first",
    request: {
      query: z.strictObject({
        ...pageQuery,
        state: z.enum(ACT_CHOICES).default("open").openapi({
          description:
            "`failed`: it could not or may not be done. `left_out`: its run was stopped before, or is only measured.",
        }),
        kind: z.string().min(1).max(60).optional(),
        scenario: z.string().min(1).max(80).optional(),
      }),
    },
    responses: { 200: answer("A page of acts.", listOf(act)), ...REFUSALS },
  }),
  retry: createRoute({
    method: "post",
    path: "/api/acts/{id}/retry",
    tags,
    summary: "Call again where a call came to nothing",
    description: "Only calls to the outside that failed or were refused; anything else is 409. The call keeps its id.",
    request: { params: z.object({ id: z.string().min(1).max(120) }), headers: idempotencyHeader },
    responses: { 202: answer("The act, in line again.", act), ...REFUSALS },
  }),
};

/** What an act was to do, as far as it is shown: headers of a call may hold a secret of its receiver. */
export function shownDetails({ details }: Pick<ActRow, "details">): Record<string, unknown> {
  const { headers: _secret, ...shown } = JSON.parse(details) as Record<string, unknown>;
  return shown;
}

function show(row: ActRow): z.output<typeof act> {
  return {
    id: row.id,
    contact_id: contactId(row.contact),
    run_id: row.run,
    scenario: row.scenario,
    block: row.block,
    kind: row.kind,
    details: shownDetails(row),
    at: timeText(row.at),
    state: row.state as "done",
    result: row.result,
    words: { en: actResultWords(row.result, "en"), fr: actResultWords(row.result, "fr") },
    attempts: row.attempts,
    next_attempt_at: row.state === "pending" ? timeText(row.nextAt) : null,
    done_at: timeText(row.doneAt),
    may_retry: mayRetry(row),
  };
}

/** What runs had done, and a second try for calls that came to nothing. */
export function actRoutes(servicesFor: ServicesFor): OpenAPIHono {
  const app = newApi();
  app.openapi(routes.list, async (c) => {
    const { env, config } = servicesFor(c);
    const { state: choice, kind = null, scenario = null, ...query } = c.req.valid("query");
    const list = `${c.req.path}?${choice}&${kind ?? ""}&${scenario ?? ""}`;
    const pager = new Pager<ActRow>(config.LINK_SECRET, list, query, ({ at, contact, id }) => [at, contact, id]);
    const { after } = pager;
    const behind = after && { at: Number(after[0]), contact: Number(after[1]), id: String(after[2]) };
    return c.json(pager.page(await listActs(env.DB, { choice, kind, scenario }, behind, pager.limit + 1), show), 200);
  });
  app.openapi(routes.retry, async (c) => c.json(show(await retryAct(servicesFor(c), c.req.valid("param").id)), 202));
  return app;
}
