import { backoffMs } from "../shared/backoff";
import { shardOf } from "../shared/ids";
import type { Wake } from "./fold";
import type { Happening } from "./projection";

/** One contact in a call to its shard. */
export interface WakeItem {
  readonly contact: number;
  readonly seq: number;
  readonly happenings: readonly Happening[];
}

interface Line {
  readonly items: WakeItem[];
  readonly waiters: { readonly seq: number; readonly resolve: () => void }[];
  calling: boolean;
}

interface WakePorts {
  /** Resolves when the shard has committed and what it decided is in D1. */
  readonly call: (shard: number, items: readonly WakeItem[]) => Promise<void>;
  readonly defer: (ms: number) => Promise<void>;
  readonly failed: (shard: number, error: unknown) => void;
}

/** Contacts whose wakes are waited for. */
export type Settling = readonly number[] | "all";

const MAX_ITEMS = 500;

/** Wakes of one request taken together, one for each contact: a shard ignores a number that it has heard. */
export function joinWakes(before: readonly Wake[], next: readonly Wake[]): Wake[] {
  const joined = new Map<number, readonly Happening[]>();
  for (const [contact, happenings] of [...before, ...next]) {
    joined.set(contact, [...(joined.get(contact) ?? []), ...happenings]);
  }
  return [...joined];
}

/**
 * Wakes on their way to the shards: one call at a time for each shard, in journal order, repeated until it succeeds.
 * The order is what lets a shard ignore a number that it has seen.
 */
export class WakeLines {
  private readonly lines: Line[];

  constructor(
    shards: number,
    private readonly ports: WakePorts,
  ) {
    this.lines = Array.from({ length: shards }, () => ({ items: [], waiters: [], calling: false }));
  }

  add(seq: number, wakes: readonly Wake[]): void {
    for (const [contact, happenings] of wakes) {
      const shard = shardOf(contact, this.lines.length);
      this.lines[shard]?.items.push({ contact, seq, happenings });
    }
  }

  /** Starts a call for every shard that has wakes and is not being called. */
  start(): void {
    this.lines.forEach((line, shard) => {
      if (!line.calling && line.items.length > 0) {
        line.calling = true;
        void this.run(line, shard);
      }
    });
  }

  /** The highest number up to which every wake has been answered. */
  woken(applied: number): number {
    let lowest = applied;
    for (const { items } of this.lines) {
      const first = items[0];
      if (first && first.seq - 1 < lowest) lowest = first.seq - 1;
    }
    return lowest;
  }

  /** The wakes of these contacts that their shards have not answered, in journal order; the oldest, if they are many. */
  owed(contacts: readonly number[]): WakeItem[] {
    const asked = new Set(contacts);
    const shards = new Set(contacts.map((one) => shardOf(one, this.lines.length)));
    const owed = [...shards].flatMap((shard) => this.lines[shard]?.items ?? []);
    return owed.filter(({ contact }) => asked.has(contact)).slice(0, MAX_ITEMS);
  }

  /** Resolves when the shards of these contacts have answered every wake up to `seq`. */
  async settled(contacts: Settling, seq: number): Promise<void> {
    const shards =
      contacts === "all" ? this.lines.keys() : new Set(contacts.map((one) => shardOf(one, this.lines.length)));
    await Promise.all([...shards].map((shard) => this.lineSettled(shard, seq)));
  }

  private lineSettled(shard: number, seq: number): Promise<void> {
    const line = this.lines[shard];
    const first = line?.items[0];
    if (!line || !first || first.seq > seq) return Promise.resolve();
    return new Promise((resolve) => line.waiters.push({ seq, resolve }));
  }

  private async run(line: Line, shard: number): Promise<void> {
    for (let attempt = 0; line.items.length > 0; ) {
      const items = line.items.slice(0, MAX_ITEMS);
      try {
        await this.ports.call(shard, items);
        line.items.splice(0, items.length);
        attempt = 0;
      } catch (error) {
        attempt++;
        this.ports.failed(shard, error);
        await this.ports.defer(backoffMs(attempt, 25, 5_000));
      }
      this.release(line);
    }
    line.calling = false;
  }

  private release(line: Line): void {
    const next = line.items[0]?.seq ?? Number.POSITIVE_INFINITY;
    for (let index = line.waiters.length - 1; index >= 0; index--) {
      const waiter = line.waiters[index];
      if (waiter && waiter.seq < next) {
        line.waiters.splice(index, 1);
        waiter.resolve();
      }
    }
  }
}
