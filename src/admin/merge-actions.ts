import { MERGED, mergeRefusal, UNMERGED } from "../contacts/merge-events";
import { isEmptied } from "../contacts/profile";
import type { Properties } from "../events/event";
import { ownEvent } from "../events/event";
import { mergeId } from "../events/merging";
import { log } from "../platform/log";
import type { Services } from "../services";
import { resumeMerges } from "../services/merges";
import { Fault } from "../shared/fault";
import { contactId, derivedId } from "../shared/ids";
import { contactOf, livingOf } from "./contact-path";
import type { MergeRow } from "./merge-store";
import { readMerge } from "./merge-store";

/** Puts an event of our own into the ledger; throws where it was not stored. */
function say(services: Services, id: string, name: string, contact: number, properties: Properties): Promise<void> {
  const event = ownEvent(id, name, services.clock.now(), contact, properties);
  return services.say([event], "The change could not be stored. Send it again.");
}

const REFUSALS = {
  emptied: "One of the two was erased and stays so.",
  merged_already: "One of the two is part of another contact already, or may be merged no more.",
  winner_unverified: "Nobody has verified who the contact is that shall remain. Merge into a verified one.",
} as const;

/** Merges a contact into another, for good or until it is undone. `id` names the request. */
export async function mergeInto(services: Services, loserId: string, winnerId: string, id: string): Promise<MergeRow> {
  const [loser, winner] = [await contactOf(services, loserId), await winnerOf(services, winnerId)];
  const known = await readMerge(services.env.DB, mergeId(id, loser.id));
  if (known) return known;
  if (isEmptied(loser.profile) || isEmptied(winner.profile)) throw new Fault("conflict", REFUSALS.emptied);
  if (loser.id === winner.id) throw new Fault("unprocessable", "A contact cannot be merged into itself.");
  const refusal = mergeRefusal(winner.profile, loser.profile);
  if (refusal) throw new Fault("conflict", REFUSALS[refusal]);
  await say(services, id, MERGED, winner.id, { loser: loser.id, by: "admin" });
  await finish(services);
  const merge = await readMerge(services.env.DB, mergeId(id, loser.id));
  if (!merge) throw new Fault("conflict", REFUSALS.merged_already);
  return merge;
}

async function winnerOf(services: Services, id: string): ReturnType<typeof contactOf> {
  try {
    return await contactOf(services, id);
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== "not-found") throw error;
    throw new Fault("invalid-input", "There is no such contact to merge into.", [
      { pointer: "/into", detail: "names no contact" },
    ]);
  }
}

/** Takes a merge back. What each contact did since stays with whom it came to. */
export async function undoMerge(services: Services, id: string): Promise<MergeRow> {
  const merge = await readMerge(services.env.DB, id);
  if (!merge) throw new Fault("not-found", "No merge has this id.");
  if (merge.undoneAt !== null) return merge;
  for (const one of [merge.winner, merge.loser]) await livingOf(services, contactId(one));
  const { winner, loser, seq, taken } = merge;
  await say(services, derivedId("und", id), UNMERGED, winner, { merge: id, loser, seq, taken });
  await finish(services);
  const undone = await readMerge(services.env.DB, id);
  if (undone?.undoneAt === undefined || undone.undoneAt === null) {
    throw new Fault("conflict", "The contact that remained was itself merged into another since. Undo that first.");
  }
  return undone;
}

/** What is not finished now, the sweep finishes. */
async function finish(services: Services): Promise<void> {
  try {
    await resumeMerges(services);
  } catch (error) {
    log("merges not resumed", { error: String(error) });
  }
}
