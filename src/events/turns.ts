/**
 * Lets permits and intakes from beside the ledger take turns. What lies in the side journal was accepted, so a permit
 * must not pass it by: neither before it is taken in (the permit's statement sees to that), nor while it has been taken
 * in and the shards have not heard of it.
 */
export class Turns {
  private intakes = 0;
  private begun = 0;
  private readonly asking = new Set<Promise<unknown>>();
  private readonly waiting: (() => void)[] = [];

  /** Runs an intake, up to where its wakes are listed, behind the permits whose statements are under way. */
  async intake<T>(run: () => Promise<T>): Promise<T> {
    this.intakes++;
    this.begun++;
    try {
      await Promise.allSettled(this.asking);
      return await run();
    } finally {
      this.intakes--;
      if (this.intakes === 0) for (const go of this.waiting.splice(0)) go();
    }
  }

  /** Resolves when no intake is under way: the wakes of those that were are listed, or the ledger knows that it failed. */
  async betweenIntakes(): Promise<void> {
    while (this.intakes > 0) await new Promise<void>((go) => this.waiting.push(go));
  }

  /** Runs a permit's statement; `settle` is repeated until no intake came between it and the statement. */
  async permit<T>(settle: () => Promise<void>, ask: () => Promise<T>): Promise<T> {
    for (;;) {
      if (this.intakes > 0) await this.betweenIntakes();
      const { begun } = this;
      await settle();
      if (this.begun !== begun) continue;
      const answer = ask();
      this.asking.add(answer);
      try {
        return await answer;
      } finally {
        this.asking.delete(answer);
      }
    }
  }
}
