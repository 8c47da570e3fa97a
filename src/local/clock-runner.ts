import { drainImports } from "../admin/import/queue";
import { killedSql } from "../decisions/permit";
import type { Services } from "../services";
import { nextAct, performDue, takenActs } from "../services/acts/perform";
import { nextWatch, watchAlerts } from "../services/alerts";
import { letInLate, nextLate } from "../services/back-population";
import { keepBehaviour, nextBehaviour } from "../services/behaviour";
import { nextCampaign, runCampaigns } from "../services/campaigns/next";
import { nextDate, startOnDates } from "../services/date-starts";
import { keepCatalogue, nextCatalogue } from "../services/feeds/keep";
import { nextReview, reviewLoyalty } from "../services/loyalty";
import { keepSegments, nextKeeping } from "../services/segments/keep";
import { evaluateTargets, nextEvaluation, offerOpenSends } from "../services/sweep";
import { MINUTE, SECOND } from "../shared/clock";
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

async function earliestRetry({ env, clock }: Services): Promise<number | null> {
  const sql = "SELECT min(next_at) AS at FROM sends WHERE open = 1 AND next_at > ?1";
  return (await env.DB.prepare(sql).bind(clock.now()).first<{ at: number | null }>())?.at ?? null;
}

/** Resolves when the ledger, the shards' outboxes and the queues have nothing left to do at the present time. */
async function quiet(services: Services): Promise<void> {
  await drainImports(services);
  const sql =
    "SELECT count(*) AS open, coalesce(sum(attempts), 0) AS attempts FROM sends WHERE open = 1 AND next_at <= ?1 " +
    `AND NOT ${killedSql("sends.channel")}`;
  // Whoever is at an act has ten seconds for it; one that was killed has left it as it is.
  const patience = Date.now() + 15 * SECOND;
  let seen = "";
  let since = Date.now();
  for (;;) {
    // What was computed of events is told as events.
    await services.ledger.followed();
    await services.ledger.settled();
    const row = await services.env.DB.prepare(sql)
      .bind(services.clock.now())
      .first<{ open: number; attempts: number }>();
    const acts = await performDue(services, services.clock.now());
    if (acts > 0) continue;
    if ((!row || row.open === 0) && (Date.now() > patience || (await takenActs(services)) === 0)) return;
    const now = `${row?.open}.${row?.attempts}`;
    if (now !== seen) since = Date.now();
    seen = now;
    if (Date.now() - since > STALLED) {
      await offerOpenSends(services, services.clock.now());
      since = Date.now();
    }
    await new Promise((resolve) => setTimeout(resolve, QUIET_POLL));
  }
}

/** What falls due by time beside the shards' timers. `next` is later than `after`, when it ran here the last time. */
interface Chore {
  readonly next: (services: Services, after: number) => Promise<number | null>;
  readonly run: (services: Services) => Promise<unknown>;
}

const CHORES: readonly Chore[] = [
  { next: earliestRetry, run: (services) => offerOpenSends(services, services.clock.now()) },
  {
    next: (services) => nextAct(services, services.clock.now()),
    run: (services) => performDue(services, services.clock.now()),
  },
  { next: nextCampaign, run: runCampaigns },
  { next: nextLate, run: letInLate },
  { next: nextEvaluation, run: evaluateTargets },
  { next: nextDate, run: startOnDates },
  { next: nextReview, run: reviewLoyalty },
  { next: nextCatalogue, run: keepCatalogue },
  { next: nextBehaviour, run: keepBehaviour },
  { next: nextKeeping, run: keepSegments },
];

const windowOf = (at: number): number => Math.floor(at / (5 * MINUTE));

/** Moves our time to `target` by way of every timer, chore and retry on the way, in the order of due times. */
export async function runTo(services: Services, target: number): Promise<void> {
  const { scale } = localClock;
  localClock.move(services.clock.now(), 0);
  const ran = CHORES.map(() => Number.NEGATIVE_INFINITY);
  // As often as the cron looks: most moves of a replay are of seconds.
  const isWatched = windowOf(services.clock.now()) === windowOf(target);
  let watch = isWatched ? null : await nextWatch(services);
  for (;;) {
    await quiet(services);
    const now = services.clock.now();
    const [timer, ...chores] = await Promise.all([
      earliestTimer(services),
      ...CHORES.map((chore, index) => chore.next(services, ran[index] ?? now)),
    ]);
    const due = Math.min(...[timer, watch, ...chores].map((time) => time ?? Number.POSITIVE_INFINITY));
    if (due > target) break;
    localClock.move(Math.max(now, due), 0);
    const isDue = (at: number | null | undefined): boolean => typeof at === "number" && at <= services.clock.now();
    if (isDue(timer)) await Promise.all(services.shards().map((shard) => shard.tick()));
    for (const [index, chore] of CHORES.entries()) {
      if (!isDue(chores[index])) continue;
      ran[index] = services.clock.now();
      await chore.run(services);
    }
    if (isDue(watch)) {
      await watchAlerts(services);
      const next = await nextWatch(services);
      watch = next !== null && next > services.clock.now() ? next : null;
    }
  }
  localClock.move(Math.max(target, services.clock.now()), scale === 0 ? 1 : scale);
  // Nothing has fallen by now that is to be found later, of somebody who is not known yet.
  if (!isWatched) await Promise.all([watchAlerts(services), startOnDates(services)]);
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
