import type { GatePolicy } from "../decisions/gate";
import type { SendingRules } from "../decisions/sending";
import type { Happening } from "../events/projection";
import type { WakeItem } from "../events/wake-lines";
import type { Facts } from "../segments/facts";
import type { ScenarioDefinition } from "./definition";
import type { Effect } from "./effect";
import type { Playbook } from "./live";

/** One contact of a wake call. `facts` are as of the event; null where the ledger no longer has them in memory. */
export interface WakeEntry {
  readonly contact: number;
  readonly seq: number;
  readonly happenings: readonly Happening[];
  readonly facts: Facts | null;
}

/** What a shard owes to D1: every row of its outbox that it has no receipt for, in the order of their numbers. */
export interface Owed {
  /** Names the object's present life: in another one the same number may mean another row. */
  readonly life: string;
  /** A bundle as JSON under its number. */
  readonly rows: readonly { readonly id: number; readonly body: string }[];
}

/** Says up to which row everything that was owed in a life is in D1. */
export interface Receipt {
  readonly life: string;
  readonly upTo: number;
}

/**
 * A call of the ledger to a shard. `revision` names the state of scenarios and switches that it was made under, `receipt`
 * what of the shard's earlier answers is in D1 by now. Whoever makes it writes what the answer owes.
 */
export interface WakeCall {
  readonly v: 2;
  readonly revision: number;
  readonly entries: readonly WakeEntry[];
  readonly receipt: Receipt | null;
}

/** What is known of some contacts, and the revision of scenarios and switches that counts by now. */
export interface FactSheet {
  readonly revision: number;
  readonly facts: readonly Facts[];
}

/** What a shard is told before it lets time pass. */
export interface CatchUp {
  readonly sheet: FactSheet;
  /** Wakes that are still on their way to it, in journal order. */
  readonly owed: readonly WakeItem[];
}

/** What of a definition the gate goes by. */
export type PolicyTerms = Pick<ScenarioDefinition, "holdout" | "max_lateness">;

/** Scenarios, contents and switches as of one revision. */
export interface Briefing {
  readonly revision: number;
  readonly playbook: Playbook;
  /** When and how often messages may leave; the permit goes by it as well. */
  readonly sending?: SendingRules | undefined;
  /** What the gate is told of a scenario, or of a campaign, which says the same of itself. */
  readonly policy: (definition: PolicyTerms) => GatePolicy;
  /** The row of a send, or null where its content is gone. */
  readonly makeSend: (effect: Extract<Effect, { kind: "decided" }>, facts: Facts) => unknown[] | null;
}

/** What a shard needs of the world. */
export interface ShardPorts {
  readonly briefing: () => Promise<Briefing>;
  readonly facts: (contacts: readonly number[]) => Promise<FactSheet>;
  /** The same of contacts for whom time is to pass, and of others, with the wakes that the former are owed. */
  readonly catchUp: (contacts: readonly number[], others: readonly number[]) => Promise<CatchUp>;
  /** Has the ledger copy to D1 what is owed; resolves when it is there. */
  readonly copy: (owed: Owed) => Promise<Receipt>;
  /** A name that no other instance of a shard's object has. */
  readonly newLife: () => string;
  readonly now: () => number;
  /** The real time at which `now` will be `at`. */
  readonly realTimeOf: (at: number) => number;
  readonly log: (message: string, details: Readonly<Record<string, unknown>>) => void;
}
