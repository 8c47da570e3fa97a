import type { MergeStep } from "../contacts/merge-log";
import { undoOf } from "../events/merging";
import { log } from "../platform/log";
import type { Handover } from "../scenarios/handover";
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

const OPEN_SQL = "SELECT id, winner, loser, undone_at FROM merges WHERE step <> 'done' ORDER BY seq LIMIT 200";
// An undo that came meanwhile has put the row back to its beginning: it stays open then.
const STEP_SQL = "UPDATE merges SET step = ?2 WHERE id = ?1 AND undone_at IS ?3 AND step <> 'done'";

/**
 * Brings the scenario state of every open merge to where it belongs. Each step can be done again, so whatever a crash
 * left half done is simply done once more. Merges go in their order; one that fails holds up those of its contacts.
 */
export async function resumeMerges(services: Services): Promise<void> {
  const { results } = await services.env.DB.prepare(OPEN_SQL).all<OpenMerge>();
  const stuck = new Set<number>();
  for (const merge of results) {
    const { id, winner, loser } = merge;
    if (!stuck.has(winner) && !stuck.has(loser)) {
      try {
        await moveState(services, merge);
        continue;
      } catch (error) {
        log("merge not finished", { merge: id, error: String(error) });
      }
    }
    stuck.add(winner).add(loser);
  }
}

async function moveState(services: Services, merge: OpenMerge): Promise<void> {
  const { id, winner, loser, undone_at: undoneAt } = merge;
  // Both shards must have heard of it in its place among their wakes.
  await services.ledger.settled([winner, loser]);
  const step = async (name: MergeStep): Promise<void> => {
    await services.env.DB.prepare(STEP_SQL).bind(id, name, undoneAt).run();
  };
  await handOver(services, { id, from: loser, to: winner, merge: id, isUndo: false }, step);
  if (undoneAt !== null) {
    await handOver(services, { id: undoOf(id), from: winner, to: loser, merge: id, isUndo: true }, step);
  }
  await step("done");
}

async function handOver(
  services: Services,
  handover: Handover,
  step: (name: MergeStep) => Promise<void>,
): Promise<void> {
  const shardFor = (contact: number): DurableObjectStub<ShardRpc> =>
    services.shard(shardOf(contact, services.config.CONTACT_SHARDS));
  const [giver, taker] = [shardFor(handover.from), shardFor(handover.to)];
  const share = await giver.handOver({ v: 1, step: "release", handover });
  // The other shard has it: only its word that this is over may have been lost.
  if (share === null) return;
  await taker.handOver({ v: 1, step: "receive", handover, share });
  await step("received");
  await giver.handOver({ v: 1, step: "forget", handover });
}
