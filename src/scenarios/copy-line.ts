import { slices, TEXT_SIZE } from "../shared/slices";
import type { Bundle } from "./bundle";
import { readBundle } from "./bundle";
import type { Owed, Receipt } from "./shard-port";

/** A send that a queue's consumer is to be woken for. */
interface OwedSend {
  readonly contact: number;
  readonly id: string;
  readonly channel: string;
}

/** Something that is to be done. */
export interface OwedAct {
  readonly contact: number;
  readonly id: string;
}

interface CopyPorts {
  /** Writes bundles to D1, all or nothing. They fit into one value of it. */
  readonly write: (bundles: readonly Bundle[]) => Promise<void>;
  /** Wakes the consumers of these sends. Losing the call is harmless: the sweep repeats it. Never throws. */
  readonly enqueue: (sends: readonly OwedSend[]) => Promise<void>;
  /** The same for whoever does what is no message. Left out where nobody does. */
  readonly enact?: (acts: readonly OwedAct[]) => Promise<void>;
}

interface Waiting {
  readonly owed: Owed;
  readonly resolve: (receipt: Receipt) => void;
  readonly reject: (error: unknown) => void;
}

/** Lives of shards whose last receipt is remembered; a forgotten one costs a repeat. */
const LIVES = 1_000;

/**
 * What shards owe to D1 on its way there: while one batch is being written the next one fills, with rows of all shards,
 * since a batch costs most by itself. Rows of one shard are written in the order of their numbers, and not again once
 * they are written: what was decided earlier never comes after what was decided later.
 */
export class CopyLine {
  private line: Waiting[] = [];
  private running = false;
  /** By life, the last row that is in D1. */
  private readonly written = new Map<string, number>();

  constructor(private readonly ports: CopyPorts) {}

  /** Resolves when everything that is owed is in D1. */
  copy(owed: Owed): Promise<Receipt> {
    return new Promise((resolve, reject) => {
      this.line.push({ owed, resolve, reject });
      if (!this.running) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.running = true;
    while (this.line.length > 0) {
      const group = this.take();
      try {
        await this.write(group);
      } catch (error) {
        if (group.length === 1) group[0]?.reject(error);
        // One shard's rows may be what D1 refuses; the others' must not wait for it.
        else for (const waiting of group) await this.write([waiting]).catch(waiting.reject);
      }
    }
    this.running = false;
  }

  private take(): Waiting[] {
    let size = 0;
    let count = 0;
    for (const { owed } of this.line) {
      size += owed.rows.reduce((sum, { body }) => sum + body.length, 0);
      if (count > 0 && size > TEXT_SIZE) break;
      count++;
    }
    return this.line.splice(0, count);
  }

  private async write(group: readonly Waiting[]): Promise<void> {
    const upTo = new Map<string, number>();
    const fresh = group.flatMap(({ owed: { life, rows } }) => {
      const before = upTo.get(life) ?? this.written.get(life) ?? 0;
      upTo.set(life, Math.max(before, rows.at(-1)?.id ?? 0));
      return rows.filter(({ id }) => id > before).map((row) => ({ life, ...row }));
    });
    // One shard alone may owe more than a batch takes. What is written of it is not written again.
    for (const rows of slices(fresh, ({ body }) => body.length)) {
      const bundles = rows.map(({ body }) => readBundle(body));
      await this.ports.write(bundles);
      for (const { life, id } of rows) this.remember(life, id);
      const sends = bundles.flatMap((bundle) => bundle.sends.map(owedSend));
      const acts = bundles.flatMap((bundle) => bundle.acts.filter(isPending).map(owedAct));
      // The next batch need not wait for the queues.
      if (sends.length > 0) void this.ports.enqueue(sends);
      if (acts.length > 0) void this.ports.enact?.(acts);
    }
    for (const [life, id] of upTo) this.remember(life, id);
    for (const { owed, resolve } of group) resolve({ life: owed.life, upTo: owed.rows.at(-1)?.id ?? 0 });
  }

  private remember(life: string, id: number): void {
    // The newest stand last, so that the first is the one to forget.
    this.written.delete(life);
    this.written.set(life, id);
    if (this.written.size > LIVES) this.written.delete(this.written.keys().next().value ?? life);
  }
}

function owedSend([contact, id, , , , channel]: readonly unknown[]): OwedSend {
  return { contact: Number(contact), id: String(id), channel: String(channel) };
}

function isPending([, , , , , , , , , state]: readonly unknown[]): boolean {
  return state === "pending";
}

function owedAct([contact, id]: readonly unknown[]): OwedAct {
  return { contact: Number(contact), id: String(id) };
}
