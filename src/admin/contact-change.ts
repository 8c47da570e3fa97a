import * as z from "zod";
import { normalisePhone } from "../contacts/address";
import type { Changeable, ProfileChange } from "../contacts/change";
import { CHANGE_FIELDS, CHANGED, MAX_ATTRIBUTES, profileVersion, withChange } from "../contacts/change";
import { ownEvent } from "../events/event";
import { checkTree } from "../events/tree";
import type { Services } from "../services";
import type { FieldError } from "../shared/fault";
import { Fault } from "../shared/fault";
import { derivedId } from "../shared/ids";
import { isTimezone } from "../shared/wall-time";
import { contactOf } from "./contact-path";
import type { ContactRow } from "./contact-store";

const name = z.string().trim().min(1).max(200).nullish();

/** What an admin may change of a contact. Who somebody is and what they agreed to have routes of their own. */
export const changeInput = z
  .strictObject({
    phone: z.string().max(40).nullish().openapi({ description: "A mobile number; national forms need the country." }),
    first_name: name,
    last_name: name,
    civility: name,
    language: z
      .string()
      .regex(/^[a-z]{2}$/, "is not a language of two small letters")
      .nullish(),
    country: z
      .string()
      .regex(/^[A-Z]{2}$/, "is not a country of two capital letters")
      .nullish(),
    timezone: z.string().max(80).refine(isTimezone, "is not a time zone such as Europe/Paris").nullish(),
    attributes: z
      .record(z.string().min(1).max(256), z.unknown())
      .optional()
      .openapi({ description: "Merged into what is there; null takes an attribute away." }),
  })
  .openapi("ContactChange", { example: { first_name: "Ann", attributes: { size: "M" } } });

/** The entity tag of what can be changed of a contact. */
export function contactTag({ profile }: Pick<ContactRow, "profile">): string {
  return `"${profileVersion(profile)}"`;
}

/**
 * Changes a contact, if it still is as `ifMatch` says where that is given. Throws precondition-failed where it is not,
 * also where somebody else changed it in the meantime.
 */
export async function changeContact(
  services: Services,
  id: string,
  input: z.output<typeof changeInput>,
  ifMatch: string | undefined,
): Promise<ContactRow> {
  const before = await contactOf(services, id);
  const seen = matchedTag(before, ifMatch);
  const change = readChange(input, before);
  const now = services.clock.now();
  const event = ownEvent(derivedId("chg", before.id, now, crypto.randomUUID()), CHANGED, now, before.id, {
    change,
    ...(seen !== null && { seen }),
  });
  await services.say([event], "The change could not be stored. Send it again.");
  const after = await contactOf(services, id);
  // The ledger has the last word on whether the contact still was what was seen.
  if (profileVersion(withChange(after.profile, change)) !== profileVersion(after.profile)) throw changedSince();
  return after;
}

function matchedTag(before: ContactRow, ifMatch: string | undefined): string | null {
  if (ifMatch === undefined || ifMatch.trim() === "*") return null;
  if (ifMatch.trim().replace(/^W\//, "") !== contactTag(before)) throw changedSince();
  return profileVersion(before.profile);
}

function changedSince(): Fault {
  return new Fault("precondition-failed", "The contact was changed since it was read. Read it again.");
}

function readChange(input: z.output<typeof changeInput>, before: ContactRow): ProfileChange {
  if (before.profile.mergedInto !== null) {
    throw new Fault("conflict", "The contact is part of another one now; `merged_into` names it.");
  }
  const { attributes = {}, phone } = input;
  const fault = checkTree(attributes);
  const errors: FieldError[] = fault ? [{ ...fault, pointer: `/attributes${fault.pointer}` }] : [];
  const fields: Partial<Record<Changeable, string | null>> = {};
  for (const [key, field] of Object.entries(CHANGE_FIELDS) as [keyof typeof CHANGE_FIELDS, Changeable][]) {
    if (input[key] !== undefined) fields[field] = input[key];
  }
  if (typeof phone === "string") {
    const country = input.country === undefined ? before.profile.country : input.country;
    fields.phone = normalisePhone(phone, country);
    if (fields.phone === null) errors.push({ pointer: "/phone", detail: "is not a mobile number" });
  }
  const { length } = Object.keys(withChange(before.profile, { fields, attributes }).attributes);
  if (length > MAX_ATTRIBUTES) {
    errors.push({ pointer: "/attributes", detail: `would be more than ${MAX_ATTRIBUTES}` });
  }
  if (errors.length > 0) throw new Fault("invalid-input", "The change does not fit: see `errors`.", errors);
  return { fields, attributes };
}
