import * as z from "zod";
import { statedTime, time, words } from "./api";
import { message } from "./run-schema";

const count = z.number().int();
const counts = z.record(z.string(), count);
const byDay = z.record(z.string(), counts).openapi({ description: "By channel and day (UTC)." });
const version = z.number().int().min(1);
const money = z.object({ amount: count, currency: z.string() });
const share = z.number().min(0).max(1);

/** What is asked of a rehearsal. */
export const rehearsalInput = z.strictObject({
  from: statedTime,
  to: statedTime,
  version: version.optional().openapi({ description: "The draft where it is left out." }),
  compare: version.optional().openapi({ description: "A version to tell it apart from." }),
  assume: z
    .strictObject({ opened: share.default(0), clicked: share.default(0) })
    .optional()
    .openapi({ description: "Shares of messages that people are taken to open and click; else nobody does." }),
});

const sms = z.object({
  messages: count,
  segments: count,
  cost: money,
  by_country: z.record(z.string(), z.object({ messages: count, segments: count, cost: money })),
});

const overlap = z.object({
  messages: count.openapi({
    description: "Messages within a day of one that another live scenario sends to the same contact.",
  }),
  contacts: count,
  by_scenario: z.record(z.string(), z.object({ messages: count, contacts: count })),
  kept_out: count.openapi({ description: "Entries that another scenario of the exclusion group kept out." }),
  gave_way: count.openapi({ description: "Runs that ended for another scenario of the group." }),
  took_over: count.openapi({ description: "Runs of others that ended for this one." }),
});

/** What one version came to. */
export const rehearsalTotals = z.object({
  opened: count,
  fired: count,
  converted: count,
  emptied: count,
  pending: count,
  entered: count,
  refused: counts,
  outcomes: counts,
  messages: byDay,
  withheld: counts,
  withheld_days: byDay,
  acts: counts.openapi({ description: "What runs would have had done beside messages; nothing of it was." }),
  sms,
  overlap,
});

const brief = z.object({
  outcome: z.string().nullable(),
  reason: z.string().nullable(),
  messages: z.array(z.string()),
});

/** How a rehearsal stands and, at its end, what it came to. */
export const rehearsalOut = z
  .object({
    id: z.string(),
    scenario: z.string(),
    version,
    compare: version.nullable(),
    from: time,
    to: time,
    status: z.enum(["running", "done", "cancelled", "failed"]),
    phase: z.enum(["look", "lay", "play", "clean"]).nullable(),
    progress: z.number().openapi({ description: "From 0 to 1." }),
    events: count,
    reason: z.string().nullable(),
    created_at: time,
    finished_at: time.nullable(),
    totals: rehearsalTotals.nullable(),
    compared: rehearsalTotals.nullable().openapi({ description: "What the version came to that it is compared with." }),
    difference: z
      .object({
        totals: counts,
        outcomes: counts.openapi({ description: "What became of entries, as `before>after`." }),
        examples: z.array(
          z.object({
            contact_id: z.string().nullable(),
            entry_key: z.string(),
            before: brief.nullable(),
            after: brief.nullable(),
          }),
        ),
      })
      .nullable(),
    listed: count.openapi({ description: "Entries that are listed; the totals count all." }),
    read_as_of_today: z.array(z.string()),
    assumptions: z.array(z.object({ code: z.string(), text: words })),
  })
  .openapi("StoredRehearsal");

/** An entry of a stored rehearsal. */
export const rehearsedEntry = z
  .object({
    contact_id: z.string().nullable(),
    external_id: z.string().nullable(),
    anonymous_id: z.string().nullable(),
    entry_key: z.string(),
    entered_at: time,
    messages: z.array(message.pick({ block: true, channel: true, at: true, decision: true, reason: true })),
    exited_at: time.nullable(),
    outcome: z.string().nullable(),
    reason: z.string().nullable(),
  })
  .openapi("RehearsedEntry");
