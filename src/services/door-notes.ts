import { waitUntil } from "cloudflare:workers";
import type { SourceNote } from "../events/tally";
import { log } from "../platform/log";
import { MINUTE, SECOND } from "../shared/clock";

/** What is noted in this time is told together, in real ms. */
const TOGETHER = 2 * SECOND;
/** Whoever was to tell of it is gone. */
const STUCK = MINUTE / 2;

interface NotePorts {
  readonly now: () => number;
  readonly realNow: () => number;
  readonly tell: (notes: readonly SourceNote[]) => Promise<void>;
}

interface Noted {
  events: number;
  readonly refused: Record<string, number>;
}

/**
 * Counts at the door what does not come to the ledger: requests that are refused as a whole, and what a shop's webhook
 * tells of products. None of it leaves a row or calls an object: the counts stay in memory, and the ledger is told of
 * them every two seconds at most, however many there are. A crash takes two seconds of such counts along.
 */
export class DoorNotes {
  private noted = new Map<string, Noted>();
  private since = Number.NEGATIVE_INFINITY;

  constructor(private readonly ports: NotePorts) {}

  /** `reasons` is how many were refused, by reason: a word of a closed list, as it is kept. */
  refused(source: string, reasons: Readonly<Record<string, number>>): void {
    const { refused } = this.of(source);
    for (const [reason, count] of Object.entries(reasons)) refused[reason] = (refused[reason] ?? 0) + count;
    this.start();
  }

  /** Something was taken that is no event of a contact. */
  taken(source: string, count: number): void {
    if (count === 0) return;
    this.of(source).events += count;
    this.start();
  }

  private of(source: string): Noted {
    const noted = this.noted.get(source) ?? { events: 0, refused: {} };
    this.noted.set(source, noted);
    return noted;
  }

  private start(): void {
    const real = this.ports.realNow();
    if (real - this.since < STUCK) return;
    this.since = real;
    const told = this.tellLater();
    try {
      waitUntil(told);
    } catch {
      // Outside of a request, as in a test, it runs on by itself.
    }
  }

  private async tellLater(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, TOGETHER));
    const at = this.ports.now();
    const notes = [...this.noted].map(([source, noted]) => ({ source, at, ...noted }));
    this.noted = new Map();
    this.since = Number.NEGATIVE_INFINITY;
    try {
      await this.ports.tell(notes);
    } catch (error) {
      log("what came to the door is not told", { sources: notes.length, error: String(error) });
    }
  }
}
