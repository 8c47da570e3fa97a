/** A stream of chance that is asked in words. */
export class Chance {
  constructor(readonly random: () => number) {}

  one(probability: number): boolean {
    return this.random() < probability;
  }

  /** A whole number from 0 to below `count`. */
  below(count: number): number {
    return Math.floor(this.random() * count);
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T;
  }
}
