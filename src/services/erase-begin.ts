import { EMPTIED } from "../contacts/profile";
import { familyOf, headOf } from "../contacts/wanted";
import type { LedgerEvent } from "../events/event";
import { ownEvent } from "../events/event";
import type { Services } from "../services";
import { derivedId } from "../shared/ids";

/** A contact, whoever took it over and whoever they took over, without those that are empty already. */
export async function wholeFamily(db: D1Database, contact: number): Promise<number[]> {
  const sql =
    `SELECT c.id FROM contacts o JOIN contacts c ON c.id IN (${familyOf(headOf("o"))}) ` +
    `WHERE o.id = ?1 AND c.status NOT IN ${EMPTIED} ORDER BY c.id`;
  const { results } = await db.prepare(sql).bind(contact).all<{ id: number }>();
  return results.map(({ id }) => id);
}

/** Contacts that others, which are empty, had taken over. */
export async function relativesOf(db: D1Database, contacts: readonly number[]): Promise<number[]> {
  const sql = `SELECT id FROM contacts WHERE merged_into IN (SELECT value FROM json_each(?1)) AND status NOT IN ${EMPTIED} ORDER BY id`;
  const { results } = await db.prepare(sql).bind(JSON.stringify(contacts)).all<{ id: number }>();
  return results.map(({ id }) => id);
}

/** The id of the request to erase a contact: one, however often it is asked. */
export function erasureId(contact: number): string {
  return derivedId("prv", "erasure", contact);
}

/** The event that somebody asked for access or erasure. */
export function requestEvent(id: string, contact: number, kind: "erasure" | "access", at: number): LedgerEvent {
  return ownEvent(id, "privacy.requested", at, contact, { kind, by: "admin", request: id });
}

/** Begins to erase a contact and all of its family, asked for at `at` (epoch ms). Returns the request's id. Throws as `emptyContacts`. */
export async function beginErasure(services: Services, contact: number, at: number): Promise<string> {
  const id = erasureId(contact);
  const asked = requestEvent(id, contact, "erasure", at);
  await emptyContacts(services, id, await wholeFamily(services.env.DB, contact), true, [asked]);
  return id;
}

/**
 * Empties contacts through the ledger, so that what is accepted from then on finds nobody, and notes that the rest of
 * their rows is to go. Ids only. Throws a Fault where it could not be stored.
 */
export async function emptyContacts(
  services: Services,
  request: string,
  contacts: readonly number[],
  bars: boolean,
  before: readonly LedgerEvent[] = [],
): Promise<void> {
  const now = services.clock.now();
  const events = contacts.map((contact) =>
    ownEvent(derivedId("era", request, contact, now), "contact.erased", now, contact, { request, bars }),
  );
  await services.say([...before, ...events], "The erasure could not be stored. Send it again.");
}
