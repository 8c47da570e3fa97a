import type { Consents } from "../contacts/consent";
import { isGranted } from "../contacts/consent";
import { SECOND } from "../shared/clock";
import type { Playbook } from "./live";
import type { Run } from "./state";
import type { Stimulus } from "./stimulus";

/** What a person is seen to do with a message. */
export type Signal = "opened" | "clicked";

/**
 * So long nothing moves by a reaction to a message: whoever goes through a mail by machine is known by what they follow
 * next, within a minute (`TAINT` of `tracking/machine.ts`), and that has to be stored as well.
 */
export const SETTLED_AFTER = 90 * SECOND;

/** Whether it may be noted that somebody opens a message. */
export function areOpensKnown(consents: Consents): boolean {
  return isGranted(consents, "tracking");
}

/** A reaction of which it is not known yet that it was a person's. `at` is epoch ms. */
export interface Unsettled {
  readonly send: string;
  readonly signal: Signal;
  readonly at: number;
}

export const NOTHING_OPEN: readonly Unsettled[] = [];

/** When a reaction of a time counts. */
export function settlesAt(at: number): number {
  return at + SETTLED_AFTER;
}

/** True for what a machine did: `from` and `until` are both within. */
export function isDisowned(
  { send, at }: Pick<Unsettled, "send" | "at">,
  by: Extract<Stimulus, { type: "disowned" }>,
): boolean {
  return send === by.send && at >= by.from && at <= by.until;
}

/** What is left open after a stimulus: of reactions, those that somebody moves by, the run that sent it or a rule of any. */
export function unsettledAfter(
  unsettled: readonly Unsettled[],
  stimulus: Stimulus,
  runs: readonly Pick<Run, "sends">[],
  { hears }: Pick<Playbook, "hears">,
): readonly Unsettled[] {
  if (stimulus.type === "message") {
    const { send, signal, at } = stimulus;
    const isKnown = unsettled.some((one) => one.send === send && one.signal === signal);
    const matters = hears?.everything === true || runs.some(({ sends }) => Object.values(sends).includes(send));
    return isKnown || !matters ? unsettled : [...unsettled, { send, signal, at }];
  }
  if (stimulus.type !== "disowned" || !unsettled.some((one) => isDisowned(one, stimulus))) return unsettled;
  return unsettled.filter((one) => !isDisowned(one, stimulus));
}
