import type { Assumed } from "./rehearsal-assumed";
import type { Changed, Difference } from "./rehearsal-difference";
import type { RehearsalTotals } from "./rehearsal-totals";

type OtherPlayer = readonly [
  id: string,
  version: number,
  beside?: readonly [version: number, share: number] | undefined,
];

/** What was asked of a rehearsal, and what was fixed when it began. Times are epoch ms. */
export interface RehearsalPlan {
  readonly version: number;
  readonly compare: number | null;
  readonly from: number;
  readonly to: number;
  readonly assume: Assumed | null;
  /** Other scenarios that were live, and their versions; the one beside it with its share of contacts, where two ran. */
  readonly others: readonly OtherPlayer[];
  /** Two versions of the scenario ran side by side: one is rehearsed. */
  readonly isTested?: boolean;
  /** The last row of the journal that is read. */
  readonly until: number;
}

/** A place in the journal: the archived part that was read last, and the row. */
export interface JournalPoint {
  readonly key: string;
  readonly seq: number;
  /** Nothing archived was left: what follows is in the database, unless it has been archived since. */
  readonly isLive?: true;
}

/**
 * How far a rehearsal is: it copies the journal into files and sees who belongs together, sorts each file by parts, plays
 * the parts one after the other, and cleans up.
 */
export type RehearsalStep =
  | { readonly phase: "look"; readonly point: JournalPoint; readonly files: number }
  | { readonly phase: "lay"; readonly parts: number; readonly files: number; readonly file: number }
  | { readonly phase: "play"; readonly parts: number; readonly files: number; readonly part: number }
  | { readonly phase: "clean"; readonly parts: number };

/** What one part came to. */
export interface PartResult {
  readonly events: number;
  readonly totals: RehearsalTotals;
  readonly compared: RehearsalTotals | null;
  readonly difference: Difference | null;
  readonly examples: readonly Changed[];
  /** Entries that are listed; the totals count all. */
  readonly listed: number;
  /** What rules asked for that is today's. */
  readonly today: readonly string[];
}

/** What a rehearsal came to. */
export type RehearsalSum = Omit<PartResult, "events">;

export const BEGINNING: JournalPoint = { key: "", seq: -1 };

/** How much of a rehearsal is done, from 0 to 1: looking takes about a third of the time, laying out little. */
export function doneOf(step: RehearsalStep | null): number {
  if (step === null || step.phase === "clean") return 1;
  if (step.phase === "look") return 0;
  if (step.phase === "lay") return 0.35 + (0.05 * step.file) / Math.max(step.files, 1);
  return 0.4 + (0.6 * step.part) / step.parts;
}
