import type { LedgerEvent } from "./event";

/**
 * What an event means to a contact's scenarios. `type` is one of the scenario engine's stimuli; the ledger
 * only carries it. `at` is the event's corrected time.
 */
export interface Happening {
  readonly type: string;
  readonly at: number;
  readonly [detail: string]: unknown;
}

/** A contact as the ledger holds it in memory: the ring of its last message ids, and a slice per projection. */
export interface ContactRecord {
  readonly id: number;
  /** Tails of the last message ids, newest last, seven characters each, without separators. */
  ring: string;
  /** Journal number of the last event taken in. */
  seq: number;
  /** Corrected time of the latest event, epoch ms. */
  seenAt: number;
  slices: Readonly<Record<string, unknown>>;
}

/**
 * Rows to be written, last one wins per key, each table as one statement over a JSON array. The statements run in the
 * order of the catalog of tables, whatever the order of the rows.
 */
export class RowBuffer {
  /** False where nothing is written: who has to work a row out need not. */
  readonly isKept: boolean = true;
  readonly tables = new Map<string, Map<string | number, readonly unknown[]>>();
  private latest: (readonly unknown[])[] = [];

  put(table: string, key: string | number, row: readonly unknown[]): void {
    this.latest.push(row);
    const rows = this.tables.get(table);
    if (rows) rows.set(key, row);
    else this.tables.set(table, new Map([[key, row]]));
  }

  /** The rows that were put since this was asked last. */
  takeLatest(): readonly (readonly unknown[])[] {
    const { latest } = this;
    this.latest = [];
    return latest;
  }

  /** The row that is to be written under this key by now. */
  at(table: string, key: string | number): readonly unknown[] | undefined {
    return this.tables.get(table)?.get(key);
  }

  /** Takes a row back. */
  drop(table: string, key: string | number): void {
    this.tables.get(table)?.delete(key);
  }
}

/** Where nothing is written. */
class NoRows extends RowBuffer {
  override readonly isKept = false;

  override put(): void {}
}

export const NO_ROWS: RowBuffer = new NoRows();

/** What a projection may do with one event. */
export interface ApplyContext {
  readonly event: LedgerEvent;
  /** Receipt, epoch ms. */
  readonly receivedAt: number;
  /** Place of the event in its request. */
  readonly position: number;
  readonly record: ContactRecord;
  readonly rows: RowBuffer;
  /** Tells the contact's scenarios of something. */
  readonly happen: (happening: Happening) => void;
  /** The next free number of a counter that lives as long as the tables (row ids). */
  readonly nextId: (counter: string) => number;
  /** Identities that name this contact from this event on. */
  readonly links: readonly string[];
  /** The context of whoever has an identity, to change that contact as well; null where it is free. */
  readonly ownerOf: (identity: string) => ApplyContext | null;
  /** From now on the identity names this contact; the projection writes the row that says so. */
  readonly claim: (identity: string) => void;
}

/** Two contacts that turn out to be one person, or to be two after all. */
export interface MergeContext {
  /** The merge's own id. */
  readonly id: string;
  readonly winner: ApplyContext;
  readonly loser: ApplyContext;
}

/** One folder's part in what an event changes. Slices are private copies and may be changed in place. */
export interface Projection<Slice> {
  readonly empty: () => Slice;
  /** A copy that can be thrown away if the batch fails. */
  readonly copy: (slice: Slice) => Slice;
  readonly apply: (slice: Slice, context: ApplyContext) => void;
  /** What is left of a slice when the contact is erased; a projection without it keeps nothing. */
  readonly forget?: (slice: Slice, context: ApplyContext) => Slice;
  /** Takes over what an unknown visitor did before we learned that it was this contact. */
  readonly absorb: (slice: Slice, visitor: Slice, context: ApplyContext) => void;
  /**
   * Takes a contact's slice into another's. Rows keep their contact, so the slice must remember whose they are.
   * Returns what `unmerge` needs, as plain JSON.
   */
  readonly merge?: (winner: Slice, loser: Slice, context: MergeContext) => unknown;
  /** Gives the loser back what is theirs. */
  readonly unmerge?: (winner: Slice, loser: Slice, taken: unknown, context: MergeContext) => void;
}

/** Hides a projection's slice type from the ledger, which only stores and copies slices. */
export function projection<Slice>(definition: Projection<Slice>): Projection<unknown> {
  return definition as Projection<unknown>;
}
