import type { Services } from "../services";
import { MINUTE } from "../shared/clock";
import { eraseDue, isErasing } from "./erase";
import { replayAfterRestore } from "./erase-replay";
import { expireSubscribers, runHygiene } from "./hygiene";
import { oncePer, withLease } from "./lease";
import { retain } from "./retain";

/** As long as a cron may run at most: erasure and retention move the same rows, and must not do it beside each other. */
const LEASE = 15 * MINUTE;
const NAME = "privacy";

/** Carries erasures on now; where the lease is taken, whoever has it or the next sweep does. */
export function eraseNow(services: Services): Promise<void> {
  return alone(services, () => eraseDue(services));
}

/**
 * Erasures, hygiene and retention, one after the other: erasures whenever any are open, hygiene once a month, silent
 * subscribers and retention once a day (UTC).
 */
export function keepPrivacy(services: Services): Promise<void> {
  const { DB } = services.env;
  return alone(services, async (now) => {
    await replayAfterRestore(services);
    await eraseDue(services);
    const day = new Date(now).toISOString().slice(0, 10);
    const month = day.slice(0, 7);
    await oncePer(DB, "subscriptions", day, async () => {
      if ((await expireSubscribers(services)) > 0) await eraseDue(services);
      return true;
    });
    await oncePer(DB, "hygiene", month, async () => {
      await runHygiene(services, month);
      await eraseDue(services);
      return true;
    });
    // What is half erased must not move into the archive, where its erasure has been.
    if (!(await isErasing(DB))) await oncePer(DB, "retention", day, () => retain(services));
  });
}

async function alone({ env, clock }: Services, run: (now: number) => Promise<void>): Promise<void> {
  const now = clock.now();
  await withLease(env.DB, NAME, now, LEASE, () => run(now));
}
