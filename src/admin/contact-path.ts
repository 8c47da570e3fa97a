import * as z from "zod";
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

/** The row of a contact that exists. */
export async function rowOf(services: Services, id: string): Promise<number> {
  return (await contactOf(services, id)).id;
}
