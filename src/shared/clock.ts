/** Where time comes from. Pure code takes the number; adapters take this port. */
export interface Clock {
  /** Epoch milliseconds, UTC. May run ahead of real time where RELANCE_ENV=local. */
  now(): number;
  /** The real epoch milliseconds at which `now()` will reach `at`; what a runtime's alarm must be set to. */
  realTimeOf(at: number): number;
}

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
