import { verifiedEmail } from "../contacts/identity";
import { mergedInto, profileOf } from "../contacts/profile";
import type { Book } from "../events/book";
import type { LedgerEvent } from "../events/event";
import type { Resolver } from "../events/fold";
import { wayOf } from "../events/merging";
import { guestOf, orderIdentity, orderKeys, orderOf } from "./order";

/**
 * Finds the contact of an event where orders are known as well. A guest's order goes over to whom the shop names for it
 * later: the guest, who is nothing but that order, becomes part of that contact.
 */
export function withOrders(resolver: Resolver): Resolver {
  return {
    ...resolver,
    keys: (event) => [...resolver.keys(event), ...orderKeys(event)],
    resolve(event, book, createId, receivedAt) {
      const resolution = resolver.resolve(event, book, createId, receivedAt);
      const guest = resolution && namesSomebody(event) ? guestWith(orderOf(event), book) : null;
      if (resolution === null || guest === null || guest === resolution.contact) return resolution;
      const merges = resolution.merges ?? [];
      return { ...resolution, merges: [...merges, { loser: guest, cause: "guest_order", by: event.trust }] };
    },
  };
}

function namesSomebody(event: LedgerEvent): boolean {
  return event.user !== undefined || verifiedEmail(event) !== null;
}

/** The guest who holds an order; null where it is somebody's, or nobody's yet. */
function guestWith(order: string | null, book: Book): number | null {
  const holder = order === null ? undefined : book.find(orderIdentity(order));
  if (order === null || holder === undefined) return null;
  const head = wayOf(holder, (id) => book.peek(id), mergedInto).at(-1) ?? holder;
  const record = book.peek(head);
  const profile = record && profileOf(record);
  return profile?.status === "anonymous" && profile.anonymousId === guestOf(order) ? head : null;
}
