import * as z from "zod";
import { CONSENT_KEYS } from "../contacts/consent";
import { ownEvent } from "../events/event";
import type { Services } from "../services";
import { Fault } from "../shared/fault";
import { derivedId } from "../shared/ids";
import { statedTime } from "./api";

/** What an admin states in somebody's name. A grant needs its proof; a withdrawal counts at once and needs none. */
export const consentInput = z
  .strictObject({
    consent: z
      .partialRecord(z.enum(CONSENT_KEYS), z.boolean())
      .refine((stated) => Object.keys(stated).length > 0, "states nothing")
      .openapi({ example: { email: true } }),
    source: z.string().min(1).max(200).optional().openapi({ example: "form in the shop in Lyon" }),
    wording: z.string().min(1).max(500).optional().openapi({ example: "I agree to news by email." }),
    at: statedTime.optional().openapi({ description: "When the person said so; needed for a grant." }),
  })
  .superRefine((input, context) => {
    if (!Object.values(input.consent).includes(true)) return;
    for (const field of ["source", "wording", "at"] as const) {
      if (input[field] !== undefined) continue;
      context.addIssue({ code: "custom", path: [field], message: "is the proof of a grant and cannot be left out" });
    }
  })
  .openapi("ConsentStatement");

/** Records what was stated as events of our own, so that runs and queued messages hear of a withdrawal. */
export async function stateConsents(
  services: Services,
  contact: number,
  input: z.output<typeof consentInput>,
  id: string,
): Promise<void> {
  const now = services.clock.now();
  const stated = input.at === undefined ? now : Date.parse(input.at);
  if (stated > now) {
    const errors = [{ pointer: "/at", detail: "lies in the future" }];
    throw new Fault("invalid-input", "A consent cannot have been given yet to come.", errors);
  }
  const events = Object.entries(input.consent).map(([key, given]) => {
    const properties = { consent: key, source: input.source ?? "admin", wording: input.wording };
    const name = given ? "consent.granted" : "consent.withdrawn";
    // A withdrawal is of now, whatever time is stated: nothing that is older may undo it.
    const at = given ? stated : now;
    return ownEvent(derivedId("cns", id, key), name, at, contact, properties);
  });
  await services.say(events, "The consent could not be stored. Send it again.");
}
