import type { LedgerEvent } from "../../events/event";
import type { Words } from "../../shared/language";

/** Where the consents of a whole file come from, as its importer attests. Epoch ms. */
export interface Attestation {
  readonly source: string;
  readonly at: number;
}

/** What a line is read with. */
export interface LineContext {
  /** Follows from what the line says, so that the same line is the same event for ever. */
  readonly id: string;
  /** Epoch ms. */
  readonly receivedAt: number;
  readonly attested: Attestation | null;
}

/** A line as an event; `warnings` say what of it was left out. */
export type ReadLine =
  | { readonly ok: true; readonly event: LedgerEvent; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly reason: string };

/** One kind of import. Adding one is a file here and a line in the catalog. */
export interface ImportKind {
  readonly title: Words;
  /** Columns with a meaning of their own, for the documentation. */
  readonly columns: readonly string[];
  readonly formats: readonly ("csv" | "ndjson")[];
  readonly read: (value: Readonly<Record<string, unknown>>, context: LineContext) => ReadLine;
}
