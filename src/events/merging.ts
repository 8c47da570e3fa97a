import { derivedId } from "../shared/ids";
import type { ApplyContext, ContactRecord, Happening, MergeContext, Projection, RowBuffer } from "./projection";

/** A merge that an event asks for or brings about. */
export interface MergeWish {
  readonly loser: number;
  readonly cause: MergeCause;
  readonly by: string;
}

/** Why two contacts became one: the same verified address, the shop's alias call, an admin, or a guest's order that the shop names a customer for. */
export type MergeCause = "verified_address" | "alias" | "admin" | "guest_order";

/** An undo, with what the merge had taken over. `seq`: the journal number of the merge. */
export interface UnmergeWish {
  readonly id: string;
  readonly loser: number;
  readonly seq: number;
  readonly taken: Taken;
}

/** What a merge took over, by projection. */
export type Taken = Readonly<Record<string, unknown>>;

/** A merge as the log keeps it. Times are epoch ms. */
export interface Merge {
  readonly id: string;
  readonly seq: number;
  readonly winner: number;
  readonly loser: number;
  readonly cause: MergeCause;
  readonly by: string;
  readonly at: number;
  readonly taken: Taken;
}

/** Keeps the log of merges. Each answers whether scenario state has to move between the two contacts' shards. */
export interface MergeLog {
  readonly merged: (merge: Merge, context: MergeContext, rows: RowBuffer) => boolean;
  readonly unmerged: (wish: UnmergeWish, context: MergeContext, rows: RowBuffer) => boolean;
}

/** A contact and whoever took it over, one after the other, as far as memory knows them. The last stands for all. */
export function wayOf(
  contact: number,
  recordOf: (id: number) => ContactRecord | undefined,
  mergedInto: (record: ContactRecord) => number | null,
): [number, ...number[]] {
  const way: [number, ...number[]] = [contact];
  for (let record = recordOf(contact); record; ) {
    const next = mergedInto(record);
    if (next === null) break;
    way.push(next);
    record = recordOf(next);
  }
  return way;
}

type Projections = Readonly<Record<string, Projection<unknown>>>;

/** Makes an unknown visitor a part of the contact that it turned out to be. */
export function absorbVisitor(visitor: ContactRecord, context: ApplyContext, projections: Projections): void {
  const { record } = context;
  for (const [key, part] of Object.entries(projections)) part.absorb(record.slices[key], visitor.slices[key], context);
  record.ring = visitor.ring + record.ring;
  record.seenAt = Math.max(record.seenAt, visitor.seenAt);
  visitor.seq = record.seq;
}

/** The id of a merge: it follows from the event that brought it about, so a repeat names the same one. */
export function mergeId(event: string, loser: number): string {
  return derivedId("mrg", event, loser);
}

/** Makes two contacts one. Returns what the shards of the winner and the loser must hear. */
export function mergeContacts(
  wish: MergeWish,
  context: MergeContext,
  projections: Projections,
  log: MergeLog | undefined,
): Moved | null {
  const { winner, loser } = context;
  const taken: Record<string, unknown> = {};
  const { seq } = winner.record;
  loser.record.seq = seq;
  for (const [key, part] of Object.entries(projections)) {
    taken[key] = part.merge?.(winner.record.slices[key], loser.record.slices[key], context) ?? null;
  }
  winner.record.seenAt = Math.max(winner.record.seenAt, loser.record.seenAt);
  const { cause, by } = wish;
  const ids = { id: context.id, seq, winner: winner.record.id, loser: loser.record.id };
  const moves = log?.merged({ ...ids, cause, by, at: winner.event.at, taken }, context, winner.rows) ?? false;
  return moves ? movedFrom("loser", context.id, null, winner.event.at) : null;
}

/** Makes one contact two again, as they were before the merge and with what each did since. */
export function unmergeContacts(
  wish: UnmergeWish,
  context: MergeContext,
  projections: Projections,
  log: MergeLog | undefined,
): Moved | null {
  const { winner, loser } = context;
  loser.record.seq = winner.record.seq;
  for (const [key, part] of Object.entries(projections)) {
    part.unmerge?.(winner.record.slices[key], loser.record.slices[key], wish.taken[key], context);
  }
  // What came under the loser's names since stands in the winner's ring only.
  loser.record.ring = loser.record.ring + winner.record.ring;
  const moves = log?.unmerged(wish, context, winner.rows) ?? false;
  return moves ? movedFrom("winner", undoOf(wish.id), wish.id, winner.event.at) : null;
}

/** What the two shards hear in the order of the journal, so that neither mistakes what came before for after. */
export interface Moved {
  readonly winner: Happening;
  readonly loser: Happening;
}

/** The name of the way back of what a merge moved. */
export function undoOf(merge: string): string {
  return `${merge}.undo`;
}

/** `merge`: only what came by it goes back; null where everything goes. */
function movedFrom(from: "winner" | "loser", handover: string, merge: string | null, at: number): Moved {
  const out = { type: "handover.out", at, handover, merge };
  const expected = { type: "handover.in", at, handover };
  return from === "loser" ? { loser: out, winner: expected } : { winner: out, loser: expected };
}
