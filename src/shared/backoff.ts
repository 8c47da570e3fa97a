/** How long to wait before attempt `attempt + 1`: doubling from `baseMs`, at most `capMs`; no jitter, so it repeats. */
export function backoffMs(attempt: number, baseMs: number, capMs: number): number {
  return Math.min(capMs, baseMs * 2 ** Math.min(Math.max(0, attempt - 1), 20));
}
