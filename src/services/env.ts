import type { PermitRow, SendKey } from "../decisions/permit";
import type { AppendAnswer, Caller, PackedIntake } from "../events/intake";
import type { SourceNote } from "../events/tally";
import type { HandoverAnswer, HandoverAsk } from "../scenarios/handover-object";
import type { ShardStatus } from "../scenarios/object";
import type { CatchUp, FactSheet, Owed, Receipt, WakeCall } from "../scenarios/shard-port";
import type { Position } from "../scenarios/take-over";

/** What the ledger object carries for others. */
export interface LedgerCargo {
  readonly key: SendKey;
  readonly row: PermitRow;
  readonly owed: Owed;
  readonly receipt: Receipt;
  readonly sheet: FactSheet;
}

/** The ledger object as its callers see it. */
export interface LedgerRpc extends Rpc.DurableObjectBranded {
  append(packed: PackedIntake, caller: Caller | null): Promise<AppendAnswer>;
  permit(keys: readonly SendKey[]): Promise<readonly PermitRow[]>;
  copy(owed: Owed): Promise<Receipt>;
  facts(contacts: readonly number[]): Promise<FactSheet>;
  catchUp(contacts: readonly number[], others: readonly number[]): Promise<CatchUp>;
  sweep(): Promise<void>;
  refresh(): Promise<void>;
  settled(contacts?: readonly number[]): Promise<void>;
  note(notes: readonly SourceNote[]): Promise<void>;
  followed(): Promise<void>;
  standing(): Promise<{ readonly applied: number; readonly woken: number }>;
}

/** A shard object as its callers see it. */
export interface ShardRpc extends Rpc.DurableObjectBranded {
  wake(call: WakeCall): Promise<Owed>;
  tick(): Promise<void>;
  sweep(revision: number): Promise<ShardStatus>;
  refresh(revision: number): Promise<void>;
  rearm(): Promise<void>;
  positions(scenario: string): Promise<Position[]>;
  forget(contacts: readonly number[]): Promise<void>;
  rowsOf(contacts: readonly number[]): Promise<Readonly<Record<string, readonly Record<string, SqlStorageValue>[]>>>;
  handOver(ask: HandoverAsk): Promise<HandoverAnswer>;
  status(): Promise<ShardStatus>;
}

/** The bindings of wrangler.toml. Variables and secrets are read by platform/env.ts. */
export interface Env {
  readonly DB: D1Database;
  readonly LEDGER: DurableObjectNamespace<LedgerRpc>;
  readonly SHARDS: DurableObjectNamespace<ShardRpc>;
  readonly EMAIL_QUEUE: Queue;
  readonly SMS_QUEUE: Queue;
  readonly PUSH_QUEUE: Queue;
  readonly WALLET_QUEUE: Queue;
  readonly PRINT_QUEUE: Queue;
  readonly ACT_QUEUE: Queue;
  readonly CAMPAIGN_QUEUE: Queue;
  readonly IMPORT_QUEUE: Queue;
  readonly REHEARSAL_QUEUE: Queue;
  readonly ARCHIVE: R2Bucket;
  readonly [variable: string]: unknown;
}
