import type { Touch, Touched } from "../../events/touched";
import { joined, TOLD } from "../../events/touched";
import { SECOND } from "../../shared/clock";

/** How long changed contacts are gathered before they are looked at, ms: one statement costs as much for many. */
const GATHER = SECOND;
const RETRY = 5 * SECOND;
/** The place is written by itself at most as often as this; what a crash forgets is looked at again. */
const REST = 30 * SECOND;
/** Contacts that are looked at together. */
const PAGE = 1_000;
/** More than that are not kept in memory: they are found again by their place in the journal. */
const MOST = 50_000;

/** Who changed behind the place that was written, as the database knows it. */
export interface Missed {
  /** How far the journal had come when this was read. */
  readonly upTo: number;
  /** For whom something happened; of the others we were only told something. */
  readonly acting: ReadonlySet<number>;
  /** When the first of it came, epoch ms. */
  readonly since: number;
  /** The next contacts behind a row, by row; empty at the end. */
  readonly page: (after: number) => Promise<readonly number[]>;
}

/** What the follower needs of the world. */
export interface FollowerPorts {
  /** Whether there is anything to compute. */
  readonly any: () => Promise<boolean>;
  readonly missed: () => Promise<Missed>;
  /** Computes these contacts, and tells whether any moved. The place moves to `to` with what is written last. */
  readonly compute: (
    contacts: Touched,
    to: number | null,
  ) => Promise<{ readonly moved: boolean; readonly placed: boolean }>;
  readonly move: (to: number) => Promise<void>;
  /** Tells of what moved. */
  readonly tell: () => Promise<void>;
  readonly later: (ms: number, run: () => void) => void;
  /** Real time, epoch ms. */
  readonly realNow: () => number;
  readonly log: (message: string, details: Readonly<Record<string, unknown>>) => void;
}

/**
 * Keeps segments current for the contacts that the ledger changes. It hears of them from the ledger's memory, gathers
 * them for a second, and computes all families for them alone. Its place in the journal is written with results, and
 * else now and then: behind a crash whoever changed since is found by it.
 */
export class SegmentFollower {
  private waiting = new Map<number, Touch>();
  /** Memory does not hold everybody who changed. */
  private lost = true;
  private upTo = 0;
  private written = 0;
  private writtenAt = 0;
  private timed = false;
  private resting = false;
  private failed = false;
  /** Somebody moved, of which something may have to be told. */
  private news = false;
  private running: Promise<void> | null = null;
  private active = false;

  constructor(private readonly ports: FollowerPorts) {}

  /** Reads anew which families there are. */
  async refresh(): Promise<void> {
    const before = this.active;
    this.active = await this.ports.any();
    if (!before) this.lost = true;
    if (this.active && this.lost) this.start();
  }

  /** Hears whom a group changed; null where memory does not know. */
  touch(contacts: Touched | null, seq: number): void {
    this.upTo = Math.max(this.upTo, seq);
    if (!this.active) return;
    if (contacts === null) this.lost = true;
    else this.gather(contacts);
    if (this.waiting.size > 0 || this.lost) this.start();
  }

  /** Resolves when everybody who had changed before the call was looked at. Throws where the database fails. */
  async drain(): Promise<void> {
    if (!this.active) return;
    await this.running;
    await this.run();
  }

  /** The same, and the place in the journal says so. */
  async settle(): Promise<void> {
    if (!this.active) await this.refresh();
    await this.drain();
    if (this.active && !this.lost && this.waiting.size === 0) await this.place();
  }

  private gather(contacts: Touched): void {
    for (const [contact, touch] of contacts) this.waiting.set(contact, joined(this.waiting.get(contact), touch));
    if (this.waiting.size <= MOST) return;
    this.waiting.clear();
    this.lost = true;
  }

  private start(): void {
    if (this.timed) return;
    this.timed = true;
    this.ports.later(this.failed ? RETRY : GATHER, () => {
      this.timed = false;
      void this.run().catch((error: unknown) => {
        this.failed = true;
        this.ports.log("segments not followed", { error: String(error) });
        this.start();
      });
    });
  }

  /** One at a time; whoever comes meanwhile waits for it and, where there is more by then, for the next one. */
  private async run(): Promise<void> {
    while (this.running) await this.running.catch(() => undefined);
    this.running = this.catchUp().finally(() => {
      this.running = null;
    });
    await this.running;
  }

  private async catchUp(): Promise<void> {
    if (this.lost) await this.find();
    while (this.waiting.size > 0) await this.page();
    if (this.news) await this.ports.tell();
    this.news = false;
    this.failed = false;
    await this.rest();
  }

  /** Looks at whoever changed and is not in memory. */
  private async find(): Promise<void> {
    // Who changes from now on is heard of; who changed before is on disk.
    this.lost = false;
    try {
      // Whoever died may have begun to tell: before anybody moves on. Nobody waits for it.
      await this.ports.tell().catch(() => {
        this.news = true;
      });
      const { upTo, acting, since, page } = await this.ports.missed();
      const touchOf = (id: number): Touch => (acting.has(id) ? { acted: true, times: [since] } : TOLD);
      for (let some = await page(0); some.length > 0; some = await page(some.at(-1) ?? 0)) {
        const { moved } = await this.ports.compute(new Map(some.map((id) => [id, touchOf(id)])), null);
        this.news ||= moved;
      }
      this.upTo = Math.max(this.upTo, upTo);
    } catch (error) {
      this.lost = true;
      throw error;
    }
  }

  private async page(): Promise<void> {
    const page = new Map([...this.waiting].slice(0, PAGE));
    const isLast = page.size === this.waiting.size && !this.lost;
    const to = this.upTo;
    for (const contact of page.keys()) this.waiting.delete(contact);
    try {
      // The place moves only where nobody is left who changed before it.
      const { moved, placed } = await this.ports.compute(page, isLast ? to : null);
      this.news ||= moved;
      if (placed && isLast) this.noteWritten(to);
    } catch (error) {
      this.gather(page);
      throw error;
    }
  }

  /** Writes the place where results did not. */
  private async rest(): Promise<void> {
    if (this.lost || this.waiting.size > 0 || this.upTo <= this.written) return;
    const left = this.writtenAt + REST - this.ports.realNow();
    if (left > 0) {
      if (!this.resting) this.ports.later(left, () => this.wakeUp());
      this.resting = true;
      return;
    }
    await this.place();
  }

  private async place(): Promise<void> {
    const to = this.upTo;
    if (to <= this.written) return;
    await this.ports.move(to);
    this.noteWritten(to);
  }

  private wakeUp(): void {
    this.resting = false;
    this.start();
  }

  private noteWritten(to: number): void {
    this.written = Math.max(this.written, to);
    this.writtenAt = this.ports.realNow();
  }
}
