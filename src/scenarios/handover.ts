import type { Effect } from "./effect";
import { thinned } from "./past";
import type { Unsettled } from "./signal";
import type { Brought, ContactState, Share, Watch } from "./state";

/**
 * How a contact's runs and timers go to another contact's shard when the two are merged, and back when they are not.
 * Both shards hear of it in the order of the journal: one sets a share aside, the other lets what comes next wait.
 * Then the share is read, taken in and forgotten, each of which can be done again without harm.
 */
export type HandoverHappening =
  /** `merge`: only what came by it leaves; null where everything does. */
  | { readonly type: "handover.out"; readonly at: number; readonly handover: string; readonly merge: string | null }
  | { readonly type: "handover.in"; readonly at: number; readonly handover: string };

/** What a happening says about a handover; null where it is something for the scenarios. */
export function asHandover(happening: { readonly type: string } | null): HandoverHappening | null {
  return happening?.type.startsWith("handover.") === true ? (happening as HandoverHappening) : null;
}

/** The state after its shard has heard of a handover. */
export function heardOf(state: ContactState, happening: HandoverHappening): ContactState {
  const { handover } = happening;
  if (happening.type === "handover.in") return { ...state, awaiting: [...(state.awaiting ?? []), handover] };
  const { merge } = happening;
  // Whom a reaction moves is asked when it is settled: it is known in both shards.
  const leaves = (one: Brought): boolean => merge === null || one.via?.at(-1) === merge;
  const [share, rest] = divide(state, leaves);
  return { ...state, ...rest, leaving: { ...state.leaving, [handover]: share } };
}

function divide(state: Share, leaves: (one: Brought) => boolean): [Share, Share] {
  const take = (wanted: boolean): Share => {
    const pick = <One extends Brought>(all: readonly One[]): One[] => all.filter((one) => leaves(one) === wanted);
    const { unsettled } = state;
    const all = {
      watches: pick(state.watches),
      runs: pick(state.runs),
      held: pick(state.held),
      past: pick(state.past),
    };
    return { ...all, ...(unsettled && { unsettled }) };
  };
  return [take(true), take(false)];
}

/** What a handover takes along; null where the other shard has it already. */
export function shareOf(state: ContactState, handover: string): Share | null {
  return state.leaving?.[handover] ?? null;
}

/** The state without what was handed over. */
export function withoutShare(state: ContactState, handover: string): ContactState {
  const { [handover]: _gone, ...leaving } = state.leaving ?? {};
  return { ...state, leaving: Object.keys(leaving).length > 0 ? leaving : undefined };
}

/** True while what is heard has to wait for a handover. */
export function isAwaiting(state: ContactState): boolean {
  return state.awaiting !== undefined && state.awaiting.length > 0;
}

/** One end of a handover: from whom it comes, to whom it goes, and by what it is known. */
export interface Handover {
  readonly id: string;
  readonly from: number;
  readonly to: number;
  /** The merge that it belongs to. */
  readonly merge: string;
  /** It takes back what the merge had brought. */
  readonly isUndo: boolean;
}

/**
 * Takes in what another contact's shard set aside: a union by entry key, in which what is here already wins. A run
 * that finds its like ends, with its messages. A handover that is not awaited was taken in before.
 */
export function receiveShare(
  state: ContactState,
  share: Share,
  handover: Handover,
  at: number,
): { readonly state: ContactState; readonly effects: readonly Effect[] } {
  if (state.awaiting?.includes(handover.id) !== true) return { state, effects: [] };
  const rest = state.awaiting.filter((id) => id !== handover.id);
  const brought = labelled(share, handover);
  const sameEntry = (one: Entered) => (other: Entered) =>
    one.scenario === other.scenario && one.entryKey === other.entryKey;
  const doubled = brought.runs.filter((run) => [...state.runs, ...state.past].some(sameEntry(run)));
  const runs = brought.runs.filter((run) => !doubled.includes(run));
  const gone = new Set(doubled.map(({ id }) => id));
  const past = brought.past.filter((one) => ![...state.runs, ...state.past].some(sameEntry(one)));
  const held = brought.held.filter(({ run, send }) => !gone.has(run) && !state.held.some((own) => own.send === send));
  const effects = doubled.flatMap((run): Effect[] => [
    { kind: "exited", run, at, outcome: "superseded", reason: "merged" },
    { kind: "stopped", run: run.id, at, reason: "merged", origin: run.origin },
  ]);
  const next: ContactState = {
    ...state,
    watches: latestOf([...state.watches, ...brought.watches]),
    runs: [...state.runs, ...runs],
    held: [...state.held, ...held],
    unsettled: openOf(state, share),
    past: thinned([...past, ...state.past].sort((left, right) => left.endedAt - right.endedAt)),
    awaiting: rest.length > 0 ? rest : undefined,
  };
  return { state: next, effects };
}

/** Reactions that are open in either of two states. */
function openOf({ unsettled: own = [] }: Share, { unsettled: other = [] }: Share): Share["unsettled"] {
  const isKnown = (one: Unsettled): boolean =>
    own.some(({ send, signal, at }) => send === one.send && signal === one.signal && at === one.at);
  const all = [...own, ...other.filter((one) => !isKnown(one))];
  return all.length > 0 ? all : undefined;
}

/** One timer for each scenario: that of the cart which was touched last, as it is the one that stays open. */
function latestOf(watches: readonly Watch[]): readonly Watch[] {
  const isOlder = (one: Watch): boolean =>
    watches.some((other) => other.scenario === one.scenario && other !== one && other.lastAt > one.lastAt);
  const latest = watches.filter((one) => !isOlder(one));
  return latest.filter((one, index) => latest.findIndex(({ scenario }) => scenario === one.scenario) === index);
}

type Entered = { readonly scenario: string; readonly entryKey: string };

/** Writes onto each part where it came from, or takes that off again on its way home. */
function labelled(share: Share, { from, to, merge, isUndo }: Handover): Share {
  const label = <One extends Brought>(one: One): One => {
    const via = isUndo ? one.via?.filter((id) => id !== merge) : [...(one.via ?? []), merge];
    const origin = one.origin ?? from;
    const { origin: _origin, via: _via, ...plain } = one;
    return { ...plain, ...(origin !== to && { origin }), ...(via && via.length > 0 && { via }) } as unknown as One;
  };
  const { watches, runs, held, past } = share;
  return { watches: watches.map(label), runs: runs.map(label), held: held.map(label), past: past.map(label) };
}
