import type { Owed, Receipt, ShardPorts } from "./shard-port";
import type { ShardStore } from "./shard-store";

/** Rows in one copy. */
const COPIED = 20;

/** What a shard object owes to D1 on its way to the ledger: with the answers to wakes, or by calls of its own. */
export class Outbox {
  /** The last row that an answer handed over. The ledger repeats a wake whose answer it did not write. */
  private handed = 0;
  private flushing: Promise<void> | null = null;

  constructor(
    private readonly store: ShardStore,
    private readonly copy: ShardPorts["copy"],
    /** Names this instance of the object: a receipt of an earlier one settles nothing. */
    private readonly life: string,
  ) {}

  /** How many rows nobody was given yet. */
  get left(): number {
    return this.store.owedBeyond(this.handed);
  }

  /** What the answer to a wake owes. Whoever is given it writes it. */
  async handOut(): Promise<Owed> {
    if (this.store.outbox(COPIED + 1).length > COPIED) await this.flush();
    const rows = this.store.outbox(COPIED);
    this.handed = rows.at(-1)?.id ?? this.handed;
    return { life: this.life, rows };
  }

  /** Forgets what a receipt of this life says is in D1. */
  settle(receipt: Receipt | null): void {
    if (receipt?.life === this.life) this.store.settle(receipt.upTo);
  }

  /** Has copied to D1 what nobody was given yet. Calls that come meanwhile wait for a copy that has their rows. */
  flush(): Promise<void> {
    return this.copyBeyond(() => this.handed);
  }

  /** The same with what was handed over: that may be on its way still, lie here without a receipt, or be lost. */
  drain(): Promise<void> {
    this.handed = 0;
    return this.copyBeyond(() => 0);
  }

  private async copyBeyond(handed: () => number): Promise<void> {
    while (this.flushing) await this.flushing;
    if (this.store.owedBeyond(handed()) === 0) return;
    this.flushing = this.copyAll();
    try {
      await this.flushing;
    } finally {
      this.flushing = null;
    }
  }

  private async copyAll(): Promise<void> {
    // With what was handed over already, so that nothing reaches D1 ahead of what was decided before it.
    for (let rows = this.store.outbox(COPIED); rows.length > 0; rows = this.store.outbox(COPIED)) {
      this.settle(await this.copy({ life: this.life, rows }));
    }
  }
}
