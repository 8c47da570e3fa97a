import type { Book } from "../events/book";
import type { LedgerEvent } from "../events/event";
import type { MergeWish, Taken, UnmergeWish } from "../events/merging";
import type { Profile } from "./profile";
import { profileOf } from "./profile";

/** Names of our own events that make two contacts one, and two again. */
export const MERGED = "contact.merged";
export const UNMERGED = "contact.unmerged";

/**
 * Why a contact can be no part of a merge; null where it can. Whatever status comes to be beside these, an erased
 * contact's above all, keeps a contact out of every merge.
 */
export function mergeRefusal(winner: Profile, loser: Profile): "winner_unverified" | "merged_already" | null {
  if (winner.mergedInto !== null || loser.mergedInto !== null) return "merged_already";
  if (winner.status !== "verified") return "winner_unverified";
  return loser.status === "verified" || loser.status === "anonymous" ? null : "merged_already";
}

/** The other contact of such an event, which has to be looked up as well. */
export function mergedBefore(event: LedgerEvent): readonly number[] {
  const loser = event.type === "internal" ? event.properties?.["loser"] : undefined;
  return typeof loser === "number" ? [loser] : [];
}

/** The merge that an event of ours asks for; null where it asks for none, or for one that is impossible by now. */
export function mergeNamed(event: LedgerEvent, contact: number, book: Book): MergeWish | null {
  const [loser] = event.name === MERGED ? mergedBefore(event) : [];
  const [into, from] = profiles(book, contact, loser);
  if (loser === undefined || !into || !from || loser === contact || mergeRefusal(into, from) !== null) return null;
  const by = event.properties?.["by"];
  return { loser, cause: "admin", by: typeof by === "string" ? by : "admin" };
}

/** The undo that an event of ours asks for; null unless the merge it names is the one in force. */
export function unmergeNamed(event: LedgerEvent, contact: number, book: Book): UnmergeWish | null {
  const [loser] = event.name === UNMERGED ? mergedBefore(event) : [];
  const [, from] = profiles(book, contact, loser);
  if (loser === undefined || from?.mergedInto !== contact || event.contact !== contact) return null;
  const { merge, seq, taken } = event.properties ?? {};
  // Nothing writes a merged contact, so its number is still that of the merge.
  if (typeof merge !== "string" || book.peek(loser)?.seq !== seq) return null;
  return { id: merge, loser, seq: Number(seq), taken: taken as Taken };
}

function profiles(book: Book, ...ids: readonly (number | undefined)[]): (Profile | null)[] {
  return ids.map((id) => {
    const record = id === undefined ? undefined : book.peek(id);
    return record ? profileOf(record) : null;
  });
}
