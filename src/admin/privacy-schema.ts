import * as z from "zod";
import { contactId } from "../shared/ids";
import { time, timeText } from "./api";
import { contact } from "./contact-schema";
import type { PrivacyRequest, ProviderDeletion } from "./privacy-store";

/** A row as it is stored. */
export const row = z.record(z.string(), z.unknown());

export const request = z
  .object({
    id: z.string(),
    contact_id: z.string().nullable().openapi({ description: "Null where it hangs on nobody." }),
    kind: z.enum(["erasure", "access", "shop"]).openapi({
      description:
        "`shop`: a shop's platform asks that everything of the shop be forgotten; nothing does so by itself.",
    }),
    asked_by: z.enum(["admin", "person"]),
    asked_at: time,
    due_at: time.openapi({ description: "One month after it was asked." }),
    confirmed_at: time.nullable().openapi({
      description:
        "When it was known to be the person's own wish. An erasure that was asked for by a link waits for it.",
    }),
    done_at: time.nullable(),
    overdue: z.boolean(),
    provider_deletions: z.array(
      z.object({
        channel: z.string(),
        messages: z.array(z.string()).openapi({ description: "The provider's own ids." }),
        asked_at: time,
        done_at: time.nullable(),
      }),
    ),
  })
  .openapi("PrivacyRequest");

export const everything = z
  .object({
    generated_at: time,
    profile: contact,
    consents: z.array(row).openapi({ description: "Every word on consent, with its proof." }),
    messages: z.array(row).openapi({ description: "Messages, each with its decisions and their reasons." }),
    events: z.array(row).openapi({ description: "As they came in, archived ones too." }),
    scenario_state: z.record(z.string(), z.array(row)),
    tables: z.record(z.string(), z.array(row)).openapi({ description: "Every row, as stored, by table." }),
  })
  .openapi("ContactExport");

export const registerEntry = z.object({
  table: z.string(),
  holds: z.string(),
  why: z.string(),
  kept: z.string(),
  on_erasure: z.string(),
  place: z.string(),
  handed_to: z.array(z.string()),
  personal: z.boolean(),
});

export const accepted = z.object({ id: z.string() });

/** A request as answers show it. */
export function showRequest(
  one: PrivacyRequest,
  deletions: readonly ProviderDeletion[],
  now: number,
): z.output<typeof request> {
  return {
    id: one.id,
    contact_id: one.contact === 0 ? null : contactId(one.contact),
    kind: one.kind,
    asked_by: one.askedBy === "admin" ? "admin" : "person",
    asked_at: timeText(one.askedAt),
    due_at: timeText(one.dueAt),
    confirmed_at: timeText(one.confirmedAt),
    done_at: timeText(one.doneAt),
    overdue: one.doneAt === null && one.dueAt < now,
    provider_deletions: deletions
      .filter((deletion) => deletion.request === one.id)
      .map(({ channel, messages, askedAt, doneAt }) => ({
        channel,
        messages: JSON.parse(messages) as string[],
        asked_at: timeText(askedAt),
        done_at: timeText(doneAt),
      })),
  };
}
