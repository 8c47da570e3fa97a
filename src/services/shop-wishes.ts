import { normaliseEmail } from "../contacts/address";
import { dueAfter } from "../contacts/privacy-projection";
import type { Occasion, PrivacyWish } from "../events/connectors/connector";
import type { LedgerEvent } from "../events/event";
import type { Services } from "../services";
import { Fault } from "../shared/fault";
import { derivedId } from "../shared/ids";
import { beginErasure, requestEvent, wholeFamily } from "./erase-begin";
import { putTombstones } from "./seal";

/**
 * Carries on what a shop passes on of a person's rights. A wish to know is noted with its deadline. An erasure begins
 * where the shop's platform asks for it, and is only noted where somebody has to confirm it. That a whole shop is to be
 * forgotten is noted and never done by itself. True where an erasure has begun whose steps are to follow.
 */
export async function carryOutWish(services: Services, wish: PrivacyWish, occasion: Occasion): Promise<boolean> {
  const { DB } = services.env;
  const { source, topic, receivedAt: at } = occasion;
  const request = derivedId("prv", source, topic, wish.id);
  const contacts = wish.kind === "shop" ? [] : await contactsOf(DB, wish);
  if (contacts.length === 0) await noteAlone(DB, request, wish, at);
  const erases = wish.kind === "erasure" && wish.confirmed;
  for (const contact of contacts) {
    if (erases) {
      await beginErasure(services, contact, at);
    } else if (wish.kind !== "shop") {
      await noteRequest(services, requestEvent(`${request}.${contact}`, contact, wish.kind, at), wish.confirmed);
    }
  }
  // Whoever is not known yet may be in a delivery that is late.
  if (erases) await bar(services, wish, at);
  return erases && contacts.length > 0;
}

/** Whom a wish is about: by user id, by address, and those whose orders it names. Nobody twice, and nobody who is erased. */
async function contactsOf(db: D1Database, { user, email, orders }: PrivacyWish): Promise<number[]> {
  const sql =
    "WITH named (contact) AS (SELECT contact FROM identities WHERE identity IN (SELECT value FROM json_each(?1)) " +
    "UNION SELECT contact FROM orders WHERE order_id IN (SELECT value FROM json_each(?2))) " +
    "SELECT c.id FROM named n JOIN contacts c ON c.id = n.contact WHERE c.status NOT IN ('erased', 'expired') ORDER BY c.id";
  const { results } = await db
    .prepare(sql)
    .bind(JSON.stringify(identitiesOf(user, email)), JSON.stringify(orders))
    .all<{ id: number }>();
  const seen = new Set<number>();
  const heads: number[] = [];
  for (const { id } of results) {
    if (seen.has(id)) continue;
    heads.push(id);
    for (const relative of await wholeFamily(db, id)) seen.add(relative);
  }
  return heads;
}

function identitiesOf(user: string | null, email: string | null): string[] {
  const address = normaliseEmail(email);
  return [...(user === null ? [] : [`u:${user}`]), ...(address === null ? [] : [`e:${address}`])];
}

async function noteRequest(services: Services, event: LedgerEvent, confirmed: boolean): Promise<void> {
  // What was not asked for by the person's own word waits for one.
  const properties = { ...event.properties, ...(!confirmed && { by: "shop" }) };
  const { status } = await services.append({ receivedAt: event.at, events: [{ ...event, properties }] }, null);
  if (status !== "stored") throw new Fault("unavailable", "The request could not be stored. Send it again.", [], 5);
}

/** A request that hangs on nobody: of a whole shop, or about somebody of whom nothing is held, which answers it. */
async function noteAlone(db: D1Database, request: string, { kind }: PrivacyWish, at: number): Promise<void> {
  const sql =
    "INSERT INTO privacy_requests (id, contact, kind, asked_at, due_at, asked_by, confirmed_at, done_at) " +
    "VALUES (?1, 0, ?2, ?3, ?4, 'admin', ?3, ?5) ON CONFLICT DO NOTHING";
  await db
    .prepare(sql)
    .bind(request, kind, at, dueAfter(at), kind === "shop" ? null : at)
    .run();
}

/** Keeps what comes late from making anew whom the shop has forgotten. */
async function bar(services: Services, { user, email }: PrivacyWish, at: number): Promise<void> {
  const hashes = identitiesOf(user, email).map(services.seal);
  await putTombstones(
    services.env.DB,
    hashes.map((hash) => [hash, at] as const),
  );
  await services.ledger.refresh();
}
