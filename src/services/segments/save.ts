import { guardVersion, isOvertaken } from "../../segments/progress-store";
import type { Services } from "../../services";
import { Fault } from "../../shared/fault";
import { changeSettings } from "../revision";
import type { Snapshot } from "./families";
import { readSnapshot } from "./families";

/** Whoever writes members meanwhile has us check again; a busy shop writes about once a second. */
const TRIES = 12;

/**
 * Makes a change that was checked against all segments as they are: where one of them is another by then, it is checked
 * again, so that two who save at once cannot pass each other's checks. Null from the check is nothing to do. Throws
 * `unavailable` where segments are written all the time.
 */
export async function saveChecked(
  services: Services,
  check: (snapshot: Snapshot) => Promise<readonly D1PreparedStatement[] | null>,
): Promise<void> {
  const { DB } = services.env;
  for (let tries = 0; tries < TRIES; tries++) {
    const snapshot = await readSnapshot(services);
    // Behind the version: a table that goes from here on moves it.
    await services.tables.read();
    const statements = await check(snapshot);
    if (statements === null) return;
    try {
      await changeSettings(services, [guardVersion(DB, snapshot.progress.version), ...statements]);
      return;
    } catch (error) {
      if (!isOvertaken(error)) throw error;
    }
  }
  throw new Fault("unavailable", "Segments are being computed all the time. Try again.", [], 5);
}
