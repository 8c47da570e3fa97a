import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { answer, body, REFUSALS, statedTime, time } from "./api";
import { rehearsalTotals } from "./rehearsals-schema";
import { message } from "./run-schema";
import { scenarioPath } from "./scenario-routes";

const who = { external_id: z.string().nullable(), anonymous_id: z.string().nullable() };

const entry = z.object({
  ...who,
  entry_key: z.string(),
  entered_at: time.openapi({ description: "For an abandoned cart, the moment at which it counts as such." }),
  messages: z.array(message.pick({ block: true, channel: true, at: true, decision: true, reason: true })),
  exited_at: time.nullable(),
  outcome: z.string().nullable().openapi({ description: "null while the run is on its way." }),
  reason: z.string().nullable(),
});

const rehearsal = z
  .object({
    entries: z.array(entry),
    pending: z.array(z.object({ ...who, cart: z.string(), due_at: time })),
    totals: rehearsalTotals,
    read_as_of_today: z.array(z.string()).openapi({
      description: "What rules read that has no history: of today's rows only what had happened by then counts.",
    }),
  })
  .openapi("Rehearsal");

/** Describes the rehearsal, whose route streams and so reads its request itself. */
export function registerRehearsal(app: OpenAPIHono): void {
  app.openAPIRegistry.registerPath({
    method: "post",
    path: "/api/scenarios/{id}/rehearse",
    tags: ["Scenarios"],
    summary: "Run the draft over past events under a virtual clock; writes nothing",
    description: "With `Accept: application/x-ndjson` it answers line by line, as it goes.",
    request: { params: scenarioPath, body: body(z.strictObject({ from: statedTime, to: statedTime })) },
    responses: { 200: answer("What would have happened.", rehearsal), ...REFUSALS },
  });
}
