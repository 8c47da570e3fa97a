/** What a test makes go wrong, or slow, inside the process. Nothing by default. */
interface Faults {
  /** Each call to a shard waits a time up to this, in real ms. */
  wakeDelayMs: number;
  /** False lets permits pass without waiting for the wakes: the control that shows what the wait is worth. */
  permitWaits: boolean;
  /** False leaves it to the permit alone to know of what is on its way to a shard whose alarm fires. */
  wakesAreTold: boolean;
  /** Where the process says so and stands still for a moment, so that a test can kill it there. */
  pauseAt: string | null;
}

export const faults: Faults = { wakeDelayMs: 0, permitWaits: true, wakesAreTold: true, pauseAt: null };

/** Holds a wake up, if a test asked for it. */
export async function delayWake(): Promise<void> {
  if (faults.wakeDelayMs === 0) return;
  const ms = ((crypto.getRandomValues(new Uint8Array(1))[0] ?? 0) / 255) * faults.wakeDelayMs;
  await new Promise((resolve) => setTimeout(resolve, ms));
}

/** A place where a kill is interesting: announced on the log, then a short stop. */
export async function killPoint(name: string): Promise<void> {
  if (faults.pauseAt !== name) return;
  faults.pauseAt = null;
  console.log(`kill-point ${name}`);
  await new Promise((resolve) => setTimeout(resolve, 2_000));
}

/** The same call with a kill point behind it: its work is done, and nobody has been told. */
export function withKillPoint<Args extends unknown[], Result>(
  name: string,
  call: (...args: Args) => Promise<Result>,
): (...args: Args) => Promise<Result> {
  return async (...args) => {
    const result = await call(...args);
    await killPoint(name);
    return result;
  };
}
