import type { LedgerEvent } from "../../events/event";
import type { Services } from "../../services";
import type { Words } from "../../shared/language";
import type { OrderItem } from "./order-item";

/** Where the consents of a whole file come from, as its importer attests. Epoch ms. */
export interface Attestation {
  readonly source: string;
  readonly at: number;
}

/** What a line is read with. */
export interface LineContext {
  /** Follows from what the line says, so that the same line is the same thing for ever. */
  readonly id: string;
  /** Epoch ms. */
  readonly receivedAt: number;
  readonly attested: Attestation | null;
  /** What amounts are in where a line names no currency. */
  readonly currency: string;
}

/** A line as a thing to be written; `warnings` say what of it was left out. */
export type ReadLine<Item = LedgerEvent> =
  | { readonly ok: true; readonly item: Item; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly reason: string };

/** One thing out of a file, by its line and by what it says. */
export interface ImportItem<Item> {
  readonly line: number;
  /** The `id` of its context. */
  readonly id: string;
  readonly item: Item;
}

/** What became of some items: each is accepted, a duplicate of what was there, or rejected. */
export interface WrittenItems {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: readonly { readonly line: number; readonly reason: string }[];
}

/** Writes items that hang on no contact, 500 at most, in a few bulk statements. Writing some again changes nothing. */
export type WriteItems<Item> = (services: Services, items: readonly ImportItem<Item>[]) => Promise<WrittenItems>;

interface KindOf<Item, Write> {
  readonly title: Words;
  /** Columns with a meaning of their own, for the documentation. */
  readonly columns: readonly string[];
  /** Columns that a CSV header must name, or a mapping for it. */
  readonly required?: readonly string[];
  readonly formats: readonly ("csv" | "ndjson")[];
  /** Columns that hold a time: a mapping's time zone is theirs where they name none, and its `dates` says how they are written. */
  readonly times?: readonly string[];
  /** Columns that hold a day without a time: written as a mapping's `dates` says. */
  readonly days?: readonly string[];
  /** Columns that hold an amount or a number: a mapping's decimal sign is theirs. */
  readonly numbers?: readonly string[];
  /** What the kind shares with others: of those that write the same, an import that came first is done first. */
  readonly lane?: string;
  /** Reads a line whose columns have our names, once a mapping was applied. Values are trimmed texts, or JSON. */
  readonly read: (value: Readonly<Record<string, unknown>>, context: LineContext) => ReadLine<Item>;
  /** Where items go: through the ledger, one event each; gathered to orders first; or a function of the kind's own. */
  readonly write: Write;
}

export type EventKind = KindOf<LedgerEvent, "events">;
type OrderKind = KindOf<OrderItem, "orders">;
type RowKind<Item> = KindOf<Item, WriteItems<Item>>;

/** One kind of import. Adding one is a file here and a line in the catalog. */
export type ImportKind = EventKind | OrderKind | RowKind<unknown>;

/** A kind that writes its items itself; hides their type from the machinery, which only carries them. */
export function rowKind<Item>(kind: RowKind<Item>): ImportKind {
  return kind as RowKind<unknown>;
}
