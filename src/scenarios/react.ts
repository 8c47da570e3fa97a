import type { GatePolicy } from "../decisions/gate";
import { decide } from "../decisions/gate";
import type { Facts } from "../segments/facts";
import { derivedId } from "../shared/ids";
import type { RunInput, Wanted } from "./advance";
import { advance } from "./advance";
import type { Beginning } from "./begin";
import { beginsWith } from "./begin";
import { counting } from "./count";
import type { ScenarioDefinition } from "./definition";
import type { Effect } from "./effect";
import { refusalOf, rivalsOf } from "./entry";
import type { LiveScenario, Playbook } from "./live";
import { triggerOf } from "./live";
import { noting } from "./note";
import type { Brought, ContactState, HeldSend, Outcome, PastRun, Run, Watch } from "./state";
import { broughtBy } from "./state";
import type { Stimulus } from "./stimulus";
import { stopsAfterEnd, stopVerdict } from "./stop";
import { takenOver } from "./take-over";
import { watchesAfter } from "./watch";

/** What a reaction needs to know beside the contact's state. */
export interface Surroundings {
  readonly playbook: Playbook;
  readonly facts: Facts;
  /** What is known of whoever stands for the contact that a run began with; left out where only one contact counts. */
  readonly factsOf?: (origin: number) => Facts | undefined;
  readonly policy: (definition: ScenarioDefinition) => GatePolicy;
  /** Real time of the reaction, epoch ms; the logical time of each step is its own. */
  readonly now: number;
}

const PAST_KEPT = 200;

const isOf = (scenario: string) => (run: Run) => run.scenario === scenario;

/**
 * A contact's reaction while it is being worked out: the state goes in, time passes, things are heard, and the new
 * state and its effects come out. Without clock, chance or storage, it serves the live shard and the rehearsal alike.
 */
export class Reaction {
  readonly effects: Effect[] = [];
  private watches: readonly Watch[];
  private runs: readonly Run[];
  private held: readonly HeldSend[];
  private past: readonly PastRun[];

  constructor(
    private readonly before: ContactState,
    private readonly around: Surroundings,
  ) {
    ({ watches: this.watches, runs: this.runs, held: this.held, past: this.past } = before);
    for (const run of before.runs) this.takeOver(run);
  }

  get state(): ContactState {
    return { ...this.before, watches: this.watches, runs: this.runs, held: this.held, past: this.past };
  }

  /** Fires everything that is due up to and including `until`, in the order of due times. */
  passTime(until: number): void {
    // The bound is a fuse: each firing takes its item away or moves it on.
    for (let fired = 0; fired < 1_000; fired++) {
      const next = this.earliest(until);
      if (!next) return;
      next();
    }
  }

  /** Takes in one thing that happened, after all that was due before it. Stop conditions come before anything else. */
  hear(stimulus: Stimulus): void {
    this.passTime(stimulus.at);
    this.runs = noting(this.runs, stimulus);
    for (const { id } of this.runs) {
      const run = this.runs.find((other) => other.id === id);
      if (run) this.tellRun(run, stimulus);
    }
    for (const past of this.past) this.tellPast(past, stimulus);
    this.watches = watchesAfter(this.watches, stimulus, this.around.playbook);
    for (const { id, definition } of this.around.playbook.live) {
      const begun = beginsWith(id, triggerOf(definition), stimulus, this.around.facts.shop);
      if (begun) this.enter(this.active(id), begun, stimulus.at, null);
    }
  }

  /** Nobody is asked: what a later version takes over is there already when anything happens. */
  private takeOver(run: Run): void {
    const taken = takenOver(run, this.around.playbook);
    if (taken === run) return;
    if (taken === null) {
      this.leave(run, this.around.now, "interrupted", "block_gone");
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

  private earliest(until: number): (() => void) | null {
    let due = until + 1;
    let fire: (() => void) | null = null;
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
    for (const held of this.held) {
      if (held.askAt >= due) continue;
      due = held.askAt;
      fire = () => this.askAgain(held);
    }
    return fire;
  }

  private abandon(watch: Watch): void {
    this.watches = this.watches.filter((other) => other !== watch);
    const key = `${watch.cart}@${new Date(watch.lastAt).toISOString()}`;
    this.enter(this.active(watch.scenario), { key }, watch.due, watch);
  }

  /** Lets the contact into a scenario, unless its filter or re-entry rule refuses. */
  private enter(live: LiveScenario | undefined, begun: Beginning, at: number, watch: Watch | null): void {
    if (!live) return;
    const { key: entryKey, about } = begun;
    const { id: scenario, definition, version } = live;
    const cart = watch?.cart ?? null;
    // What comes of a cart that a merge brought is its owner's, and goes home with it.
    const from: Brought = watch ?? {};
    const id = derivedId("run", scenario, from.origin ?? this.around.facts.contact, entryKey);
    const entry = { scenario, entryKey, at, cart };
    const rivals = rivalsOf(entry, definition, this.state, (run) => this.definitionOf(run));
    const isWeaker = rivals.some(({ priority }) => priority >= definition.priority);
    const refusal = refusalOf(entry, definition, this.state, this.around.facts);
    if (refusal === "repeat") return;
    const reason = refusal ?? (isWeaker ? "group_busy" : null);
    if (reason !== null) {
      this.effects.push({ kind: "refused", id, scenario, version, entryKey, at, reason, origin: from.origin });
      const refused = { scenario, entryKey, enteredAt: at, endedAt: at, outcome: "refused" as const, lastSendAt: null };
      // Who is unknown today may be known tomorrow, with the same cart.
      if (reason !== "identity_unverified") this.remember(broughtBy(refused, from));
      return;
    }
    for (const { run } of rivals) this.giveWay(run, at, "higher_priority");
    const older = definition.reentry.while_running === "supersede" ? this.runs.filter(isOf(scenario)) : [];
    for (const run of older) this.giveWay(run, at, "new_entry");
    const block = definition.start;
    const since = watch?.lastAt ?? at;
    const blank = {
      visits: { [block]: 1 },
      due: null,
      sends: {},
      lastSendAt: null,
      signals: {},
      ...(about && { about }),
    };
    const run: Run = broughtBy({ id, scenario, version, entryKey, enteredAt: at, cart, since, block, ...blank }, from);
    this.effects.push({ kind: "entered", run });
    this.runs = [...this.runs, run];
    this.move(run, { kind: "enter" }, at);
  }

  /** Ends a run for the sake of another: what is on its way of it does not leave. */
  private giveWay(run: Run, at: number, reason: string): void {
    this.leave(run, at, "superseded", reason);
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
    const stop = stopVerdict(run, definition, stimulus, this.factsOf(run));
    if (stop) {
      this.leave(run, stimulus.at, stop.outcome, stop.reason);
      this.effects.push({ kind: "stopped", run: run.id, at: stimulus.at, reason: stop.reason, origin: run.origin });
    } else if (run.due !== null && this.active(run.scenario)) {
      this.move(run, { kind: "heard", stimulus }, stimulus.at);
    }
  }

  private tellPast(past: PastRun, stimulus: Stimulus): void {
    const definition = this.around.playbook.live.find(({ id }) => id === past.scenario)?.definition;
    if (!definition || !stopsAfterEnd(past, definition, stimulus)) return;
    const { origin } = past;
    const run = derivedId("run", past.scenario, origin ?? this.around.facts.contact, past.entryKey);
    const held = this.held.filter((one) => one.run === run);
    if (past.lastSendAt === null && held.length === 0) return;
    if (held.length > 0) this.held = this.held.filter((one) => one.run !== run);
    this.effects.push({ kind: "stopped", run, at: stimulus.at, reason: stimulus.type, origin });
  }

  private move(run: Run, input: RunInput, at: number): void {
    const definition = this.definitionOf(run);
    if (!definition) {
      this.leave(run, at, "failed", "version_gone");
      return;
    }
    const advanced = advance(run, input, at, this.factsOf(run), definition);
    this.replace(advanced.run);
    const { id, scenario, origin } = run;
    for (const wanted of advanced.acts) this.effects.push({ kind: "acted", ...wanted, run: id, scenario, at, origin });
    for (const wanted of advanced.wanted) this.ask(advanced.run, definition, wanted, at);
    const moved = this.runs.find(({ id }) => id === run.id) ?? advanced.run;
    if (advanced.exit) this.leave(moved, at, advanced.exit.outcome, advanced.exit.reason);
  }

  private replace(run: Run): void {
    this.runs = this.runs.map((other) => (other.id === run.id ? run : other));
  }

  private ask(run: Run | HeldSend, definition: ScenarioDefinition, wanted: Wanted, plannedAt: number): void {
    const { policy, now } = this.around;
    const facts = this.factsOf(run);
    const runId = "run" in run ? run.run : run.id;
    const { block, channel, content, send } = wanted;
    const intent = { run: runId, scenario: run.scenario, block, channel, content, class: definition.class, plannedAt };
    const decision = decide(intent, facts, policy(definition), now);
    const { scenario, version, origin, via, told } = run;
    this.effects.push({ kind: "decided", intent, send, decision, at: now, origin, ...(told && { told }) });
    if (decision.until !== null) {
      const askAt = decision.until;
      const about = {
        run: runId,
        scenario,
        version,
        block,
        channel,
        content,
        send,
        plannedAt,
        askAt,
        ...(told && { told }),
      };
      this.held = [...this.held, broughtBy(about, { origin, via })];
    }
    const known = this.runs.find(({ id }) => id === runId);
    if (known && decision.outcome === "send") this.replace({ ...known, lastSendAt: plannedAt });
  }

  private askAgain(held: HeldSend): void {
    this.held = this.held.filter((other) => other !== held);
    const definition = this.definitionOf(held);
    if (definition) this.ask(held, definition, held, held.plannedAt);
  }

  private leave(run: Run, at: number, outcome: Outcome, reason: string): void {
    this.runs = this.runs.filter(({ id }) => id !== run.id);
    // What the gate put off outlives a run that merely came to its end.
    if (outcome !== "completed" && outcome !== "timeout") this.held = this.held.filter((held) => held.run !== run.id);
    this.effects.push({ kind: "exited", run, at, outcome, reason });
    const { scenario, entryKey, enteredAt, since, lastSendAt } = run;
    this.remember(broughtBy({ scenario, entryKey, enteredAt, since, endedAt: at, outcome, lastSendAt }, run));
  }

  private remember(entry: PastRun): void {
    const others = this.past.filter(
      ({ scenario, entryKey }) => scenario !== entry.scenario || entryKey !== entry.entryKey,
    );
    this.past = [...others, entry].slice(-PAST_KEPT);
  }
}
