import type { LedgerEvent } from "../../../src/events/event";
import type { NumberedDelivery, Wake } from "../../../src/events/fold";
import type {
  Cursor,
  EventChange,
  EventMove,
  GroupChange,
  JournalPort,
  Move,
  RawGroup,
  Rejection,
  SideRow,
  Written,
} from "../../../src/events/journal-port";

/** A journal in memory that keeps every promise of the port, and fails when it is told to. */
export class MemoryJournal implements JournalPort {
  cursor = { owner: "", epoch: 0, applied: 0, woken: 0 };
  readonly rows = new Map<number, { events: readonly LedgerEvent[]; wakes: readonly Wake[] }>();
  readonly rejected: Rejection[] = [];
  readonly sides: SideRow[] = [];
  /** The groups that were written, each as the ids of its requests' events. */
  readonly groups: string[][][] = [];
  /** What becomes of the next writes: an answer in the place of the journal's own, an error, or a write unheard of. */
  readonly fates: (Written | Error | "unheard")[] = [];
  readonly contacts: number[] = [];
  private waiting: (() => void) | null = null;
  private held: Promise<void> = Promise.resolve();

  /** Makes every write wait until the returned function is called. */
  hold(): () => void {
    this.held = new Promise((resolve) => {
      this.waiting = resolve;
    });
    return () => this.waiting?.();
  }

  async claim(owner: string): Promise<Cursor> {
    this.cursor.owner = owner;
    return { ...this.cursor };
  }

  async counters(): Promise<Record<string, number>> {
    return { contacts: Math.max(0, ...this.contacts) };
  }

  async enterEpoch(owner: string, from: number, to: number): Promise<void> {
    this.advance({ owner, from, to, woken: 0 });
  }

  async noteWoken(owner: string, woken: number): Promise<void> {
    if (this.cursor.owner !== owner) return;
    this.cursor = { ...this.cursor, woken: Math.max(this.cursor.woken, woken) };
  }

  async write(change: GroupChange): Promise<Written> {
    await this.held;
    const fate = this.fates.shift();
    if (fate instanceof Error) throw fate;
    if (fate !== undefined && fate !== "written" && fate !== "unheard") return fate;
    if (this.sides.some(({ id }) => id <= change.behindSide && !change.sides.includes(id))) return "overtaking";
    this.advance(change);
    for (const { seq, events, wakes } of change.deliveries)
      if (events.length > 0) this.rows.set(seq, { events, wakes });
    this.groups.push(change.deliveries.map(({ events }) => events.map(({ id }) => id)));
    this.keep(change);
    for (const id of change.rows.tables.get("contacts")?.keys() ?? []) this.contacts.push(Number(id));
    if (fate === "unheard") throw new Error("the network was lost after the commit");
    return "written";
  }

  async storeAlone(group: RawGroup): Promise<void> {
    this.advance({ owner: group.owner, from: group.at, to: group.at, woken: 0 });
    for (const { seq, events } of group.deliveries) this.rows.set(seq, { events, wakes: [] });
    this.keep(group);
  }

  async applyOne(change: EventChange): Promise<Written> {
    this.advance(change);
    const row = this.rows.get(change.seq);
    if (row) this.rows.set(change.seq, { ...row, wakes: change.wakes });
    return "written";
  }

  async setAside(move: EventMove, event: LedgerEvent, _delivery: unknown, reason: string): Promise<void> {
    this.advance(move);
    this.rejected.push({ receivedAt: 0, stage: "apply", messageId: event.id, reason, body: JSON.stringify(event) });
  }

  async after(seq: number): Promise<readonly NumberedDelivery[]> {
    return [...this.rows].filter(([at]) => at > seq).map(([at, row]) => ({ seq: at, receivedAt: 0, ...row }));
  }

  async wakesBetween(after: number, upTo: number): Promise<readonly { seq: number; wakes: readonly Wake[] }[]> {
    const between = [...this.rows].filter(([seq, { wakes }]) => seq > after && seq <= upTo && wakes.length > 0);
    return between.map(([seq, { wakes }]) => ({ seq, wakes }));
  }

  async side(limit: number): Promise<readonly SideRow[]> {
    return this.sides.slice(0, limit);
  }

  private advance({ owner, from, to, woken }: Move): void {
    if (this.cursor.owner !== owner || this.cursor.applied !== from) throw new Error("another ledger has the cursor");
    this.cursor = { ...this.cursor, applied: to, woken: Math.max(this.cursor.woken, woken) };
  }

  private keep({ sides, rejections }: { sides: readonly number[]; rejections: readonly Rejection[] }): void {
    this.rejected.push(...rejections);
    for (const id of sides) {
      const index = this.sides.findIndex((row) => row.id === id);
      if (index >= 0) this.sides.splice(index, 1);
    }
  }
}
