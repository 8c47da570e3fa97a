import type { MergeStep } from "../contacts/merge-log";
import { undoOf } from "../events/merging";
import { log } from "../platform/log";
import type { Handover } from "../scenarios/handover";
import type { Share } from "../scenarios/state";
import type { Services } from "../services";
import { shardOf } from "../shared/ids";
import type { ShardRpc } from "./env";

/** A merge whose scenario state is still on its way, or on its way back where it was undone. */
interface OpenMerge {
  readonly id: string;
  readonly winner: number;
  readonly loser: number;
  readonly undone_at: number | null;
}

const NOTHING: Share = { watches: [], runs: [], held: [], past: [] };
const OPEN_SQL = "SELECT id, winner, loser, undone_at FROM merges WHERE step <> 'done' ORDER BY seq LIMIT 200";
// An undo that came meanwhile has put the row back to its beginning: it stays open then.
const STEP_SQL = "UPDATE merges SET step = ?2 WHERE id = ?1 AND undone_at IS ?3 AND step <> 'done'";

/**
 * Brings the scenario state of every open merge to where it belongs. Each step can be done again, so whatever a crash
 * left half done is simply done once more. Which of several comes first their shards know: one that has to wait for
 * another is tried again once that one is done.
 */
export async function resumeMerges(services: Services): Promise<void> {
  let { results: open } = await services.env.DB.prepare(OPEN_SQL).all<OpenMerge>();
  for (let before = Number.POSITIVE_INFINITY; open.length > 0 && open.length < before; ) {
    before = open.length;
    const left: OpenMerge[] = [];
    for (const merge of open) {
      try {
        if (!(await moveState(services, merge))) left.push(merge);
      } catch (error) {
        log("merge not finished", { merge: merge.id, error: String(error) });
      }
    }
    open = left;
  }
}

/** False where another merge of the same contacts has to be finished first. */
async function moveState(services: Services, merge: OpenMerge): Promise<boolean> {
  const { id, winner, loser, undone_at: undoneAt } = merge;
  // Both shards must have heard of it in its place among their wakes.
  await services.ledger.settled([winner, loser]);
  const step = async (name: MergeStep): Promise<void> => {
    await services.env.DB.prepare(STEP_SQL).bind(id, name, undoneAt).run();
  };
  const there = { id, from: loser, to: winner, merge: id, isUndo: false };
  const back = { id: undoOf(id), from: winner, to: loser, merge: id, isUndo: true };
  for (const handover of undoneAt === null ? [there] : [there, back]) {
    if (!(await handOver(services, handover, step))) return false;
  }
  await step("done");
  return true;
}

async function handOver(
  services: Services,
  handover: Handover,
  step: (name: MergeStep) => Promise<void>,
): Promise<boolean> {
  const shardFor = (contact: number): DurableObjectStub<ShardRpc> =>
    services.shard(shardOf(contact, services.config.CONTACT_SHARDS));
  const [giver, taker] = [shardFor(handover.from), shardFor(handover.to)];
  const share = await giver.handOver({ v: 1, step: "release", handover });
  if (share === "later") return false;
  // Without a share the other shard has it, or whoever was to give was erased: then nobody may wait for it any more.
  const taken = await taker.handOver({ v: 1, step: "receive", handover, share: share ?? NOTHING });
  if (taken === "later") return false;
  if (share === null) return true;
  await step("received");
  await giver.handOver({ v: 1, step: "forget", handover });
  return true;
}
