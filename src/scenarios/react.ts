import { isControl } from "../decisions/gate";
import type { Facts } from "../segments/facts";
import { derivedId } from "../shared/ids";
import type { RunInput } from "./advance";
import { advance, overhear } from "./advance";
import type { Beginning } from "./begin";
import { beginsWith } from "./begin";
import { counting } from "./count";
import type { ScenarioDefinition } from "./definition";
import type { Effect } from "./effect";
import { refusalOf, rivalsOf, weakerThan } from "./entry";
import type { ActedEffect } from "./gift";
import { actEffects } from "./gift";
import type { LiveScenario } from "./live";
import { definitionFor, triggerOf, versionFor } from "./live";
import { noting } from "./note";
import { decidedOf, Outgoing } from "./outgoing";
import { remembering } from "./past";
import type { Unsettled } from "./signal";
import { areOpensKnown, NOTHING_OPEN, settlesAt } from "./signal";
import type { Brought, ContactState, HeldSend, Outcome, PastRun, Run, Watch } from "./state";
import { arrivedAt, broughtBy, runAt } from "./state";
import type { Stimulus } from "./stimulus";
import { cartKey, stopsAfterEnd, stopVerdict } from "./stop";
import type { Surroundings } from "./surroundings";
import { takenOver } from "./take-over";
import { unsettledAfter } from "./unsettled";
import { watchesAfter } from "./watch";

const isOf = (scenario: string) => (run: Run) => run.scenario === scenario;

/**
 * A contact's reaction while it is being worked out: the state goes in, time passes, things are heard, and the new
 * state and its effects come out. Without clock, chance or storage, it serves the live shard and the rehearsal alike.
 */
export class Reaction {
  readonly effects: Effect[] = [];
  private watches: readonly Watch[];
  private runs: readonly Run[];
  private past: readonly PastRun[];
  private unsettled: readonly Unsettled[];
  private readonly outgoing: Outgoing;

  constructor(
    private readonly before: ContactState,
    private readonly around: Surroundings,
  ) {
    ({ watches: this.watches, runs: this.runs, past: this.past } = before);
    this.unsettled = before.unsettled ?? NOTHING_OPEN;
    const { policy, now } = around;
    const [factsOf, definitionOf] = [this.factsOf.bind(this), this.definitionOf.bind(this)];
    this.outgoing = new Outgoing(before, { policy, now, factsOf, definitionOf });
    for (const run of before.runs) this.takeOver(run);
  }

  get state(): ContactState {
    const { watches, runs, past } = this;
    const { held, sent } = this.outgoing;
    const unsettled = this.unsettled.length > 0 ? this.unsettled : undefined;
    return { ...this.before, watches, runs, held, past, unsettled, ...(sent.length > 0 && { sent }) };
  }

  /** Fires everything that is due up to and including `until`, in the order of due times. */
  passTime(until: number): void {
    // The bound is a fuse: each firing takes its item away or moves it on.
    for (let fired = 0; fired < 1_000; fired++) {
      const next = this.earliest(until);
      if (!next) break;
      next();
    }
    this.settle();
  }

  /** Takes in one thing that happened, after all that was due before it. Stop conditions come before anything else. */
  hear(stimulus: Stimulus): void {
    this.passTime(stimulus.at);
    const isOpenKnown = areOpensKnown(this.around.facts.profile.consents);
    this.runs = noting(this.runs, stimulus, isOpenKnown ? null : this.outgoing.held);
    this.unsettled = unsettledAfter(this.unsettled, stimulus, this.runs, this.around.playbook);
    // Nothing moves by it until it is settled that a person did it.
    if (stimulus.type !== "message") this.tell(stimulus);
    this.watches = watchesAfter(this.watches, stimulus, this.around.playbook);
    for (const { id, definition } of this.around.playbook.live) {
      const begun = beginsWith(id, triggerOf(definition), stimulus, this.around.facts.shop);
      if (begun) this.enter(this.active(id), begun, stimulus.at, null);
    }
    this.settle();
  }

  private tell(stimulus: Stimulus): void {
    for (const { id } of this.runs) {
      const run = this.runs.find((other) => other.id === id);
      if (run) this.tellRun(run, stimulus);
    }
    for (const past of this.past) this.tellPast(past, stimulus);
  }

  private settleSignal(one: Unsettled): void {
    this.unsettled = this.unsettled.filter((other) => other !== one);
    // An earlier one may have turned out to be a machine's.
    this.runs = noting(this.runs, { ...one, type: "message" });
    this.tell({ ...one, type: "message", at: settlesAt(one.at) });
  }

  /** Nobody is asked: what a later version takes over is there already when anything happens. */
  private takeOver(run: Run): void {
    const taken = takenOver(run, this.around.playbook);
    if (taken === run) return;
    if (taken === null) {
      this.interrupt(run, this.around.now, "interrupted", "block_gone");
      return;
    }
    this.replace(taken);
    this.effects.push({ kind: "moved", run: taken });
  }

  private factsOf({ origin }: Brought): Facts {
    const { facts, factsOf } = this.around;
    return (origin === undefined ? undefined : factsOf?.(origin)) ?? facts;
  }

  private active(scenario: string): LiveScenario | undefined {
    return this.around.playbook.live.find(({ id, state }) => id === scenario && state === "active");
  }

  private earliest(until: number): (() => unknown) | null {
    let due = until + 1;
    let fire: (() => unknown) | null = null;
    for (const one of this.unsettled) {
      if (settlesAt(one.at) >= due) continue;
      due = settlesAt(one.at);
      fire = () => this.settleSignal(one);
    }
    for (const watch of this.watches) {
      if (watch.due >= due || !this.active(watch.scenario)) continue;
      due = watch.due;
      fire = () => this.abandon(watch);
    }
    for (const run of this.runs) {
      const at = run.due;
      if (at === null || at >= due || !this.active(run.scenario)) continue;
      due = at;
      fire = () => this.move(run, { kind: "due" }, at);
    }
    for (const held of this.outgoing.held) {
      if (held.askAt >= due || !this.active(held.scenario)) continue;
      due = held.askAt;
      fire = () => this.effects.push(...this.outgoing.wantAgain(held, this.effects.length));
    }
    return fire;
  }

  private abandon(watch: Watch): void {
    this.watches = this.watches.filter((other) => other !== watch);
    this.enter(this.active(watch.scenario), { key: cartKey(watch.cart, watch.lastAt) }, watch.due, watch);
  }

  /** Lets the contact into a scenario, unless its filter or re-entry rule refuses. */
  private enter(live: LiveScenario | undefined, begun: Beginning, at: number, watch: Watch | null): void {
    if (!live) return;
    const { key: entryKey, about } = begun;
    const { id: scenario, definition, version } = versionFor(live, this.factsOf(watch ?? {}).contact);
    const cart = watch?.cart ?? begun.cart?.id ?? null;
    // What comes of a cart that a merge brought is its owner's, and goes home with it.
    const from: Brought = watch ?? {};
    const id = this.idOf({ scenario, entryKey, origin: from.origin });
    const entry = { scenario, entryKey, at, cart };
    const rivals = rivalsOf(entry, definition, this.state, (run) => this.definitionOf(run));
    const reason = refusalOf(entry, definition, this.state, this.around.facts) ?? weakerThan(rivals, definition);
    if (reason === "repeat") return;
    if (reason !== null) {
      this.effects.push({ kind: "refused", id, scenario, version, entryKey, at, reason, origin: from.origin });
      const refused = { scenario, entryKey, enteredAt: at, endedAt: at, outcome: "refused" as const, lastSendAt: null };
      // Who is unknown today may be known tomorrow, with the same cart.
      if (reason !== "identity_unverified") this.remember(broughtBy(refused, from));
      return;
    }
    for (const { run } of rivals) this.interrupt(run, at, "superseded", "higher_priority");
    const older = definition.reentry.while_running === "supersede" ? this.runs.filter(isOf(scenario)) : [];
    for (const run of older) this.interrupt(run, at, "superseded", "new_entry");
    const since = watch?.lastAt ?? begun.cart?.at ?? at;
    const begins = { id, scenario, version, entryKey, enteredAt: at, cart, since, block: definition.start };
    const run = runAt({ ...begins, ...(about && { about }) }, from);
    this.effects.push({ kind: "entered", run });
    this.runs = [...this.runs, run];
    this.move(run, { kind: "enter" }, at);
  }

  /** Ends a run from outside: what is on its way of it does not leave. */
  private interrupt(run: Run, at: number, outcome: Outcome, reason: string): void {
    this.effects.push(...this.outgoing.drop(run.id));
    this.leave(run, Math.max(at, arrivedAt(run)), outcome, reason, { stopped: true });
    this.effects.push({ kind: "stopped", run: run.id, at, reason, origin: run.origin });
  }

  private definitionOf({ scenario, version }: Run | HeldSend): ScenarioDefinition | undefined {
    return this.around.playbook.definition(scenario, version);
  }

  private tellRun(told: Run, stimulus: Stimulus): void {
    const definition = this.definitionOf(told);
    if (!definition) return;
    const run = counting(told, definition, stimulus, this.around.facts.shop);
    if (run !== told) this.replace(run);
    const facts = this.factsOf(run);
    const stop = stopVerdict(run, definition, stimulus, facts);
    if (stop) this.interrupt(run, stimulus.at, stop.outcome, stop.reason);
    if (stop || run.due === null) return;
    // What is told late moves nothing back to before the block was reached.
    const at = Math.max(stimulus.at, arrivedAt(run));
    if (this.active(run.scenario)) this.move(run, { kind: "heard", stimulus }, at);
    else if (run.due > at) this.replace(overhear(run, stimulus, at, facts, definition));
  }

  private tellPast(past: PastRun, stimulus: Stimulus): void {
    const definition = definitionFor(this.around.playbook, past.scenario, this.factsOf(past).contact);
    const known = past.lastSendAt !== null || this.outgoing.held.some(({ run }) => run === this.idOf(past));
    if (!definition || !known || !stopsAfterEnd(past, definition, stimulus, this.factsOf(past))) return;
    const run = this.idOf(past);
    this.effects.push(...this.outgoing.drop(run));
    this.past = this.past.map((other) => (other === past ? { ...past, stopped: true } : other));
    this.effects.push({ kind: "stopped", run, at: stimulus.at, reason: stimulus.type, origin: past.origin });
  }

  private idOf({ scenario, origin, entryKey }: Pick<PastRun, "scenario" | "origin" | "entryKey">): string {
    return derivedId("run", scenario, origin ?? this.around.facts.contact, entryKey);
  }

  private move(run: Run, input: RunInput, at: number): void {
    const definition = this.definitionOf(run);
    if (!definition) {
      this.leave(run, at, "failed", "version_gone");
      return;
    }
    const advanced = advance(run, input, at, this.factsOf(run), definition, Math.max(at, this.around.now));
    this.replace(advanced.run);
    const acted = actEffects(run, advanced.acts, at, this.isMeasured(run, definition));
    this.effects.push(...acted);
    for (const wanted of advanced.wanted) {
      this.outgoing.want({ by: advanced.run, definition, wanted, plannedAt: at, place: this.effects.length });
    }
    const moved = this.runs.find(({ id }) => id === run.id) ?? advanced.run;
    if (advanced.exit) this.leave(moved, at, advanced.exit.outcome, advanced.exit.reason);
    else this.answer(moved, acted, at);
  }

  /** In the control group, of which it is measured what they do without the scenario. */
  private isMeasured(run: Run, definition: ScenarioDefinition): boolean {
    const { contact } = this.factsOf(run);
    return definition.class === "marketing" && isControl(run.scenario, contact, this.around.policy(definition));
  }

  /** Tells a run at once that what it waits to hear of is not done. */
  private answer(run: Run, acted: readonly ActedEffect[], at: number): void {
    const left = acted.find(({ id, leftOut }) => leftOut !== undefined && id === run.awaited?.act);
    if (left?.leftOut === undefined) return;
    const stimulus: Stimulus = { type: "acted", at, act: left.id, result: left.leftOut };
    this.runs = noting(this.runs, stimulus);
    const told = this.runs.find(({ id }) => id === run.id);
    if (told) this.move(told, { kind: "heard", stimulus }, at);
  }

  private replace(run: Run): void {
    this.runs = this.runs.map((other) => (other.id === run.id ? run : other));
  }

  /** Asks the gate about all that came up together. */
  private settle(): void {
    const answers = this.outgoing.settle();
    for (const { ask, run, decision } of answers) {
      if (decision.outcome === "send") this.noteSend(run, ask.by.scenario, ask.plannedAt);
    }
    // Told where it came up, from the last place to the first: before the end of its run, whatever was worth more.
    for (const answer of answers.toReversed().toSorted((one, other) => other.ask.place - one.ask.place)) {
      this.effects.splice(answer.ask.place, 0, decidedOf(answer, this.around.now));
    }
  }

  /** Of a run that is over by now as well: what was held until then counts for whoever comes next. */
  private noteSend(runId: string, scenario: string, lastSendAt: number): void {
    const known = this.runs.find(({ id }) => id === runId);
    if (known) this.replace({ ...known, lastSendAt });
    else
      this.past = this.past.map((one) =>
        one.scenario === scenario && this.idOf(one) === runId ? { ...one, lastSendAt } : one,
      );
  }

  /** What the gate put off outlives a run that comes to its end. */
  private leave(run: Run, at: number, outcome: Outcome, reason: string, more: Pick<PastRun, "stopped"> = {}): void {
    this.runs = this.runs.filter(({ id }) => id !== run.id);
    this.effects.push({ kind: "exited", run, at, outcome, reason });
    const { scenario, entryKey, enteredAt, since, lastSendAt } = run;
    this.remember(broughtBy({ scenario, entryKey, enteredAt, since, endedAt: at, outcome, lastSendAt, ...more }, run));
  }

  private remember(entry: PastRun): void {
    this.past = remembering(this.past, entry);
  }
}
