import type { Profile } from "../../contacts/profile";
import type { LedgerEvent } from "../../events/event";
import type { ActOutcome } from "../../scenarios/acted";
import type { Services } from "../../services";

/** Something that a run wants done, as its row has it. Times are epoch ms. */
export interface PendingAct {
  /** The contact that the run began with. */
  readonly contact: number;
  readonly id: string;
  readonly run: string;
  readonly scenario: string;
  readonly block: string;
  readonly kind: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly at: number;
  readonly attempts: number;
}

/** Whoever stands for the act's contact by now. */
export interface Subject {
  readonly id: number;
  readonly profile: Profile;
}

/** What one attempt came to: an end with the events that are its effect, or why it is to be tried again. */
export type Attempt =
  | (ActOutcome & { readonly events?: readonly LedgerEvent[] })
  | { readonly end: "later"; readonly result: string };

/** How one kind of act is done. */
export interface Performer {
  /**
   * Does it, or says by which events it is done. It may run twice, also at the same moment: events and rows have ids that
   * follow from the act's. What cannot be done now throws, or ends `later`.
   */
  readonly perform: (services: Services, act: PendingAct, subject: Subject, now: number) => Promise<Attempt>;
  /** It is done outside, where twice is seen: one at a time, and never beside itself. */
  readonly isOutside?: boolean;
}
