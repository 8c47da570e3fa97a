import type { FoldParts } from "./fold";
import type { JournalPort } from "./journal-port";
import type { LoaderPorts } from "./loader";

/** What the ledger needs of the world. */
export interface LedgerPorts extends LoaderPorts {
  readonly journal: JournalPort;
  readonly parts: FoldParts;
  readonly owner: () => string;
  readonly pause: (ms: number) => Promise<void>;
  readonly log: (message: string, details: Readonly<Record<string, unknown>>) => void;
}
