import type { Effect } from "./effect";
import type { Watch } from "./state";
import type { Stimulus } from "./stimulus";

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

export interface PendingTimer extends Who {
  readonly cart: string;
  readonly due_at: string;
}

export interface RehearsalTotals {
  /** Inactivity timers that opened, fired, and were closed by an order or an emptied cart. */
  opened: number;
  fired: number;
  converted: number;
  emptied: number;
  pending: number;
  entered: number;
  refused: Record<string, number>;
  outcomes: Record<string, number>;
  /** Messages by channel and day (UTC). */
  messages: Record<string, Record<string, number>>;
  /** What the gate held or suppressed, by reason. */
  withheld: Record<string, number>;
  /** What runs would have had done beside messages, by kind: nothing of it was. */
  acts: Record<string, number>;
}

export interface RehearsalResult {
  readonly entries: readonly RehearsalEntry[];
  readonly pending: readonly PendingTimer[];
  readonly totals: RehearsalTotals;
}

/** Gathers what a rehearsal shows. Only entries within the period count; times are ISO 8601 in UTC. */
export class RehearsalReport {
  private readonly entries: RehearsalEntry[] = [];
  private readonly open = new Map<string, RehearsalEntry>();
  private readonly timers: PendingTimer[] = [];
  private readonly totals: RehearsalTotals = {
    opened: 0,
    fired: 0,
    converted: 0,
    emptied: 0,
    pending: 0,
    entered: 0,
    refused: {},
    outcomes: {},
    messages: {},
    withheld: {},
    acts: {},
  };
  private untold: RehearsalEntry[] = [];

  constructor(
    private readonly from: number,
    private readonly to: number,
  ) {}

  /** Compares the inactivity timers before and after a stimulus. */
  watched(before: readonly Watch[], after: readonly Watch[], stimulus: Stimulus): void {
    if (stimulus.at < this.from) return;
    const opened = after.filter(({ scenario }) => !before.some((other) => other.scenario === scenario)).length;
    const closed = before.filter(({ scenario }) => !after.some((other) => other.scenario === scenario)).length;
    this.totals.opened += opened;
    if (stimulus.type === "order") this.totals.converted += closed;
    if (stimulus.type === "emptied") this.totals.emptied += closed;
  }

  effect(who: Who, effect: Effect): void {
    if (effect.kind === "entered") this.enter(who, effect.run.id, effect.run.entryKey, effect.run.enteredAt);
    if (effect.kind === "refused") this.refuse(who, effect);
    if (effect.kind === "decided") this.decide(effect);
    if (effect.kind === "acted" && this.open.has(effect.run)) count(this.totals.acts, effect.act.kind);
    if (effect.kind === "exited") this.exit(effect);
  }

  pending(who: Who, watch: Watch): void {
    this.totals.pending++;
    this.timers.push({ ...who, cart: watch.cart, due_at: iso(watch.due) });
  }

  /** Entries that are over since the last call. */
  takeFinished(): readonly RehearsalEntry[] {
    const finished = this.untold.filter(({ outcome }) => outcome !== null);
    this.untold = this.untold.filter(({ outcome }) => outcome === null);
    return finished;
  }

  result(): RehearsalResult {
    return { entries: this.entries, pending: this.timers, totals: this.totals };
  }

  private enter(who: Who, run: string, entryKey: string, at: number): RehearsalEntry | null {
    if (at < this.from || at > this.to) return null;
    const times = { entered_at: iso(at), exited_at: null, outcome: null, reason: null };
    const entry: RehearsalEntry = { ...who, entry_key: entryKey, ...times, messages: [] };
    this.entries.push(entry);
    this.untold.push(entry);
    this.open.set(run, entry);
    this.totals.fired++;
    this.totals.entered++;
    return entry;
  }

  private refuse(who: Who, effect: Extract<Effect, { kind: "refused" }>): void {
    const entry = this.enter(who, effect.id, effect.entryKey, effect.at);
    if (!entry) return;
    this.totals.entered--;
    count(this.totals.refused, effect.reason);
    entry.exited_at = iso(effect.at);
    entry.outcome = "refused";
    entry.reason = effect.reason;
  }

  private decide({ intent, decision, at }: Extract<Effect, { kind: "decided" }>): void {
    const entry = this.open.get(intent.run);
    if (!entry) return;
    const { block, channel } = intent;
    entry.messages.push({ block, channel, at: iso(at), decision: decision.outcome, reason: decision.reason });
    if (decision.outcome === "send") {
      const day = iso(at).slice(0, 10);
      this.totals.messages[channel] ??= {};
      count(this.totals.messages[channel], day);
    } else {
      count(this.totals.withheld, decision.reason);
    }
  }

  private exit({ run, at, outcome, reason }: Extract<Effect, { kind: "exited" }>): void {
    const entry = this.open.get(run.id);
    if (!entry) return;
    entry.exited_at = iso(at);
    entry.outcome = outcome;
    entry.reason = reason;
    count(this.totals.outcomes, outcome);
  }
}

function count(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
