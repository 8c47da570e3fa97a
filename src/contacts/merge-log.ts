import type { MergeLog } from "../events/merging";
import type { RowBuffer } from "../events/projection";
import { profileOf } from "./profile";

/** How far the scenario state of a merge has come on its way from shard to shard. */
export type MergeStep = "moving" | "received" | "done";

interface LogRows {
  readonly putMerge: (merge: Parameters<MergeLog["merged"]>[0], step: MergeStep, rows: RowBuffer) => void;
  readonly putUndo: (id: string, at: number, step: MergeStep, rows: RowBuffer) => void;
}

/** The log of merges over the rows it is kept in. State moves only where the loser's shard keeps some. */
export function mergeLog({ putMerge, putUndo }: LogRows): MergeLog {
  return {
    merged(merge, { loser }, rows) {
      const { tracked } = profileOf(loser.record);
      putMerge(merge, tracked ? "moving" : "done", rows);
      return tracked;
    },
    unmerged({ id }, { winner, loser }, rows) {
      // Only what came by the merge goes back, and nothing came where the loser's shard kept nothing.
      const { tracked } = profileOf(loser.record);
      putUndo(id, winner.event.at, tracked ? "moving" : "done", rows);
      return tracked;
    },
  };
}
