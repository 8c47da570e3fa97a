import type { Consents } from "../contacts/consent";
import { isGranted } from "../contacts/consent";
import { SECOND } from "../shared/clock";

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
  by: { readonly send: string; readonly from: number; readonly until: number },
): boolean {
  return send === by.send && at >= by.from && at <= by.until;
}
