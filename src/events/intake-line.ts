import type { Answer, Intake } from "./intake";

/** A request that waits for its turn and its answer. */
export interface WaitingIntake {
  readonly intake: Intake;
  readonly bytes: number;
  /** Row of the side journal that it was read from. */
  readonly side: number | null;
  readonly answer: (answer: Answer) => void;
}

const GROUP_BYTES = 1_000_000;
const GROUP_REQUESTS = 1_000;
const LINE_BYTES = 8_000_000;
const LINE_REQUESTS = 4_000;

/** The requests that the ledger was handed, in their order, and who waits until they are answered. */
export class IntakeLine {
  private waiting: WaitingIntake[] = [];
  private bytes = 0;
  private accepted = 0;
  private answered = 0;
  private readonly drains: { readonly ticket: number; readonly resolve: () => void }[] = [];

  /** @param stored hears of every request that is on disk */
  constructor(private readonly stored: (intake: Intake) => void = () => undefined) {}

  get isEmpty(): boolean {
    return this.waiting.length === 0;
  }

  /** Takes a request in; resolves with its answer, at once where the line is full. */
  add(intake: Intake, bytes: number, side: number | null): Promise<Answer> {
    if (this.waiting.length >= LINE_REQUESTS || this.bytes + bytes > LINE_BYTES) {
      return Promise.resolve({ status: "busy" });
    }
    return new Promise((answer) => {
      this.waiting.push({ intake, bytes, side, answer });
      this.bytes += bytes;
      // Whoever stored it beside the ledger has answered its client.
      if (side === null) this.accepted++;
    });
  }

  /** The next group, of about a megabyte, one request at least. */
  take(): WaitingIntake[] {
    let bytes = 0;
    let count = 0;
    for (const waiting of this.waiting) {
      if (count > 0 && (bytes + waiting.bytes > GROUP_BYTES || count >= GROUP_REQUESTS)) break;
      bytes += waiting.bytes;
      count++;
    }
    const group = this.waiting.splice(0, count);
    this.bytes -= bytes;
    return group;
  }

  answer(group: readonly WaitingIntake[], answer: Answer): void {
    for (const waiting of group) {
      if (answer.status === "stored") this.stored(waiting.intake);
      waiting.answer(answer);
    }
    this.answered += group.filter(({ side }) => side === null).length;
    while ((this.drains[0]?.ticket ?? Number.POSITIVE_INFINITY) <= this.answered) this.drains.shift()?.resolve();
  }

  /** Resolves when every request that was in the line at the call has its answer. */
  drained(): Promise<void> {
    if (this.answered >= this.accepted) return Promise.resolve();
    const ticket = this.accepted;
    return new Promise((resolve) => this.drains.push({ ticket, resolve }));
  }
}
