import type { ContactRecord, Happening } from "../events/projection";
import type { Facts } from "../segments/facts";
import type { Act } from "./block";
import type { Effect } from "./effect";
import { outputsOf } from "./graph";
import { receiveShare } from "./handover";
import type { Interest } from "./interest";
import { heardBy, interestWithin } from "./interest";
import type { Playbook } from "./live";
import { Reaction } from "./react";
import type { Expectation } from "./rehearsal-assumed";
import type { Call, Door, People } from "./rehearsal-door";
import { doorOf } from "./rehearsal-doors";
import type { RehearsalReport } from "./rehearsal-report";
import type { ContactState, Run } from "./state";
import { EMPTY_STATE, earliestDue } from "./state";
import type { Stimulus } from "./stimulus";
import { asStimulus } from "./stimulus";
import type { Surroundings } from "./surroundings";
import { Timers } from "./timers";

/** What came of an act, as its run hears it. */
export interface Answer {
  readonly result: string;
  readonly told?: NonNullable<Run["about"]>;
}

/** How a rehearsal answers what nothing is really done for. */
export interface Answers {
  /** Whether the past tells what came of an act: its run waits for that instead of an answer that is assumed. */
  readonly isTold?: ((act: string) => boolean) | undefined;
  /**
   * What somebody who does an act for a contact at a time (epoch ms) would have answered; null where nobody can say.
   * `ends` is remembered from act to act: when what was given ends, by names of the answerer's.
   */
  readonly answerTo?: ((act: Act, at: number, facts: Facts, ends: Map<string, number>) => Answer | null) | undefined;
  /** What people are assumed to do with a message. */
  readonly reactions?: (send: string, at: number) => readonly Expectation[];
}

export interface TrackParts {
  readonly from: number;
  readonly playbook: Playbook;
  readonly policy: Surroundings["policy"];
  readonly answers: Answers;
  readonly people: Omit<People, "hasBeenIn">;
}

/** A merge of two contacts, as far as their runs go. */
export interface Union {
  readonly id: string;
  readonly winner: number;
  readonly loser: number;
  readonly at: number;
}

/** A fuse: a graph that nobody has linted may go round in circles. */
const MOST_ANSWERS = 100;

/** Scenarios and what becomes of contacts in them under a virtual clock: what the shards are in the live product. */
export class RehearsalTrack {
  private readonly states = new Map<number, ContactState>();
  private readonly timers = new Timers();
  private readonly interest: Interest;
  private readonly doors: readonly Door[];
  private readonly ends = new Map<string, number>();
  private readonly expected = new Map<number, Expectation[]>();
  /** What the request that is being played tells, until all of it is known. */
  private awaited = new Map<number, readonly Happening[]>();

  constructor(
    private readonly parts: TrackParts,
    readonly report: RehearsalReport,
  ) {
    const people = { ...parts.people, hasBeenIn: this.hasBeenIn };
    this.interest = interestWithin(parts.playbook);
    const doors = parts.playbook.live.map((scenario) => doorOf(scenario, parts.from, people));
    this.doors = doors.filter((door) => door !== null);
  }

  /** What a contact is to hear once its request is known whole, as from the live ledger: nobody else costs anything. */
  await(contact: number, happenings: readonly Happening[]): void {
    // What one request began is moved by the rest of it.
    const isTracked = this.states.has(contact) || this.awaited.has(contact);
    const consents = this.parts.people.factsOf(contact)?.profile.consents ?? {};
    const relevant = heardBy(this.interest, { tracked: isTracked, consents }, happenings);
    if (relevant.length > 0) this.awaited.set(contact, [...(this.awaited.get(contact) ?? []), ...relevant]);
  }

  /** The request of a time (epoch ms) is whole. */
  hearRequest(at: number): void {
    const { awaited } = this;
    if (awaited.size === 0) return;
    this.awaited = new Map();
    for (const [contact, happenings] of awaited) this.hear(contact, happenings, at);
  }

  /** Timers and doors, in the order of their times, up to and including `until`; late doors where all of it is over. */
  passTime(until: number, isOver: boolean): void {
    for (let next = this.nextDoor(until, isOver); next; next = this.nextDoor(until, isOver)) {
      const { door, at } = next;
      for (const call of door.open(at)) this.call(call);
    }
    this.fireTimers(until);
  }

  private hear(contact: number, happenings: readonly Happening[], now: number): void {
    // A scenario begins with the period, as one that is switched on: history only sets the scene.
    if (now < this.parts.from) return;
    const before = this.states.get(contact) ?? EMPTY_STATE;
    const reaction = this.reaction(contact, before, now);
    let state = before;
    for (const happening of happenings) {
      const stimulus = asStimulus(happening);
      reaction.hear(stimulus);
      this.answer(contact, reaction, now);
      this.report.watched(state.watches, reaction.state.watches, stimulus);
      state = reaction.state;
    }
    reaction.passTime(now);
    this.answer(contact, reaction, now);
    this.keep(contact, before, reaction);
  }

  /** A contact was touched; those who became part of another have nothing any more. */
  touched(record: ContactRecord, isMerged: boolean, at: number): void {
    if (isMerged) this.states.delete(record.id);
    for (const door of this.doors) door.note?.(record.id, at);
  }

  /** As the shards do for a merge, in one step. */
  unite({ id, winner, loser, at }: Union): void {
    const from = this.parts.people.factsOf(loser)?.contact ?? loser;
    const handover = { id, from, to: winner, merge: id, isUndo: false };
    const before = { ...(this.states.get(winner) ?? EMPTY_STATE), awaiting: [id] };
    const { state, effects } = receiveShare(before, this.states.get(loser) ?? EMPTY_STATE, handover, at);
    this.states.set(winner, state);
    const awaited = [...(this.expected.get(winner) ?? []), ...(this.expected.get(loser) ?? [])];
    if (awaited.length > 0) this.expected.set(winner, awaited);
    for (const one of awaited) this.timers.push(winner, one.at);
    this.wind(winner, state);
    for (const effect of effects) this.tell(winner, effect);
  }

  /** Tells the report what is still to come. */
  finish(until: number): void {
    this.passTime(until, true);
    for (const [contact, { watches }] of this.states) {
      for (const watch of watches) this.report.pending(this.factsOf(contact), watch);
    }
    this.report.close();
  }

  private nextDoor(until: number, isOver: boolean): { readonly door: Door; readonly at: number } | null {
    let first: { door: Door; at: number } | null = null;
    for (const door of this.doors) {
      const at = door.next();
      if (at === null || at > until || (at === until && door.isLate && !isOver)) continue;
      if (first === null || at < first.at) first = { door, at };
    }
    return first;
  }

  private call({ contact, at, happening }: Call): void {
    this.fireTimers(at);
    if (this.parts.people.factsOf(contact)) this.hear(contact, [happening], at);
  }

  private fireTimers(until: number): void {
    for (let next = this.timers.pop(until); next; next = this.timers.pop(until)) {
      const { contact, due } = next;
      this.react(contact, due);
      const state = this.states.get(contact);
      if (!state || earliestDue(state, () => false) !== due) continue;
      const reaction = this.reaction(contact, state, due);
      reaction.passTime(due);
      this.answer(contact, reaction, due);
      this.keep(contact, state, reaction);
    }
  }

  /** Lets a contact do what they are assumed to do by now. */
  private react(contact: number, now: number): void {
    const expected = this.expected.get(contact);
    if (!expected) return;
    const left = expected.filter(({ at }) => at > now);
    if (left.length > 0) this.expected.set(contact, left);
    else this.expected.delete(contact);
    for (const { at, send, signal } of expected) {
      const stimulus: Stimulus = { type: "message", at, send, signal };
      if (at <= now && this.states.has(contact)) this.hear(contact, [stimulus as unknown as Happening], now);
    }
  }

  /**
   * Nothing that a run has done is done here: it hears at once what history says, or that it went the first way that its
   * block has.
   */
  private answer(contact: number, reaction: Reaction, now: number): void {
    const { playbook, answers } = this.parts;
    let answered = 0;
    for (const effect of reaction.effects) {
      if (effect.kind !== "acted" || effect.leftOut || answers.isTold?.(effect.id)) continue;
      const run = reaction.state.runs.find(({ id }) => id === effect.run);
      const node = run && playbook.definition(run.scenario, run.version)?.blocks[effect.block];
      if (!node || ++answered > MOST_ANSWERS) continue;
      const answer = answers.answerTo?.(effect.act, effect.at, this.factsOf(contact), this.ends);
      const heard = answer ?? { result: outputsOf(node)[0] ?? "" };
      reaction.hear({ type: "acted", at: Math.max(effect.at, now), act: effect.id, ...heard });
    }
  }

  private hasBeenIn = (contact: number, scenario: string): boolean => {
    const { runs, past } = this.states.get(contact) ?? EMPTY_STATE;
    const isOwn = (one: { readonly scenario: string }): boolean => one.scenario === scenario;
    return runs.some(isOwn) || past.some((one) => isOwn(one) && one.outcome !== "refused");
  };

  private factsOf(contact: number): Facts {
    const facts = this.parts.people.factsOf(contact);
    if (!facts) throw new Error(`contact ${contact} of the rehearsal is not known`);
    return facts;
  }

  private reaction(contact: number, state: ContactState, now: number): Reaction {
    const { playbook, policy } = this.parts;
    return new Reaction(state, { playbook, policy, facts: this.factsOf(contact), now });
  }

  private keep(contact: number, before: ContactState, reaction: Reaction): void {
    const { state } = reaction;
    if (state !== before) this.states.set(contact, state);
    this.wind(contact, state);
    for (const effect of reaction.effects as readonly Effect[]) this.tell(contact, effect);
  }

  private wind(contact: number, state: ContactState): void {
    const due = earliestDue(state, () => false);
    if (due !== null) this.timers.push(contact, due);
  }

  private tell(contact: number, effect: Effect): void {
    this.report.effect(contact, this.factsOf(contact), effect);
    if (effect.kind !== "decided" || effect.decision.outcome !== "send") return;
    const expected = this.parts.answers.reactions?.(effect.send, effect.at) ?? [];
    if (expected.length > 0) this.expected.set(contact, [...(this.expected.get(contact) ?? []), ...expected]);
    for (const { at } of expected) this.timers.push(contact, at);
  }
}
