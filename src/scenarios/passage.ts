import { derivedId } from "../shared/ids";
import type { Run } from "./state";

/** What comes of one passage of a run through a block has one id, however often it is worked out. */
export function passageId(prefix: string, run: Run, ...more: readonly string[]): string {
  return derivedId(prefix, run.id, run.block, run.visits[run.block] ?? 0, ...more);
}

/** The id of what the run's present block has done. */
export function actId(run: Run): string {
  return passageId("act", run);
}
