import { MINUTE } from "../shared/clock";

const ALLOWED = 10;
const REMEMBERED = 5_000;

/**
 * Counts wrong logins by network address: ten a minute, then nobody there is let in until the minute is over, right
 * key or not. Kept in memory: a restart forgives, and a key is too long to be found meanwhile.
 */
export class Attempts {
  private readonly wrong = new Map<string, { count: number; until: number }>();

  /** Seconds to wait before the next login from there; 0 when it may be tried. `now` is real time. */
  wait(address: string, now: number): number {
    const known = this.wrong.get(address);
    return known && known.until > now && known.count >= ALLOWED ? Math.ceil((known.until - now) / 1_000) : 0;
  }

  /** Notes a wrong key. */
  note(address: string, now: number): void {
    const known = this.wrong.get(address);
    if (known && known.until > now) known.count++;
    else {
      // Deleting first moves the address to the young end of the map.
      this.wrong.delete(address);
      this.trim(now);
      this.wrong.set(address, { count: 1, until: now + MINUTE });
    }
  }

  private trim(now: number): void {
    // Under attack from thousands of addresses the oldest go too: memory is bounded, their counts are not worth it.
    for (const [address, { until }] of this.wrong) {
      if (until > now && this.wrong.size < REMEMBERED) return;
      this.wrong.delete(address);
    }
  }
}
