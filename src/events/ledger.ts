import { Book, BookCache } from "./book";
import type { Folded, NumberedDelivery, Wake } from "./fold";
import { fold } from "./fold";
import type { Answer, Intake } from "./intake";
import type { WaitingIntake } from "./intake-line";
import { IntakeLine } from "./intake-line";
import type { EventMove } from "./journal-port";
import type { LedgerPorts } from "./ledger-port";
import { Loader } from "./loader";
import { Turns } from "./turns";
import type { Settling, WakeItem, WakeLines } from "./wake-lines";
import { joinWakes } from "./wake-lines";

/** Bytes of the side journal that are read at a time: ahead of a group in hand, and by the sweep. */
const AHEAD_BYTES = 1_000_000;
const SWEPT_BYTES = 8_000_000;
const SIDE_PAGE = 200;
const EPOCH = 2 ** 40;
/** Milliseconds that a group waits for company where the one before had some: a D1 batch costs most by itself. */
const LINGER = 4;

/**
 * The one writer. While one D1 batch is being written the next group fills; a batch holds journal rows, what they
 * change and the cursor, all or nothing.
 */
export class LedgerCore {
  readonly cache = new BookCache();
  private readonly loader: Loader;
  private readonly turns = new Turns();
  private readonly line: IntakeLine;
  private flushing: Promise<void> | null = null;
  /** The last group held more than one request. */
  private crowded = false;
  private ready = false;
  private preparing: Promise<void> | null = null;
  private owner = "";
  private applied = 0;
  private counters: Record<string, number> = {};
  /** The last journal number whose wakes were put in the lines. */
  private listed = 0;
  /** Up to where the last sweep wrote down that wakes were answered. */
  private noted = 0;

  constructor(
    private readonly ports: LedgerPorts,
    readonly wakes: WakeLines,
  ) {
    this.line = new IntakeLine(ports.stored);
    this.loader = new Loader(this.cache, ports.parts.resolver, ports);
  }

  /** Takes a request in; resolves when it is on disk, or with the reason why it is not. */
  append(intake: Intake, bytes: number, side: number | null = null): Promise<Answer> {
    const answer = this.line.add(intake, bytes, side);
    if (!this.line.isEmpty) this.flushing ??= this.flush();
    return answer;
  }

  /** Up to where requests are applied, and up to where their contacts' shards have answered. */
  get position(): { readonly applied: number; readonly woken: number } {
    return { applied: this.applied, woken: this.wakes.woken(this.applied) };
  }

  /** What was accepted before the call and these contacts' shards have not answered for; see `WakeLines.owed`. */
  async owed(contacts: readonly number[]): Promise<readonly WakeItem[]> {
    await this.prepare();
    return this.wakes.owed(contacts);
  }

  /** Resolves when all that was accepted before the call is applied and these contacts' shards know of it. */
  async settled(contacts: Settling): Promise<void> {
    // Nobody is answered for what comes from beside, but whoever reads its rows asks here.
    await this.turns.betweenIntakes();
    await this.line.drained();
    // After a restart the wakes that the last process owed are only known from then on.
    await this.prepare();
    await this.wakes.settled(contacts, this.applied);
  }

  /** Takes in what was stored beside the ledger and starts wakes that were lost. True if there was anything. */
  async sweep(): Promise<boolean> {
    await this.line.drained();
    await this.prepare();
    const rows = await this.ports.journal.side(SIDE_PAGE, SWEPT_BYTES);
    await Promise.all(rows.map(({ id, body }) => this.append(JSON.parse(body) as Intake, body.length, id)));
    this.wakes.start();
    await this.noteWoken();
    return rows.length > 0;
  }

  /**
   * Asks a permit's statement, with the token that it compares with the cursor's, once the shards of these contacts
   * know of everything that was accepted before.
   */
  permit<Row>(contacts: Settling, ask: (owner: string) => Promise<readonly Row[]>): Promise<readonly Row[]> {
    const settle = async () => {
      await this.settled(contacts);
      await this.prepare();
    };
    return this.turns.permit(settle, () => ask(this.owner));
  }

  /** Where no batch follows for long, what was woken last would be woken again, by the scenarios of that time. */
  private async noteWoken(): Promise<void> {
    const woken = this.wakes.woken(this.applied);
    if (woken <= this.noted) return;
    await this.ports.journal.noteWoken(this.owner, woken);
    this.noted = woken;
  }

  private async flush(): Promise<void> {
    while (!this.line.isEmpty) {
      if (this.crowded) await this.ports.pause(LINGER);
      const group = this.line.take();
      this.crowded = group.length > 1;
      try {
        await this.prepare();
        await this.writeGroup(group);
      } catch (error) {
        // What is in memory may be ahead of or behind the disk now: read it anew before the next group.
        this.ready = false;
        this.cache.clear();
        this.ports.log("group not stored", { requests: group.length, error: String(error) });
        this.line.answer(group, { status: "unavailable" });
      }
    }
    this.flushing = null;
  }

  private nextId = (counter: string): number => {
    const next = (this.counters[counter] ?? 0) + 1;
    this.counters[counter] = next;
    return next;
  };

  /** Becomes the writer and makes good what the last one left; once, however many wait for it. */
  private prepare(): Promise<void> {
    if (this.ready) return Promise.resolve();
    this.preparing ??= this.takeOver().finally(() => {
      this.preparing = null;
    });
    return this.preparing;
  }

  private async takeOver(): Promise<void> {
    this.cache.clear();
    this.owner = this.ports.owner();
    const cursor = await this.ports.journal.claim(this.owner);
    this.counters = await this.ports.journal.counters();
    this.applied = Math.max(cursor.applied, cursor.epoch * EPOCH);
    // What the last batch before may have changed is on disk alone.
    this.ports.touched?.(null, this.applied);
    if (this.applied !== cursor.applied) await this.ports.journal.enterEpoch(this.owner, cursor.applied, this.applied);
    // Before those of the rows below: a shard that has heard a number hears no lower one.
    await this.recoverWakes(cursor.woken);
    for (let rows = await this.ports.journal.after(this.applied); rows.length > 0; ) {
      for (const row of rows) await this.applyRow(row);
      rows = await this.ports.journal.after(this.applied);
    }
    this.wakes.start();
    this.ready = true;
  }

  private async recoverWakes(woken: number): Promise<void> {
    // Wakes that are listed already are in the lines or answered, whatever the cursor says.
    for (let from = Math.max(woken, this.listed); ; ) {
      const found = await this.ports.journal.wakesBetween(from, this.applied);
      for (const { seq, wakes } of found) this.list(seq, wakes);
      const last = found.at(-1);
      if (!last) break;
      from = last.seq;
    }
    this.wakes.start();
  }

  private writeGroup(group: readonly WaitingIntake[]): Promise<void> {
    const isBeside = group.some(({ side }) => side !== null);
    return isBeside ? this.turns.intake(() => this.writeNext(group)) : this.writeNext(group);
  }

  private async writeNext(group: readonly WaitingIntake[]): Promise<void> {
    const deliveries = group.map(({ intake }, index) => ({ ...intake, seq: this.applied + 1 + index }));
    await this.loader.load(deliveries);
    const book = new Book(this.cache, this.ports.parts.projections);
    let folded: Folded;
    try {
      folded = fold(deliveries, book, this.ports.parts, this.nextId);
    } catch (error) {
      return this.oneByOne(group, deliveries, error);
    }
    const from = this.applied;
    const to = from + group.length;
    const rejections = group.flatMap(({ intake }) => intake.rejections ?? []);
    const sides = group.flatMap(({ side }) => (side === null ? [] : [side]));
    const behindSide = sides.length === group.length ? Math.max(...sides) : Number.MAX_SAFE_INTEGER;
    const empty = folded.deliveries.every(({ events }) => events.length === 0);
    if (!empty || rejections.length > 0 || sides.length > 0) {
      const woken = this.wakes.woken(from);
      const change = {
        owner: this.owner,
        from,
        to,
        woken,
        deliveries: folded.deliveries,
        rows: folded.rows,
        rejections,
        sides,
        behindSide,
      };
      const written = await this.ports.journal.write(change);
      if (written === "overtaking") {
        await this.takeSide();
        return this.writeGroup(group);
      }
      if (written === "poisoned") return this.oneByOne(group, deliveries, "the batch was refused");
      this.applied = to;
      book.commit();
      this.ports.touched?.(folded.touched, to);
      // Only now: the numbers of a group that was not written are used again.
      for (const { seq, wakes } of folded.deliveries) this.list(seq, wakes);
    }
    this.line.answer(group, { status: "stored" });
    this.wakes.start();
    this.cache.trim();
  }

  /** Takes in what was accepted beside the ledger, page by page, ahead of the group in hand. */
  private async takeSide(): Promise<void> {
    const read = () => this.ports.journal.side(SIDE_PAGE, AHEAD_BYTES);
    for (let rows = await read(); rows.length > 0; rows = await read()) {
      const answer = () => undefined;
      await this.writeGroup(
        rows.map(({ id, body }) => ({ intake: JSON.parse(body) as Intake, bytes: body.length, side: id, answer })),
      );
    }
  }

  /** Stores the requests alone, then applies their events one at a time; the one that fails is set aside. */
  private async oneByOne(
    group: readonly WaitingIntake[],
    deliveries: readonly NumberedDelivery[],
    cause: unknown,
  ): Promise<void> {
    this.ports.log("applying one by one", { requests: group.length, cause: String(cause) });
    const rejections = group.flatMap(({ intake }) => intake.rejections ?? []);
    const sides = group.flatMap(({ side }) => (side === null ? [] : [side]));
    // The cursor passes a row with its last event: a row without any would stand in its way for ever.
    const rows = deliveries.filter(({ events }) => events.length > 0);
    await this.ports.journal.storeAlone({ owner: this.owner, at: this.applied, deliveries: rows, rejections, sides });
    for (const row of rows) await this.applyRow(row);
    this.line.answer(group, { status: "stored" });
    this.wakes.start();
  }

  private async applyRow(row: NumberedDelivery): Promise<void> {
    let wakes = joinWakes(row.wakes ?? [], []);
    for (const [index, event] of row.events.entries()) {
      const to = index === row.events.length - 1 ? row.seq : this.applied;
      const woken = this.wakes.woken(this.applied);
      const move = { owner: this.owner, from: this.applied, to, woken, seq: row.seq };
      const applied = await this.applyEvent({ ...row, events: [event], from: index }, move, wakes);
      if ("wakes" in applied) wakes = applied.wakes;
      else await this.ports.journal.setAside(move, event, row, applied.reason);
      this.applied = to;
    }
    this.list(row.seq, wakes);
  }

  private list(seq: number, wakes: readonly Wake[]): void {
    this.wakes.add(seq, wakes);
    this.listed = seq;
  }

  /**
   * All wakes of the row by now when the event was applied, else why it never will be: then nobody hears of it. Throws
   * when the database cannot be reached.
   */
  private async applyEvent(
    single: NumberedDelivery,
    move: EventMove,
    before: readonly Wake[],
  ): Promise<{ readonly wakes: Wake[] } | { readonly reason: string }> {
    await this.loader.load([single]);
    const book = new Book(this.cache, this.ports.parts.projections);
    let folded: Folded;
    try {
      folded = fold([single], book, this.ports.parts, this.nextId);
    } catch (error) {
      return { reason: String(error) };
    }
    const wakes = joinWakes(before, folded.deliveries[0]?.wakes ?? []);
    const written = await this.ports.journal.applyOne({ ...move, rows: folded.rows, wakes });
    if (written === "poisoned") return { reason: "the database refused its rows" };
    book.commit();
    this.ports.touched?.(folded.touched, move.to);
    return { wakes };
  }
}
