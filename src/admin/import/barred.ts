import { normalisePhone } from "../../contacts/address";
import { resolver } from "../../contacts/identity";
import { EMPTIED } from "../../contacts/profile";
import type { LedgerEvent } from "../../events/event";
import type { Services } from "../../services";
import { hasTombstones, selectTombstones } from "../../services/seal";

/** Which of some events are about people who were erased and did not come back by themselves, by the events' ids. */
export async function aboutErased(services: Services, events: readonly LedgerEvent[]): Promise<ReadonlySet<string>> {
  const { DB } = services.env;
  if (events.length === 0 || !(await hasTombstones(DB))) return new Set();
  const names = new Map(events.map((event) => [event.id, namesIn(event)]));
  const all = [...new Set([...names.values()].flat())];
  const sealed = new Map(all.map((name) => [services.seal(name), name]));
  const known = "SELECT i.identity FROM identities i JOIN contacts c ON c.id = i.contact WHERE i.identity IN ";
  const [barred, living] = await DB.batch([
    selectTombstones(DB, [...sealed.keys()]),
    DB.prepare(`${known} (SELECT value FROM json_each(?1)) AND c.status NOT IN ${EMPTIED}`).bind(JSON.stringify(all)),
  ]);
  const hashes = (barred?.results ?? []) as { hash: string }[];
  const gone = new Set(hashes.map(({ hash }) => sealed.get(hash)));
  for (const { identity } of (living?.results ?? []) as { identity: string }[]) gone.delete(identity);
  return new Set(events.flatMap(({ id }) => (names.get(id)?.some((name) => gone.has(name)) ? [id] : [])));
}

/** Why a line about them is not taken. */
export function aboutNobody(line: number): { readonly line: number; readonly reason: string } {
  return { line, reason: "is about somebody who was erased" };
}

function namesIn(event: LedgerEvent): string[] {
  const phone = normalisePhone(event.traits?.["phone"], null);
  return [...resolver.keys(event), ...(phone === null ? [] : [`p:${phone}`])];
}
