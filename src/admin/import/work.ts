import type { LedgerEvent } from "../../events/event";
import type { Services } from "../../services";
import { appendHistory } from "./history";
import type { ImportKind } from "./kind";
import type { ImportRow } from "./store";
import { noteStep } from "./store";
import type { Count } from "./tally";
import { counted } from "./tally";

/** Another has noted a step of the same import since: what this one did was done twice, and counts once. */
export class Overtaken extends Error {}

/** What a step leaves of an import, beside its counts. */
type Left = Partial<Pick<ImportRow, "status" | "total" | "reason" | "plan" | "step" | "finishedAt">>;

/** An import while somebody works on it. */
export class Work {
  constructor(
    readonly services: Services,
    readonly kind: ImportKind,
    /** How it stands, as of the last note. */
    public row: ImportRow,
    /** Whether the time for this call is up. */
    readonly isOver: () => boolean = () => true,
    /** Takes care that nobody else works on it meanwhile; throws where somebody does. */
    readonly hold: () => Promise<void> = () => Promise.resolve(),
  ) {}

  get id(): string {
    return this.row.id;
  }

  /** Notes how far the import is by now, what that adds to its counts, and rows that go with it: all or nothing. */
  async note(left: Left, count: Count = {}, writes: readonly D1PreparedStatement[] = []): Promise<void> {
    const { row, services } = this;
    const next = { ...row, ...counted(row, count), ...left, touchedAt: services.clock.now() };
    if (!(await noteStep(services.env.DB, next, row, writes))) throw new Overtaken(`import ${row.id} has moved on`);
    this.row = { ...next, steps: row.steps + 1 };
    const { accepted = 0, rejected = [] } = count;
    services.notes.taken("import", accepted);
    if (rejected.length > 0) services.notes.refused("import", { "bad-line": rejected.length });
  }

  /** Events of history, as one row of the journal. Throws where the ledger does not take them. */
  async append(events: readonly LedgerEvent[]): Promise<void> {
    await this.hold();
    await appendHistory(this.services, events, this.row.createdAt);
  }
}
