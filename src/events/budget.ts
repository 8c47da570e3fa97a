interface Bucket {
  tokens: number;
  at: number;
}

/** Token buckets by key: `burst` at once, `perSecond` afterwards. Time is an argument, so nothing ticks. */
export class Budget {
  private readonly buckets = new Map<string, Bucket>();

  constructor(
    private readonly burst: number,
    private readonly perSecond: number,
    private readonly maxKeys = 50_000,
  ) {}

  /** Takes `count` from a key's bucket, or nothing and returns the seconds to wait. */
  take(key: string, count: number, now: number): number {
    const bucket = this.buckets.get(key) ?? { tokens: this.burst, at: now };
    const refilled = Math.min(this.burst, bucket.tokens + (Math.max(0, now - bucket.at) / 1000) * this.perSecond);
    if (!this.buckets.has(key) && this.buckets.size >= this.maxKeys) {
      // The oldest key has most likely refilled since; forgetting it costs at most one burst.
      const oldest = this.buckets.keys().next().value;
      if (oldest !== undefined) this.buckets.delete(oldest);
    }
    // A request larger than the whole bucket passes when the bucket is full, or it never would.
    const wanted = Math.min(count, this.burst);
    if (refilled < wanted) {
      this.buckets.set(key, { tokens: refilled, at: now });
      return Math.ceil((wanted - refilled) / this.perSecond);
    }
    this.buckets.set(key, { tokens: refilled - wanted, at: now });
    return 0;
  }
}
