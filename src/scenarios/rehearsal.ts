import { Book, BookCache } from "../events/book";
import type { LedgerEvent } from "../events/event";
import type { FoldParts } from "../events/fold";
import { fold } from "../events/fold";
import type { Merge } from "../events/merging";
import type { ContactRecord, Happening } from "../events/projection";
import type { Facts } from "../segments/facts";
import type { Target } from "../segments/target";
import { testTarget } from "../segments/target";
import { startTarget } from "./blocks/start-targeting";
import { DateCalendar } from "./date-calendar";
import type { Effect } from "./effect";
import { outputsOf } from "./graph";
import { receiveShare } from "./handover";
import { triggerOf } from "./live";
import type { Surroundings } from "./react";
import { Reaction } from "./react";
import type { RehearsalEntry, RehearsalResult } from "./rehearsal-report";
import { RehearsalReport } from "./rehearsal-report";
import type { ContactState } from "./state";
import { EMPTY_STATE, earliestDue } from "./state";
import { asStimulus } from "./stimulus";
import { Timers } from "./timers";

/** A past event at its place in virtual time: receipt for a live one, its own time for an imported one. */
export interface PastEvent {
  readonly at: number;
  /** Journal number and place within the row, so that equal times keep their order. */
  readonly seq: number;
  readonly index: number;
  readonly event: LedgerEvent;
}

/** What a rehearsal is made of: the very parts of the live path. */
export interface RehearsalParts {
  readonly scenario: string;
  readonly version: number;
  /** Epoch ms, both inclusive. History before `from` sets the scene. */
  readonly from: number;
  readonly to: number;
  readonly fold: Omit<FoldParts, "relevant" | "finish" | "linked" | "merges">;
  readonly factsOf: (record: ContactRecord) => Facts;
  readonly isMerged: (record: ContactRecord) => boolean;
  readonly playbook: Surroundings["playbook"];
  readonly policy: Surroundings["policy"];
}

/** A fuse: a graph that nobody has linted may go round in circles. */
const MOST_ANSWERS = 100;

/** Past events in the order in which they are replayed. */
export function inReplayOrder(events: PastEvent[]): PastEvent[] {
  return events.sort((left, right) => left.at - right.at || left.seq - right.seq || left.index - right.index);
}

/**
 * Runs one scenario over past events under a virtual clock, with the fold and the reactions of the live path, and
 * writes nothing. Unknown visitors take part, so that one sees whom the scenario cannot reach.
 */
export class Rehearsal {
  private readonly cache = new BookCache(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  private readonly states = new Map<number, ContactState>();
  private readonly timers = new Timers();
  private readonly report: RehearsalReport;
  private readonly counters = new Map<string, number>();

  private readonly start: { readonly target: Target; readonly everyMs: number } | null;
  private evaluateAt: number | null;
  private readonly dates: DateCalendar | null;

  constructor(private readonly parts: RehearsalParts) {
    this.report = new RehearsalReport(parts.from, parts.to);
    const definition = parts.playbook.definition(parts.scenario, parts.version);
    const trigger = definition && triggerOf(definition);
    const targeted = definition && trigger?.kind === "targeting";
    const node = definition?.blocks[definition.start];
    this.start = targeted ? { target: startTarget(node?.params), everyMs: trigger.everyMs } : null;
    this.evaluateAt = targeted ? parts.from : null;
    this.dates = trigger?.kind === "date" ? new DateCalendar(trigger.date, (contact) => this.facts(contact)) : null;
  }

  /** Takes in the next event. Whatever was due up to and at its time fires first. */
  play(past: PastEvent): void {
    if (past.at > this.parts.to) return;
    this.passTime(past.at);
    const heard = new Map<number, Happening[]>();
    const book = new Book(this.cache, this.parts.fold.projections);
    const merges: Merge[] = [];
    const parts: FoldParts = {
      ...this.parts.fold,
      finish: () => undefined,
      linked: () => undefined,
      merges: {
        merged(merge) {
          merges.push(merge);
          return false;
        },
        unmerged: () => false,
      },
      relevant: (record, happenings) => {
        heard.set(record.id, [...(heard.get(record.id) ?? []), ...happenings]);
        return [];
      },
    };
    fold([{ seq: past.seq, receivedAt: past.at, events: [past.event] }], book, parts, this.nextId);
    book.commit();
    for (const merge of merges) this.unite(merge);
    for (const record of book.touched()) {
      if (this.parts.isMerged(record)) this.drop(record.id);
      this.dates?.note(record.id, past.at);
    }
    for (const [contact, happenings] of heard) this.hear(contact, happenings, past.at);
  }

  /** Lets time run to the end of the period and tells what came of it. */
  finish(): RehearsalResult {
    this.passTime(this.parts.to);
    for (const [contact, { watches }] of this.states) {
      for (const watch of watches) this.report.pending(this.who(contact), watch);
    }
    return this.report.result();
  }

  /** Entries that will not change any more, for a caller that shows them as they come. */
  takeFinished(): readonly RehearsalEntry[] {
    return this.report.takeFinished();
  }

  private nextId = (counter: string): number => {
    const next = (this.counters.get(counter) ?? 0) + 1;
    this.counters.set(counter, next);
    return next;
  };

  private facts(contact: number): Facts | undefined {
    const record = this.cache.records.get(contact);
    return record && this.parts.factsOf(record);
  }

  /** Timers and, where the scenario starts on a target or a date, its entries, in the order of their times. */
  private passTime(until: number): void {
    for (let fallen = this.dates?.take(until); fallen; fallen = this.dates?.take(until)) {
      const { contact, key, at } = fallen;
      // History only sets the scene.
      if (at < this.parts.from) continue;
      this.fireTimers(at);
      this.hear(contact, [{ type: "enter", at, scenario: this.parts.scenario, key }], at);
    }
    while (this.evaluateAt !== null && this.evaluateAt <= until) {
      const at = this.evaluateAt;
      this.fireTimers(at);
      this.evaluate(at);
      this.evaluateAt = at + (this.start?.everyMs ?? Number.POSITIVE_INFINITY);
    }
    this.fireTimers(until);
  }

  private evaluate(at: number): void {
    if (!this.start) return;
    for (const record of this.cache.records.values()) {
      const facts = this.parts.factsOf(record);
      if (!testTarget(this.start.target, facts, at)) continue;
      this.hear(record.id, [{ type: "enter", at, scenario: this.parts.scenario, key: "once" }], at);
    }
  }

  private fireTimers(until: number): void {
    for (let next = this.timers.pop(until); next; next = this.timers.pop(until)) {
      const { contact, due } = next;
      const state = this.states.get(contact);
      if (!state || earliestDue(state, () => false) !== due) continue;
      const reaction = this.reaction(contact, state, due);
      reaction.passTime(due);
      this.answer(reaction);
      this.keep(contact, state, reaction);
    }
  }

  private hear(contact: number, happenings: readonly Happening[], now: number): void {
    const before = this.states.get(contact) ?? EMPTY_STATE;
    const reaction = this.reaction(contact, before, now);
    let state = before;
    for (const happening of happenings) {
      const stimulus = asStimulus(happening);
      reaction.hear(stimulus);
      this.answer(reaction);
      this.report.watched(state.watches, reaction.state.watches, stimulus);
      state = reaction.state;
    }
    reaction.passTime(now);
    this.answer(reaction);
    this.keep(contact, before, reaction);
  }

  /** Nothing that a run has done is done here: it hears at once that it went the first way that its block has. */
  private answer(reaction: Reaction): void {
    const { scenario, version, playbook } = this.parts;
    const definition = playbook.definition(scenario, version);
    let answered = 0;
    for (const effect of reaction.effects) {
      const node = effect.kind === "acted" ? definition?.blocks[effect.block] : undefined;
      if (effect.kind !== "acted" || !node || ++answered > MOST_ANSWERS) continue;
      reaction.hear({ type: "acted", at: effect.at, act: effect.id, result: outputsOf(node)[0] ?? "" });
    }
  }

  private reaction(contact: number, state: ContactState, now: number): Reaction {
    const record = this.cache.records.get(contact);
    if (!record) throw new Error(`contact ${contact} of the rehearsal is not known`);
    const { playbook, policy, factsOf } = this.parts;
    return new Reaction(state, { playbook, policy, facts: factsOf(record), now });
  }

  private keep(contact: number, before: ContactState, reaction: Reaction): void {
    const { state } = reaction;
    if (state !== before) this.states.set(contact, state);
    const due = earliestDue(state, () => false);
    if (due !== null) this.timers.push(contact, due);
    for (const effect of reaction.effects as readonly Effect[]) this.report.effect(this.who(contact), effect);
  }

  /** As the shards do for a merge, in one step. */
  private unite({ id, winner, loser, at }: Merge): void {
    const handover = { id, from: loser, to: winner, merge: id, isUndo: false };
    const before = { ...(this.states.get(winner) ?? EMPTY_STATE), awaiting: [id] };
    const { state, effects } = receiveShare(before, this.states.get(loser) ?? EMPTY_STATE, handover, at);
    this.states.set(winner, state);
    const due = earliestDue(state, () => false);
    if (due !== null) this.timers.push(winner, due);
    for (const effect of effects) this.report.effect(this.who(winner), effect);
  }

  private drop(contact: number): void {
    this.states.delete(contact);
  }

  private who(contact: number): { external_id: string | null; anonymous_id: string | null } {
    const record = this.cache.records.get(contact);
    const profile = record && this.parts.factsOf(record).profile;
    return { external_id: profile?.externalId ?? null, anonymous_id: profile?.anonymousId ?? null };
  }
}
