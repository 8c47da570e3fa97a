import type { Intake } from "../events/intake";
import { noteOf } from "../events/intake";
import type { SourceNote } from "../events/tally";
import { Tally } from "../events/tally";
import { writeSourceHours } from "../events/tally-store";
import { MINUTE, SECOND } from "../shared/clock";

/** At most one writing in this time, in real ms. */
const EVERY = MINUTE;
/** So long for company; a crash loses no more than what has not been written yet. */
const FIRST = 5 * SECOND;

interface WatchPorts {
  readonly db: D1Database;
  /** Our time, by which hours are told apart. */
  readonly now: () => number;
  /** Real time, epoch ms, by which the writing is spaced. */
  readonly realNow: () => number;
  /** Names this life of the object: its rows are its own, so that writing them again changes nothing. */
  readonly life: string;
  readonly log: (message: string, details: Readonly<Record<string, unknown>>) => void;
}

/**
 * Counts in the ledger object what comes from each source, and writes it now and then. It hangs on no event's way: an
 * event is taken whether it is counted or not.
 */
export class SourceWatch {
  private readonly tally = new Tally();
  private timer: ReturnType<typeof setTimeout> | null = null;
  private written = 0;
  private flushing: Promise<void> = Promise.resolve();

  constructor(private readonly ports: WatchPorts) {}

  /** A request that is on disk. */
  stored(intake: Intake): void {
    const note = noteOf(intake, this.ports.now());
    if (note) this.note(note);
  }

  note(note: SourceNote): void {
    this.tally.note(note);
    if (this.timer !== null) return;
    const { realNow, log } = this.ports;
    const wait = Math.max(FIRST, this.written + EVERY - realNow());
    this.timer = setTimeout(() => {
      this.flush().catch((error: unknown) => log("sources not written", { error: String(error) }));
    }, wait);
  }

  /** Writes what has changed; one writing after the other. */
  flush(): Promise<void> {
    const run = this.flushing.then(() => this.write());
    this.flushing = run.catch(() => undefined);
    return run;
  }

  private async write(): Promise<void> {
    const { db, now, realNow, life } = this.ports;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    const hours = this.tally.take(now());
    if (hours.length === 0) return;
    this.written = realNow();
    try {
      await writeSourceHours(db, life, hours);
    } catch (error) {
      this.tally.giveBack(hours);
      throw error;
    }
  }
}
