import type { Attempt } from "../decisions/caps";
import type { Subject } from "../decisions/question";
import type { Cell } from "../segments/facts";
import type { Unsettled } from "./signal";
import { settlesAt } from "./signal";

/** A contact's scenario state: one row of its shard, one value for the pure engine. Times are epoch ms. */
export interface ContactState {
  readonly watches: readonly Watch[];
  readonly runs: readonly Run[];
  readonly held: readonly HeldSend[];
  readonly past: readonly PastRun[];
  /** Reactions to messages that nothing moves by yet. */
  readonly unsettled?: readonly Unsettled[] | undefined;
  /** Marketing that the gate let through lately, whatever became of it: caps count it. */
  readonly sent?: readonly Attempt[] | undefined;
  /** What is on its way to another contact's shard, by handover; see handover.ts. Nothing of it fires. */
  readonly leaving?: Readonly<Record<string, Share>> | undefined;
  /** Handovers that are on their way here: what is heard meanwhile waits behind them. */
  readonly awaiting?: readonly string[] | undefined;
}

/** What one contact's state holds for another. */
export type Share = Pick<ContactState, "watches" | "runs" | "held" | "past" | "unsettled">;

/** Where a part of the state came from, if another contact brought it along. */
export interface Brought {
  /** The contact that it began with: its rows stay that one's. */
  readonly origin?: number | undefined;
  /** The handovers by which it came, the latest last. */
  readonly via?: readonly string[] | undefined;
}

/** An inactivity timer over an open cart, for one scenario that starts when the cart is abandoned. */
export interface Watch extends Brought {
  readonly scenario: string;
  readonly version: number;
  readonly cart: string;
  readonly openedAt: number;
  readonly lastAt: number;
  readonly due: number;
}

/** One contact on its way through one version of a scenario. */
export interface Run extends Brought {
  readonly id: string;
  readonly scenario: string;
  readonly version: number;
  readonly entryKey: string;
  readonly enteredAt: number;
  /** What started it: the abandoned cart, if it was one. */
  readonly cart: string | null;
  /** Orders from then on stop it: the cart's last activity, or the moment of entry. */
  readonly since: number;
  readonly block: string;
  /** Passages by block, so that a second one is another message. */
  readonly visits: Readonly<Record<string, number>>;
  /** When the wait it is in runs out; null while it waits for nothing. */
  readonly due: number | null;
  /** The latest send of each block that sends. */
  readonly sends: Readonly<Record<string, string>>;
  readonly lastSendAt: number | null;
  /** What people did with those sends. */
  readonly signals: Readonly<Record<string, Signals>>;
  /** What the event that began it said: its properties of one value each. */
  readonly about?: Readonly<Record<string, Cell>>;
  /** By block, how often what it counts has happened since the run began. */
  readonly counts?: Readonly<Record<string, number>>;
  /** What it was told of that, such as a coupon's code: no event can say it. It stands in `about` as well. */
  readonly told?: Readonly<Record<string, Cell>>;
  /** What it had done and waited to hear of last: the act's id, and what came of it. */
  readonly awaited?: { readonly act: string; readonly result?: string };
  /** The way that it was to go while its scenario was paused: it goes there once that goes on. */
  readonly heard?: string;
  /** The blocks that it has left, in their order, and by which way; the latest `PATH_KEPT`. */
  readonly path?: readonly Passage[];
}

/** A block that a run has left: when (epoch ms), and by which way out. */
export interface Passage {
  readonly block: string;
  readonly at: number;
  readonly output: string;
}

export const PATH_KEPT = 100;

export interface Signals {
  readonly opened?: number;
  readonly clicked?: number;
  /** When they came to the shop, or bought, where opens are not to be known. */
  readonly visited?: number;
}

/** What the event said that began a run, and what it was told since, for its message to print. */
export function saidTo({ told, about }: Run | HeldSend): Pick<Run, "told" | "about"> {
  return { ...(told && { told }), ...(about && { about }) };
}

/** A send that the gate put off. */
export interface HeldSend extends Brought {
  readonly run: string;
  readonly scenario: string;
  readonly version: number;
  readonly block: string;
  readonly channel: string;
  readonly content: string;
  readonly send: string;
  /** As of the run. */
  readonly told?: Run["told"];
  readonly about?: Run["about"];
  readonly cart?: Run["cart"];
  /** When it should have left. */
  readonly plannedAt: number;
  readonly askAt: number;
  /** Why the gate put it off. */
  readonly reason?: string;
  /** What it is about, as far as the gate asks. */
  readonly subject?: Subject;
}

/** What re-entry rules need to know of a run that is over. */
export interface PastRun extends Brought {
  readonly scenario: string;
  readonly entryKey: string;
  readonly enteredAt: number;
  /** As the run's own; left out where no run came of the entry. */
  readonly since?: number;
  readonly endedAt: number;
  readonly outcome: Outcome;
  readonly lastSendAt: number | null;
  /** Nothing of it may leave any more. */
  readonly stopped?: true;
}

export type Outcome = "goal" | "interrupted" | "superseded" | "timeout" | "completed" | "refused" | "failed";

export const EMPTY_STATE: ContactState = { watches: [], runs: [], held: [], past: [] };

/** When a run came to the block where it is, epoch ms. */
export function arrivedAt({ path, enteredAt }: Pick<Run, "path" | "enteredAt">): number {
  return path?.at(-1)?.at ?? enteredAt;
}

/** The earliest moment at which something is due, or null. */
export function earliestDue(state: ContactState, isHeld: (scenario: string) => boolean): number | null {
  let earliest = Number.POSITIVE_INFINITY;
  for (const watch of state.watches) if (!isHeld(watch.scenario)) earliest = Math.min(earliest, watch.due);
  for (const run of state.runs) if (run.due !== null && !isHeld(run.scenario)) earliest = Math.min(earliest, run.due);
  for (const { at } of state.unsettled ?? []) earliest = Math.min(earliest, settlesAt(at));
  for (const held of state.held) if (!isHeld(held.scenario)) earliest = Math.min(earliest, held.askAt);
  return Number.isFinite(earliest) ? earliest : null;
}

/** A run at its beginning. */
export function runAt(
  entry: Pick<Run, "id" | "scenario" | "version" | "entryKey" | "enteredAt" | "cart" | "since" | "block" | "about">,
  from: Brought,
): Run {
  const { about, ...rest } = entry;
  const blank = { visits: { [entry.block]: 1 }, due: null, sends: {}, lastSendAt: null, signals: {} };
  return broughtBy({ ...rest, ...blank, ...(about && { about }) }, from);
}

/** A part of the state with the mark of where another one came from, where that one bears it. */
export function broughtBy<Part extends object>(part: Part, { origin, via }: Brought): Part & Brought {
  return { ...part, ...(origin !== undefined && { origin }), ...(via && { via }) };
}

/** The contacts that parts of a state began with, where those are others. */
export function originsOf({ watches, runs, held, past }: Share): number[] {
  const all: readonly Brought[] = [...watches, ...runs, ...held, ...past];
  return [...new Set(all.flatMap(({ origin }) => origin ?? []))];
}
