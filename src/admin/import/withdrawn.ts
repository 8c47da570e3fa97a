import type { ConsentKey } from "../../contacts/consent";
import { refusesFiles, statedConsents } from "../../contacts/consent";
import { readContact, selectContacts } from "../../contacts/store";
import type { LedgerEvent } from "../../events/event";
import type { Services } from "../../services";
import { knownPeople } from "./tell";

/** Consents that some lines state of people who have said no, by the events' ids: they do not count. */
export async function withdrawnGrants(
  services: Services,
  events: readonly LedgerEvent[],
): Promise<ReadonlyMap<string, readonly ConsentKey[]>> {
  const granting = events.filter((event) => grantsOf(event).length > 0);
  if (granting.length === 0) return new Map();
  const people = await knownPeople(services, granting);
  const ids = JSON.stringify([...new Set(people.values())]);
  const { results } = await selectContacts(services.env.DB, ids).all();
  const profiles = new Map(results.map(readContact).map(({ base, profile }) => [base.id, profile]));
  return new Map(
    granting.flatMap((event) => {
      const profile = profiles.get(people.get(event.id) ?? 0);
      const refused = profile ? grantsOf(event).filter((key) => refusesFiles(profile.consents, key)) : [];
      return refused.length > 0 ? [[event.id, refused] as const] : [];
    }),
  );
}

function grantsOf({ type, traits }: LedgerEvent): ConsentKey[] {
  if (type !== "identify") return [];
  return statedConsents(traits?.["consent"]).flatMap(([key, given]) => (given ? [key] : []));
}
