import type { GatePolicy } from "../decisions/gate";
import type { Happening } from "../events/projection";
import type { Facts } from "../segments/facts";
import type { Bundle } from "./bundle";
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

/** A call of the ledger to a shard. `revision` names the state of scenarios and switches that it was made under. */
export interface WakeCall {
  readonly v: 1;
  readonly revision: number;
  readonly entries: readonly WakeEntry[];
}

/** Scenarios, contents and switches as of one revision. */
export interface Briefing {
  readonly revision: number;
  readonly playbook: Playbook;
  readonly policy: (definition: ScenarioDefinition) => GatePolicy;
  /** The row of a send, or null where its content is gone. */
  readonly makeSend: (effect: Extract<Effect, { kind: "decided" }>, facts: Facts) => unknown[] | null;
}

/** What a shard needs of the world. */
export interface ShardPorts {
  readonly briefing: () => Promise<Briefing>;
  /** The current revision and what is known of these contacts. */
  readonly facts: (contacts: readonly number[]) => Promise<{ revision: number; facts: ReadonlyMap<number, Facts> }>;
  /** Copies bundles to D1. */
  readonly write: (bundles: readonly Bundle[]) => Promise<void>;
  /** Wakes the queue consumers of these sends. Losing the call is harmless: the sweep repeats it. */
  readonly enqueue: (
    sends: readonly { readonly contact: number; readonly id: string; readonly channel: string }[],
  ) => Promise<void>;
  readonly now: () => number;
  /** The real time at which `now` will be `at`. */
  readonly realTimeOf: (at: number) => number;
  readonly log: (message: string, details: Readonly<Record<string, unknown>>) => void;
}
