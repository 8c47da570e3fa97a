import type { FoldParts } from "./fold";
import type { Intake } from "./intake";
import type { JournalPort } from "./journal-port";
import type { LoaderPorts } from "./loader";
import type { Touched } from "./touched";

/** What the ledger needs of the world. */
export interface LedgerPorts extends LoaderPorts {
  readonly journal: JournalPort;
  readonly parts: FoldParts;
  readonly owner: () => string;
  /** Hears of every request that is on disk, for statistics: it keeps nobody waiting and cannot fail. */
  readonly stored?: (intake: Intake) => void;
  /** Hears, in order, whom a group changed that is on disk up to journal number `seq`; null where only the disk knows. */
  readonly touched?: (contacts: Touched | null, seq: number) => void;
  readonly pause: (ms: number) => Promise<void>;
  readonly log: (message: string, details: Readonly<Record<string, unknown>>) => void;
}
