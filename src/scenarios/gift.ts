import type { WantedAct } from "./advance";
import type { Effect } from "./effect";
import { LOOK_UP } from "./look-up";
import type { Run } from "./state";

/**
 * Acts that take something back or only note what is known. All others give, spend or begin something: they are not done for
 * who is only measured, nor for a run that was stopped since it came to them.
 */
export const DONE_ANYWAY: ReadonlySet<string> = new Set([
  "audience.remove",
  LOOK_UP,
  "suppress",
  "unsubscribe",
  "update.profile",
]);

export type ActedEffect = Extract<Effect, { kind: "acted" }>;

/** What the acts come to that a run wants done at `at`. Of who is only measured most are left out, and their rows say so. */
export function actEffects(
  { id: run, scenario, origin }: Run,
  wanted: readonly WantedAct[],
  at: number,
  isMeasured: boolean,
): readonly ActedEffect[] {
  return wanted.map((one) => {
    const isLeftOut = isMeasured && !DONE_ANYWAY.has(one.act.kind);
    const why = isLeftOut ? { leftOut: "control_group" as const } : {};
    return { kind: "acted", ...one, run, scenario, at, origin, ...why };
  });
}
