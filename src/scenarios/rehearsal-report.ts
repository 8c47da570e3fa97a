import type { Facts } from "../segments/facts";
import type { Effect } from "./effect";
import { Overlap } from "./rehearsal-overlap";
import type { SmsTariff } from "./rehearsal-sms";
import { charge } from "./rehearsal-sms";
import type { RehearsalTotals } from "./rehearsal-totals";
import { count, noTotals } from "./rehearsal-totals";
import type { Watch } from "./state";
import type { Stimulus } from "./stimulus";

export type { RehearsalTotals } from "./rehearsal-totals";

/** A contact as a rehearsal names it. */
export interface Who {
  readonly external_id: string | null;
  readonly anonymous_id: string | null;
}

export interface RehearsalMessage {
  readonly block: string;
  readonly channel: string;
  readonly at: string;
  readonly decision: string;
  readonly reason: string;
}

/** One entry: somebody at the scenario's door, let in or not, and what became of it within the period. */
export interface RehearsalEntry extends Who {
  readonly entry_key: string;
  readonly entered_at: string;
  readonly messages: RehearsalMessage[];
  exited_at: string | null;
  /** Null while the run was still going on at the end of the period. */
  outcome: string | null;
  reason: string | null;
}

/** An entry with the run that came of it and the contact whose it is. */
export interface EntryOf {
  readonly run: string;
  readonly contact: number;
  readonly entry: RehearsalEntry;
}

export interface PendingTimer extends Who {
  readonly cart: string;
  readonly due_at: string;
}

export interface RehearsalResult {
  readonly entries: readonly RehearsalEntry[];
  readonly pending: readonly PendingTimer[];
  readonly totals: RehearsalTotals;
}

/** What a report is of: the scenario, the period (epoch ms, both inclusive), and what its short messages cost. */
export interface ReportOf {
  readonly scenario: string;
  readonly from: number;
  readonly to: number;
  readonly sms?: SmsTariff | undefined;
  /** Whether there is a content of a key: a message without is none. */
  readonly hasContent?: ((key: string) => boolean) | undefined;
}

/** Gathers what a rehearsal shows. Only entries within the period count; times are ISO 8601 in UTC. */
export class RehearsalReport {
  readonly entries: EntryOf[] = [];
  readonly totals: RehearsalTotals = noTotals();
  private readonly open = new Map<string, RehearsalEntry>();
  private readonly timers: PendingTimer[] = [];
  private readonly overlap = new Overlap();
  private untold: RehearsalEntry[] = [];

  constructor(private readonly of: ReportOf) {}

  /** Compares the inactivity timers before and after a stimulus. */
  watched(before: readonly Watch[], after: readonly Watch[], stimulus: Stimulus): void {
    if (stimulus.at < this.of.from) return;
    const own = (watches: readonly Watch[]) => watches.filter(({ scenario }) => scenario === this.of.scenario).length;
    const change = own(after) - own(before);
    this.totals.opened += Math.max(change, 0);
    if (stimulus.type === "order") this.totals.converted += Math.max(-change, 0);
    if (stimulus.type === "emptied") this.totals.emptied += Math.max(-change, 0);
  }

  effect(contact: number, facts: Facts, effect: Effect): void {
    if (scenarioOf(effect) !== this.of.scenario) this.other(contact, effect);
    else if (effect.kind === "entered") {
      this.enter(contact, facts, effect.run.id, effect.run.entryKey, effect.run.enteredAt);
    } else if (effect.kind === "refused") this.refuse(contact, facts, effect);
    else if (effect.kind === "decided") this.decide(contact, facts, effect);
    else if (effect.kind === "acted" && this.open.has(effect.run)) count(this.totals.acts, effect.act.kind);
    else if (effect.kind === "exited") this.exit(effect);
  }

  pending(facts: Facts, watch: Watch): void {
    if (watch.scenario !== this.of.scenario) return;
    this.totals.pending++;
    this.timers.push({ ...whoIs(facts), cart: watch.cart, due_at: iso(watch.due) });
  }

  /** Two contacts turn out to be one. */
  unite(winner: number, loser: number): void {
    this.overlap.unite(winner, loser);
  }

  /** Nothing more will happen. */
  close(): void {
    this.overlap.addTo(this.totals.overlap);
  }

  /** Entries that are over since the last call. */
  takeFinished(): readonly RehearsalEntry[] {
    const finished = this.untold.filter(({ outcome }) => outcome !== null);
    this.untold = this.untold.filter(({ outcome }) => outcome === null);
    return finished;
  }

  result(): RehearsalResult {
    return { entries: this.entries.map(({ entry }) => entry), pending: this.timers, totals: this.totals };
  }

  /** What another live scenario does. */
  private other(contact: number, effect: Effect): void {
    if (effect.kind === "exited" && effect.at >= this.of.from && effect.reason === "higher_priority") {
      this.totals.overlap.took_over++;
    }
    if (effect.kind !== "decided" || effect.decision.outcome !== "send" || effect.at < this.of.from) return;
    this.overlap.note(contact, effect.at, effect.intent.scenario);
  }

  private enter(contact: number, facts: Facts, run: string, entryKey: string, at: number): RehearsalEntry | null {
    // What was told late is of before the period, as in life.
    if (at > this.of.to) return null;
    const times = { entered_at: iso(at), exited_at: null, outcome: null, reason: null };
    const entry: RehearsalEntry = { ...whoIs(facts), entry_key: entryKey, ...times, messages: [] };
    this.entries.push({ run, contact, entry });
    this.untold.push(entry);
    this.open.set(run, entry);
    this.totals.fired++;
    this.totals.entered++;
    return entry;
  }

  private refuse(contact: number, facts: Facts, effect: Extract<Effect, { kind: "refused" }>): void {
    const entry = this.enter(contact, facts, effect.id, effect.entryKey, effect.at);
    if (!entry) return;
    this.totals.entered--;
    count(this.totals.refused, effect.reason);
    if (effect.reason === "group_busy") this.totals.overlap.kept_out++;
    entry.exited_at = iso(effect.at);
    entry.outcome = "refused";
    entry.reason = effect.reason;
  }

  private decide(contact: number, facts: Facts, effect: Extract<Effect, { kind: "decided" }>): void {
    const { intent, decision, at } = effect;
    const entry = this.open.get(intent.run);
    if (!entry) return;
    const { block, channel } = intent;
    const isGone = decision.outcome === "send" && this.of.hasContent?.(intent.content) === false;
    const { outcome, reason } = isGone ? { outcome: "suppressed", reason: "content_missing" } : decision;
    entry.messages.push({ block, channel, at: iso(at), decision: outcome, reason });
    const isSent = outcome === "send";
    const days = isSent ? this.totals.messages : this.totals.withheld_days;
    days[channel] ??= {};
    count(days[channel], iso(at).slice(0, 10));
    if (!isSent) {
      count(this.totals.withheld, reason);
      return;
    }
    this.overlap.note(contact, at, null);
    const { sms } = this.of;
    if (sms && channel === "sms") charge(this.totals.sms, sms, intent.content, facts.profile.phone);
  }

  private exit({ run, at, outcome, reason }: Extract<Effect, { kind: "exited" }>): void {
    const entry = this.open.get(run.id);
    if (!entry) return;
    entry.exited_at = iso(at);
    entry.outcome = outcome;
    entry.reason = reason;
    count(this.totals.outcomes, outcome);
    if (reason === "higher_priority") this.totals.overlap.gave_way++;
  }
}

function scenarioOf(effect: Effect): string | null {
  if (effect.kind === "decided") return effect.intent.scenario;
  if (effect.kind === "stopped") return null;
  return "scenario" in effect ? effect.scenario : effect.run.scenario;
}

function whoIs({ profile }: Facts): Who {
  return { external_id: profile.externalId, anonymous_id: profile.anonymousId };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
