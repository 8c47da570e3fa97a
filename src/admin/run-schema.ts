import * as z from "zod";
import { time } from "./api";

/** The shape of a message of a run, as in a rehearsal with what has become of it. */
export const message = z.object({
  block: z.string(),
  channel: z.string(),
  at: time.openapi({ description: "When it was due to leave." }),
  decision: z.enum(["send", "suppressed", "held"]),
  reason: z.string(),
  decided_at: time,
  send_id: z.string(),
  state: z
    .string()
    .nullable()
    .openapi({ description: "Of the send: queued, claimed, sent, suppressed, failed, unknown." }),
  state_reason: z.string().nullable(),
});

/** The shape of a run. */
export const run = z
  .object({
    id: z.string(),
    contact_id: z.string(),
    external_id: z.string().nullable(),
    anonymous_id: z.string().nullable(),
    version: z.number().int(),
    entry_key: z.string(),
    entered_at: time,
    messages: z.array(message),
    block: z.string().nullable().openapi({ description: "Where the run ended; null while it is on its way." }),
    exited_at: time.nullable(),
    outcome: z.string().nullable().openapi({ description: "null while the run is on its way." }),
    reason: z.string().nullable(),
    path: z
      .array(z.object({ block: z.string(), left_at: time, output: z.string() }))
      .nullable()
      .openapi({ description: "The blocks that it left, and by which way out; null while it is on its way." }),
  })
  .openapi("Run");

const count = z.number().int();
const counts = z.record(z.string(), count);

const blockFunnel = z.object({
  block: z.string(),
  channel: z.string(),
  decided: count.openapi({ description: "Messages that a run wanted to send here." }),
  sent: count,
  suppressed: count.openapi({ description: "By the gate, or by the last look before the provider." }),
  failed: count,
  unknown: count.openapi({ description: "Perhaps accepted by the provider; never repeated by itself." }),
  pending: count.openapi({ description: "Held by the gate, queued or on its way." }),
  reasons: counts.openapi({ description: "Of the messages that have not left." }),
});

/** The shape of a funnel. */
export const funnel = z
  .object({
    entered: count,
    running: count,
    outcomes: counts.openapi({ description: "Of the runs that are over." }),
    refused: counts.openapi({ description: "Entries that were refused, by reason." }),
    blocks: z.array(blockFunnel),
  })
  .openapi("Funnel");
