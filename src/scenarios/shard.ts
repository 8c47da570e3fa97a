import { isEmptied } from "../contacts/profile";
import type { WakeItem } from "../events/wake-lines";
import type { Facts } from "../segments/facts";
import { TEXT_SIZE } from "../shared/slices";
import type { Bundle } from "./bundle";
import { addEffects, emptyBundle, isEmptyBundle, joinBundles } from "./bundle";
import type { Effect } from "./effect";
import { asHandover, heardOf, isAwaiting } from "./handover";
import { Reaction } from "./react";
import type { Briefing, WakeEntry } from "./shard-port";
import type { ContactState } from "./state";
import { EMPTY_STATE, earliestDue } from "./state";
import { asStimulus } from "./stimulus";

export interface Known {
  readonly seq: number;
  readonly state: ContactState;
}

export interface Change {
  readonly contact: number;
  readonly seq: number;
  readonly due: number | null;
  readonly state: ContactState;
}

/** What one round of a shard comes to. */
export interface Round {
  readonly changes: readonly Change[];
  readonly bundle: Bundle | null;
  /** Contacts whose state made an error or awaits a handover, with the wakes that wait behind it. */
  readonly parked: readonly WakeEntry[];
  readonly errors: readonly { readonly contact: number; readonly error: string }[];
}

/**
 * The round in which time passes for contacts. What was accepted before their timers ran out comes before them, even
 * where its wake was lost and is only on its way again: it is heard here, and ignored when it comes.
 */
export function timePassing(contacts: readonly number[], owed: readonly WakeItem[]): WakeEntry[] {
  const told = new Set(owed.map(({ contact }) => contact));
  const silent = contacts.filter((contact) => !told.has(contact));
  return [
    ...owed.map((wake) => ({ ...wake, facts: null })),
    ...silent.map((contact) => ({ contact, seq: -1, happenings: [], facts: null })),
  ];
}

/**
 * Works out one round for many contacts: each hears its own wakes in journal order, then time passes up to `now`.
 * A contact that makes an error is parked with its wakes and harms no other. Pure.
 */
export function playRound(
  entries: readonly WakeEntry[],
  known: ReadonlyMap<number, Known>,
  facts: ReadonlyMap<number, Facts>,
  parkedBefore: ReadonlySet<number>,
  briefing: Briefing,
  now: number,
): Round {
  const bundle = emptyBundle();
  const changes = new Map<number, Change>();
  const parked: WakeEntry[] = [];
  const errors: { contact: number; error: string }[] = [];
  const stuck = new Set(parkedBefore);
  const last = new Map(entries.map((entry) => [entry.contact, entry]));
  for (const entry of entries) {
    const { contact } = entry;
    if (stuck.has(contact)) {
      parked.push(entry);
      continue;
    }
    const before = changes.get(contact) ?? known.get(contact) ?? { seq: -1, state: EMPTY_STATE };
    const about = entry.facts ?? facts.get(contact);
    try {
      // Left alone it would stay due, and be asked about again and again.
      if (!about) throw new Error("nothing is known of this contact");
      // What is owed of somebody who makes an error half-way is not owed yet.
      const own = emptyBundle();
      // What was heard late came before what fell due since: time passes behind the last of it.
      const until = last.get(contact) === entry ? now : null;
      const { change, waiting } = playEntry(entry, before, about, facts, briefing, now, until, own);
      if (change && isTooLarge(change.state)) throw new Error("the state is larger than a row may be");
      joinBundles(bundle, own);
      if (change) changes.set(contact, change);
      if (!waiting) continue;
      stuck.add(contact);
      parked.push(waiting);
    } catch (error) {
      stuck.add(contact);
      parked.push(entry);
      errors.push({ contact, error: String(error) });
      bundle.parked.push([contact, String(error).slice(0, 500), now]);
    }
  }
  return { changes: [...changes.values()], bundle: isEmptyBundle(bundle) ? null : bundle, parked, errors };
}

function playEntry(
  entry: WakeEntry,
  before: Known,
  facts: Facts,
  others: ReadonlyMap<number, Facts>,
  briefing: Briefing,
  now: number,
  until: number | null,
  bundle: Bundle,
): { readonly change: Change | null; readonly waiting: WakeEntry | null } {
  const { contact } = entry;
  // Whatever is still on its way to somebody who was erased changes nothing; what they had ends without a trace.
  if (isEmptied(facts.profile)) {
    const seq = Math.max(before.seq, entry.seq);
    // What an undone merge gives back is another's.
    const state = { ...EMPTY_STATE, leaving: before.state.leaving };
    const isEmpty = sameState(before.state, state);
    return { change: isEmpty ? null : { contact, seq, state, due: null }, waiting: null };
  }
  // A wake that comes again after a lost answer: its events were heard, its timers may be due all the same.
  const heard = entry.seq <= before.seq;
  if (!heard && isAwaiting(before.state)) return { change: null, waiting: entry };
  const factsOf = (origin: number): Facts | undefined => others.get(origin);
  const surroundings = { playbook: briefing.playbook, policy: briefing.policy, facts, factsOf, now };
  const owe = (effects: readonly Effect[]): void =>
    addEffects(bundle, contact, effects, (effect) =>
      briefing.makeSend(effect, (effect.origin !== undefined && factsOf(effect.origin)) || facts),
    );
  let reaction = new Reaction(before.state, surroundings);
  let waiting: WakeEntry | null = null;
  for (const [index, happening] of heard ? [] : entry.happenings.entries()) {
    const handover = asHandover(happening);
    if (!handover) {
      reaction.hear(asStimulus(happening));
      continue;
    }
    owe(reaction.effects);
    reaction = new Reaction(heardOf(reaction.state, handover), surroundings);
    if (handover.type === "handover.out") continue;
    const rest = entry.happenings.slice(index + 1);
    // Half a number behind its request: it is neither heard already nor later than the next one, however many of the
    // request have to be waited for.
    if (rest.length > 0) waiting = { ...entry, seq: Math.floor(entry.seq) + 0.5, happenings: rest };
    break;
  }
  if (until !== null) reaction.passTime(until);
  const { state } = reaction;
  owe(reaction.effects);
  const seq = Math.max(before.seq, waiting ? Math.floor(entry.seq) : entry.seq);
  // What changed nothing may be heard again: it changes nothing then either.
  if (sameState(state, before.state)) return { change: null, waiting };
  return { change: { contact, seq, state, due: dueOf(state, briefing) }, waiting };
}

/** A few runs are never near it: only then is it worth counting. */
const FEW_PARTS = 15;

/** One contact's row that is not taken would keep all others of the shard from moving. */
function isTooLarge(state: ContactState): boolean {
  const { watches, runs, held, past } = state;
  const isSmall = watches.length + runs.length + held.length + past.length / 10 < FEW_PARTS;
  return !isSmall && JSON.stringify(state).length > TEXT_SIZE;
}

function sameState(left: ContactState, right: ContactState): boolean {
  const keys = ["watches", "runs", "held", "past", "unsettled", "sent", "leaving", "awaiting"] as const;
  return keys.every((key) => left[key] === right[key]);
}

/** When the contact is next due, leaving out what a paused scenario holds. */
export function dueOf(state: ContactState, { playbook }: Briefing): number | null {
  return earliestDue(
    state,
    (scenario) => !playbook.live.some(({ id, state: of }) => id === scenario && of === "active"),
  );
}
