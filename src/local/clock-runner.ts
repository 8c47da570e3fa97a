import { drainImports } from "../admin/import/queue";
import type { Services } from "../services";
import { nextReview, reviewLoyalty } from "../services/loyalty";
import { evaluateTargets, nextEvaluation, offerOpenSends } from "../services/sweep";
import { localClock } from "./clock";

const QUIET_POLL = 2;
/** A queue that has not moved for this long has lost its messages; the rows are offered again. */
const STALLED = 1_500;

/** When the earliest timer of any shard is due. */
async function earliestTimer(services: Services): Promise<number | null> {
  const statuses = await Promise.all(services.shards().map((shard) => shard.status()));
  const times = statuses.flatMap(({ earliest }) => (earliest === null ? [] : [earliest]));
  return times.length > 0 ? Math.min(...times) : null;
}

async function earliestRetry(services: Services, now: number): Promise<number | null> {
  const sql = "SELECT min(next_at) AS at FROM sends WHERE open = 1 AND next_at > ?1";
  return (await services.env.DB.prepare(sql).bind(now).first<{ at: number | null }>())?.at ?? null;
}

/** Resolves when the ledger, the shards' outboxes and the queues have nothing left to do at the present time. */
async function quiet(services: Services): Promise<void> {
  await drainImports(services);
  const sql =
    "SELECT count(*) AS open, coalesce(sum(attempts), 0) AS attempts FROM sends WHERE open = 1 AND next_at <= ?1 " +
    "AND NOT EXISTS (SELECT 1 FROM settings k, json_each(k.value) e WHERE k.key = 'kill' AND e.value IN ('all', sends.channel))";
  let seen = "";
  let since = Date.now();
  for (;;) {
    await services.ledger.settled();
    const row = await services.env.DB.prepare(sql)
      .bind(services.clock.now())
      .first<{ open: number; attempts: number }>();
    if (!row || row.open === 0) return;
    const now = `${row.open}.${row.attempts}`;
    if (now !== seen) since = Date.now();
    seen = now;
    if (Date.now() - since > STALLED) {
      await offerOpenSends(services, services.clock.now());
      since = Date.now();
    }
    await new Promise((resolve) => setTimeout(resolve, QUIET_POLL));
  }
}

/** Moves our time to `target` by way of every timer, evaluation and retry on the way, in the order of due times. */
export async function runTo(services: Services, target: number): Promise<void> {
  const { scale } = localClock;
  localClock.move(services.clock.now(), 0);
  let reviewed = Number.NEGATIVE_INFINITY;
  for (;;) {
    await quiet(services);
    const now = services.clock.now();
    const [timer, retry, evaluation, review] = await Promise.all([
      earliestTimer(services),
      earliestRetry(services, now),
      nextEvaluation(services),
      nextReview(services, reviewed),
    ]);
    const due = Math.min(...[timer, retry, evaluation, review].map((time) => time ?? Number.POSITIVE_INFINITY));
    if (due > target) break;
    localClock.move(Math.max(now, due), 0);
    if (timer !== null && timer <= services.clock.now())
      await Promise.all(services.shards().map((shard) => shard.tick()));
    if (retry !== null && retry <= services.clock.now()) await offerOpenSends(services, services.clock.now());
    if (evaluation !== null && evaluation <= services.clock.now()) await evaluateTargets(services);
    if (review !== null && review <= services.clock.now()) {
      await reviewLoyalty(services);
      reviewed = services.clock.now();
    }
  }
  localClock.move(Math.max(target, services.clock.now()), scale === 0 ? 1 : scale);
  await localClock.save(services.env.DB);
  await Promise.all(services.shards().map((shard) => shard.rearm()));
}

/** Makes time run `scale` times as fast from now on. */
export async function setScale(services: Services, scale: number): Promise<void> {
  localClock.move(services.clock.now(), scale);
  await localClock.save(services.env.DB);
  await Promise.all(services.shards().map((shard) => shard.rearm()));
}

/** Sets our time outright; the caller has made sure that nothing has happened yet. */
export async function setTime(services: Services, to: number): Promise<void> {
  localClock.move(to, localClock.scale === 0 ? 1 : localClock.scale);
  await localClock.save(services.env.DB);
  await Promise.all(services.shards().map((shard) => shard.rearm()));
}
