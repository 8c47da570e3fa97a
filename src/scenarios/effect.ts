import type { Decision, Intent } from "../decisions/gate";
import type { Act } from "./block";
import type { Outcome, Run } from "./state";

/** What a reaction wants the world to know: rows of D1, in the order in which they came about. */
export type Effect =
  | { readonly kind: "entered"; readonly run: Run }
  /** A later version has taken the run over. */
  | { readonly kind: "moved"; readonly run: Run }
  | {
      readonly kind: "refused";
      readonly id: string;
      readonly scenario: string;
      readonly version: number;
      readonly entryKey: string;
      readonly at: number;
      readonly reason: string;
      /** Whose cart it was, if a merge brought it along. */
      readonly origin?: number | undefined;
    }
  | {
      readonly kind: "exited";
      readonly run: Run;
      readonly at: number;
      readonly outcome: Outcome;
      readonly reason: string;
    }
  /** Nothing more of this run may leave, whatever is on its way. */
  | {
      readonly kind: "stopped";
      readonly run: string;
      readonly at: number;
      readonly reason: string;
      /** The contact that the run began with, where another one has it by now. Its rows stay there. */
      readonly origin: number | undefined;
    }
  /** Something other than a message is to be done, under an id that follows from what it is. */
  | {
      readonly kind: "acted";
      readonly id: string;
      readonly run: string;
      readonly scenario: string;
      readonly block: string;
      readonly act: Act;
      readonly at: number;
      /** Why it is not to be done. */
      readonly leftOut?: "control_group";
      /** As of the run. */
      readonly origin: number | undefined;
    }
  | {
      readonly kind: "decided";
      readonly intent: Intent;
      readonly send: string;
      readonly decision: Decision;
      /** What the run was told, for the message to print. */
      readonly told?: Run["told"];
      /** What the event that began it said, for the same; never taken for what it was told. */
      readonly about?: Run["about"];
      readonly at: number;
      /** As of the run. */
      readonly origin: number | undefined;
    };
