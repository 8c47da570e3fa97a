import { DAY } from "../shared/clock";
import type { PastRun } from "./state";

/** Refusals that are known again. They outnumber all else where a scenario begins with what people do all day. */
const REFUSED_KEPT = 100;
/** Runs that are over. */
const RUNS_KEPT = 300;

/**
 * What is over of a contact, with one more, oldest first. Of runs the scenario that has most gives way, and only what is
 * older than a day: so whoever may enter once in a life is known for ever, whatever else they do, and limits by the day hold.
 */
export function remembering(past: readonly PastRun[], entry: PastRun): readonly PastRun[] {
  const others = past.filter(({ scenario, entryKey }) => scenario !== entry.scenario || entryKey !== entry.entryKey);
  return thinned([...others, entry]);
}

/** As much of what is over as is kept, in its order. */
export function thinned(past: readonly PastRun[]): readonly PastRun[] {
  const refused = past.filter(({ outcome }) => outcome === "refused");
  const gone = new Set<PastRun>(refused.slice(0, -REFUSED_KEPT));
  const runs = past.filter(({ outcome }) => outcome !== "refused");
  const latest = Math.max(...runs.map(({ endedAt }) => endedAt));
  for (let left = runs.length; left > RUNS_KEPT; left--) {
    const oldest = oldestOfMost(runs.filter((one) => !gone.has(one)));
    if (!oldest || oldest.endedAt > latest - DAY) break;
    gone.add(oldest);
  }
  return gone.size === 0 ? past : past.filter((one) => !gone.has(one));
}

/** The oldest of the scenario that has most. */
function oldestOfMost(runs: readonly PastRun[]): PastRun | undefined {
  const byScenario = [...Map.groupBy(runs, ({ scenario }) => scenario).values()];
  return byScenario.toSorted((left, right) => right.length - left.length)[0]?.[0];
}
