import type { Timeline } from "./timeline";

interface Message {
  readonly body: unknown;
  readonly notBefore: number;
}

/** Handles one batch; resolves with the ms after which it is to come again, or null when it is done. */
type Consumer = (batch: MessageBatch) => Promise<void>;

const BATCH = 4;

/** A queue with one consumer that delivers at least once. */
export class SimulatedQueue {
  private messages: Message[] = [];
  private consumer: Consumer = () => Promise.resolve();
  private consuming = false;

  constructor(private readonly timeline: Timeline) {}

  /** The binding of a producer. */
  readonly binding = {
    sendBatch: (batch: readonly { body: unknown; delaySeconds?: number }[]) =>
      this.timeline.step("queue", () => this.enqueue(batch)),
  };

  /** A new process: the local queue lived in the old one's memory, the real one delivers its messages again. */
  restart(consumer: Consumer): void {
    this.consumer = consumer;
    this.consuming = false;
    if (this.messages.length > 0 && this.timeline.chance(0.5)) {
      this.timeline.count("queues lost");
      this.messages = [];
    }
    this.timeline.after(0, () => void this.pump());
  }

  /** What is handed in from now on, as it is changed on its way. */
  onItsWay: (body: unknown) => unknown = (body) => body;

  private enqueue(batch: readonly { body: unknown; delaySeconds?: number }[]): void {
    for (const { body, delaySeconds = 0 } of batch) {
      this.messages.push({ body: this.onItsWay(body), notBefore: this.timeline.now + delaySeconds * 1_000 });
      this.timeline.after(delaySeconds * 1_000, () => void this.pump());
    }
  }

  private async pump(): Promise<void> {
    const ready = this.messages.filter(({ notBefore }) => notBefore <= this.timeline.now).slice(0, BATCH);
    if (this.consuming || ready.length === 0) return;
    this.consuming = true;
    let again: number | null = null;
    const retryAll = ({ delaySeconds }: { delaySeconds: number }) => {
      again = delaySeconds;
    };
    try {
      await this.consumer({ messages: ready, ackAll: () => undefined, retryAll } as unknown as MessageBatch);
    } catch {
      again = 1;
    }
    this.messages = this.messages.filter((message) => !ready.includes(message));
    if (again === null && this.timeline.chance(0.05)) {
      this.timeline.count("queue delivers twice");
      again = 0;
    }
    if (again !== null) {
      const delaySeconds: number = again;
      this.enqueue(ready.map(({ body }) => ({ body, delaySeconds })));
    }
    this.consuming = false;
    this.timeline.after(0, () => void this.pump());
  }
}
