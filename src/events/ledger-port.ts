import type { FoldParts } from "./fold";
import type { Intake } from "./intake";
import type { JournalPort } from "./journal-port";
import type { LoaderPorts } from "./loader";

/** What the ledger needs of the world. */
export interface LedgerPorts extends LoaderPorts {
  readonly journal: JournalPort;
  readonly parts: FoldParts;
  readonly owner: () => string;
  /** Hears of every request that is on disk, for statistics: it keeps nobody waiting and cannot fail. */
  readonly stored?: (intake: Intake) => void;
  readonly pause: (ms: number) => Promise<void>;
  readonly log: (message: string, details: Readonly<Record<string, unknown>>) => void;
}
