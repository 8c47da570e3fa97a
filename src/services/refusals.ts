import { waitUntil } from "cloudflare:workers";
import type { SourceNote } from "../events/tally";
import { log } from "../platform/log";
import { MINUTE, SECOND } from "../shared/clock";

/** Refusals of this long are told together, in real ms. */
const TOGETHER = 2 * SECOND;
/** Whoever was to tell of them is gone. */
const STUCK = MINUTE / 2;

interface RefusalPorts {
  readonly now: () => number;
  readonly realNow: () => number;
  readonly tell: (notes: readonly SourceNote[]) => Promise<void>;
}

/**
 * Counts requests that are refused as a whole. They leave no row and call no object, however many there are: the counts
 * stay in memory, and the ledger is told of them every two seconds at most. What a crash takes along is two seconds of
 * such counts.
 */
export class Refusals {
  private counts = new Map<string, Record<string, number>>();
  private since = Number.NEGATIVE_INFINITY;

  constructor(private readonly ports: RefusalPorts) {}

  /** `reasons` is how many were refused, by reason: a word of a closed list, as it is kept. */
  note(source: string, reasons: Readonly<Record<string, number>>): void {
    const counts = this.counts.get(source) ?? {};
    for (const [reason, count] of Object.entries(reasons)) counts[reason] = (counts[reason] ?? 0) + count;
    this.counts.set(source, counts);
    const real = this.ports.realNow();
    if (real - this.since < STUCK) return;
    this.since = real;
    this.whileAnswered(this.tellLater());
  }

  private async tellLater(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, TOGETHER));
    const at = this.ports.now();
    const notes = [...this.counts].map(([source, refused]) => ({ source, at, events: 0, refused }));
    this.counts = new Map();
    this.since = Number.NEGATIVE_INFINITY;
    try {
      await this.ports.tell(notes);
    } catch (error) {
      log("refusals not told", { sources: notes.length, error: String(error) });
    }
  }

  private whileAnswered(promise: Promise<void>): void {
    try {
      waitUntil(promise);
    } catch {
      // Outside of a request, as in a test, it runs on by itself.
      void promise;
    }
  }
}
