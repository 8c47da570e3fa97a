import type { RfmDefinition } from "../segments/rfm/definition";
import { readRuns, showRun } from "../segments/rfm/rfm-store";
import type { DoneRun } from "../segments/rfm/run";
import type { Services } from "../services";
import { withLease } from "../services/lease";
import { beginRun, goOn } from "../services/rfm";
import { MINUTE, SECOND } from "../shared/clock";
import type { Shifted } from "./rfm-store";
import { compareScores } from "./rfm-store";

/** What a definition would come to: the run by it, and who would be elsewhere. */
export interface Preview {
  readonly run: DoneRun;
  readonly shifts: readonly Shifted[];
}

const LEASE = 10 * MINUTE;
const PATIENCE = 20 * SECOND;

/**
 * Scores everybody by a definition beside the live scores, which stay: as an analysis of this moment, whose place it
 * takes. Null where a large base is not done yet, or another computation is under way.
 */
export async function previewOf(services: Services, definition: RfmDefinition): Promise<Preview | null> {
  const { DB } = services.env;
  const run = async (): Promise<Preview | null> => {
    const now = services.clock.now();
    const { past } = await readRuns(DB);
    const open = await beginRun(services, past, now, definition);
    // What the API shows stays the live scores.
    await showRun(DB, "live", now).run();
    const ended = await goOn(services, "past", open, Date.now() + PATIENCE);
    return "step" in ended ? null : { run: ended, shifts: await compareScores(DB) };
  };
  return withLease(DB, "rfm", Date.now(), LEASE, run);
}
