import type { LedgerEvent } from "../events/event";
import { ownEvent } from "../events/event";
import type { ApplyContext } from "../events/projection";
import type { Run } from "./state";

/** Our own event that says what came of something that a run had done. */
export const ACTED = "scenario.acted";
/** Our own event that stands for one of the shop's: scenarios hear it under its name, and nothing else follows from it. */
export const EMITTED = "scenario.emitted";

/** How an act ended: it is done, it could not be done, it may not be done, or it is left out as a message would be. */
export type ActEnd = "done" | "failed" | "refused" | "left_out";

/** What came of an act. `result` is a word that the run hears, `told` what it remembers of it. */
export interface ActOutcome {
  readonly end: ActEnd;
  readonly result: string;
  readonly told?: NonNullable<Run["about"]>;
}

/** The event that settles an act. It goes in one request with the act's own effect, so that neither is there alone. */
export function actedEvent(contact: number, act: string, { end, ...outcome }: ActOutcome, now: number): LedgerEvent {
  return ownEvent(`acted.${act}`, ACTED, now, contact, { act, state: end, ...outcome });
}

/** The statement behind what becomes of acts: it is said once, as what is settled stays so. */
export const ACTED_TABLES: Readonly<Record<string, string>> = {
  acts:
    "UPDATE acts SET state = v.value ->> 2, result = v.value ->> 3, done_at = v.value ->> 4 FROM json_each(?1) AS v " +
    "WHERE acts.contact = v.value ->> 0 AND acts.id = v.value ->> 1 AND acts.state = 'pending'",
};

/** Marks the act's row in the batch of the event that tells of it. */
export function settleAct({ event, record, rows }: ApplyContext): void {
  const { act, state, result } = event.properties ?? {};
  if (typeof act !== "string") return;
  // The run's own contact, which may have been merged since.
  rows.put("acts", act, [event.contact ?? record.id, act, state, result, event.at]);
}
