import { verifiedEmail } from "../../contacts/identity";
import { readHeads, selectIdentities } from "../../contacts/store";
import type { LedgerEvent } from "../../events/event";
import type { Services } from "../../services";
import { slices } from "../../shared/slices";
import { aboutErased, aboutNobody } from "./barred";
import { appendHistory } from "./history";
import type { WrittenItems } from "./kind";

/** Something of ours that a line says of a person, who is named by the shop's own id, an address, or both. */
export interface Told {
  readonly line: number;
  readonly event: LedgerEvent;
}

/** Whom events are about as far as the shop knows them, by the events' ids; whoever was taken over counts as the other. */
export async function knownPeople(
  { env }: Services,
  events: readonly LedgerEvent[],
): Promise<ReadonlyMap<string, number>> {
  const wanted = [...new Set(events.flatMap(identitiesOf))];
  const { results } = await selectIdentities(env.DB, JSON.stringify(wanted)).all<{
    identity: string;
    contact: number;
  }>();
  const contacts = new Map(results.map(({ identity, contact }) => [identity, contact]));
  const heads = await readHeads(env.DB, [...new Set(contacts.values())]);
  return new Map(
    events.flatMap((event) => {
      const named = identitiesOf(event).flatMap((identity) => contacts.get(identity) ?? [])[0];
      const head = named === undefined ? undefined : heads.get(named);
      return head === undefined ? [] : [[event.id, head] as const];
    }),
  );
}

/** Their id counts before their address. */
function identitiesOf(event: LedgerEvent): string[] {
  const email = verifiedEmail(event);
  return [...(event.user === undefined ? [] : [`u:${event.user}`]), ...(email === null ? [] : [`e:${email}`])];
}

/**
 * Hands what lines say of people to the ledger, as history. Who is not known yet is made known first. Throws where the
 * ledger does not take it: the same again is safe.
 */
export async function tellLedger(
  services: Services,
  told: readonly Told[],
  known: ReadonlyMap<string, number>,
): Promise<WrittenItems> {
  const erased = await aboutErased(
    services,
    told.map(({ event }) => event),
  );
  const wanted = told.filter(({ event }) => !erased.has(event.id));
  const events = wanted.flatMap(({ event }) => (known.has(event.id) ? [event] : [introduction(event), event]));
  for (const some of slices(events, (event) => JSON.stringify(event).length)) {
    await appendHistory(services, some, services.clock.now());
  }
  const rejected = told.flatMap(({ line, event }) => (erased.has(event.id) ? [aboutNobody(line)] : []));
  return { accepted: wanted.length, duplicates: 0, rejected };
}

/** An event of our own says nothing of who somebody is. */
function introduction({ id, at, user, email }: LedgerEvent): LedgerEvent {
  const who = { ...(user !== undefined && { user }), ...(email !== undefined && { email }) };
  return { id: `${id}.who`, type: "identify", name: "", at, trust: "import", ...who };
}
