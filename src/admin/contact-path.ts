import * as z from "zod";
import { isEmptied } from "../contacts/profile";
import type { Services } from "../services";
import { Fault } from "../shared/fault";
import { contactId, contactRow } from "../shared/ids";
import type { ContactRow } from "./contact-store";
import { readContacts } from "./contact-store";

/** The id of a contact in a path. */
export const contactPath = z.object({
  id: z
    .string()
    .max(80)
    .openapi({ example: contactId(42) }),
});

/** A contact by its public id; throws not-found. */
export async function contactOf(services: Services, id: string): Promise<ContactRow> {
  const row = contactRow(id);
  const [found] = row === null ? [] : await readContacts(services.env.DB, [row]);
  if (!found) throw new Fault("not-found", "No contact has this id.");
  return found;
}

/** A contact that something may be stated of; throws conflict for one that was erased, which stays so. */
export async function livingOf(services: Services, id: string): Promise<ContactRow> {
  const found = await contactOf(services, id);
  if (isEmptied(found.profile)) throw new Fault("conflict", "This contact was erased and stays so.");
  return found;
}

/** The row of a contact that exists. */
export async function rowOf(services: Services, id: string): Promise<number> {
  return (await contactOf(services, id)).id;
}
