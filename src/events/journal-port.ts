import type { Delivery, LedgerEvent } from "./event";
import type { FoldedDelivery, NumberedDelivery, Wake } from "./fold";
import type { RowBuffer } from "./projection";

/** Where the ledger stands. Numbers are epoch × 2^40 + n, so that they grow across a restore of the database. */
export interface Cursor {
  readonly epoch: number;
  readonly applied: number;
  readonly woken: number;
}

/** An event that could not be taken, with what is needed to replay it. */
export interface Rejection {
  readonly receivedAt: number;
  readonly stage: "input" | "apply";
  readonly messageId: string;
  readonly reason: string;
  readonly body: string;
  /** Where it came from, where that is known. */
  readonly source?: string;
  /** The kind of reason, by which refusals are counted. */
  readonly code?: string;
}

/** A request that the ledger could not be reached with. */
export interface SideRow {
  readonly id: number;
  readonly body: string;
}

export interface Move {
  readonly owner: string;
  /** The cursor before and after. */
  readonly from: number;
  readonly to: number;
  readonly woken: number;
}

export interface GroupChange extends Move {
  readonly deliveries: readonly FoldedDelivery[];
  readonly rows: RowBuffer;
  readonly rejections: readonly Rejection[];
  readonly sides: readonly number[];
  /** The group may not overtake rows of the side journal up to this one. */
  readonly behindSide: number;
}

export interface EventMove extends Move {
  /** The journal row that the event stands in. */
  readonly seq: number;
}

export interface EventChange extends EventMove {
  readonly rows: RowBuffer;
  /** All wakes of the row so far. */
  readonly wakes: readonly Wake[];
}

export interface RawGroup {
  readonly owner: string;
  /** The cursor, which does not move. */
  readonly at: number;
  readonly deliveries: readonly NumberedDelivery[];
  readonly rejections: readonly Rejection[];
  readonly sides: readonly number[];
}

/**
 * `poisoned`: the database refused the rows themselves, so trying again is no use. `overtaking`: nothing was written,
 * as something lies in the side journal that was accepted before.
 */
export type Written = "written" | "poisoned" | "overtaking";

/**
 * The ledger's side of the database. Every write is one batch that fails as a whole where another ledger has the
 * cursor. A method throws when the database cannot be reached; what it wrote is then unknown until the cursor is read.
 */
export interface JournalPort {
  /** Becomes the only writer: whoever held the cursor fails at its next batch. */
  claim(owner: string): Promise<Cursor>;
  /** The highest row id of every counter. */
  counters(): Promise<Record<string, number>>;
  /** Lifts the cursor to a new epoch's first number after a restore. */
  enterEpoch(owner: string, from: number, to: number): Promise<void>;
  /** Writes down up to where every wake has been answered; only the owner's word counts, and only forward. */
  noteWoken(owner: string, woken: number): Promise<void>;
  write(change: GroupChange): Promise<Written>;
  storeAlone(group: RawGroup): Promise<void>;
  applyOne(change: EventChange): Promise<Written>;
  setAside(move: EventMove, event: LedgerEvent, delivery: Delivery, reason: string): Promise<void>;
  after(seq: number): Promise<readonly NumberedDelivery[]>;
  wakesBetween(
    after: number,
    upTo: number,
  ): Promise<readonly { readonly seq: number; readonly wakes: readonly Wake[] }[]>;
  /** The oldest rows of the side journal, of about `bytes` in all, one at least. */
  side(limit: number, bytes: number): Promise<readonly SideRow[]>;
}
