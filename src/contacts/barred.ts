import type { LedgerEvent } from "../events/event";

/**
 * Whether an event about somebody who was erased makes a new contact of them: a person who signs in, so that the shop's
 * token vouches for them, or who buys. Statements about them (an import, an identify call of a server, an old order
 * that is told again) bring nobody back. `since`: when they were erased, epoch ms.
 */
export function startsAnew(event: LedgerEvent, since: number): boolean {
  if (event.at <= since) return false;
  if (event.trust === "token" || event.trust === "internal") return true;
  return event.trust === "secret" && event.type === "track" && event.name.toLowerCase() === "order completed";
}
