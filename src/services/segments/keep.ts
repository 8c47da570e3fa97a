import { forgetNews, nextNews } from "../../segments/news-store";
import { beginNight, countSizes, moveNight, movePass, nextRange } from "../../segments/progress-store";
import { listSegments, removeRows } from "../../segments/segment-store";
import { DEBOUNCE } from "../../segments/transition";
import type { Services } from "../../services";
import { MINUTE } from "../../shared/clock";
import { withLease } from "../lease";
import { Busy, compute } from "./compute";
import type { LiveFamily, Snapshot } from "./families";
import { readSnapshot, UNKNOWN } from "./families";
import { computable, isBlocked, noting, refreshOne } from "./isolate";
import { tellNews } from "./news";
import { nextNight, nightOf } from "./night";
import { ownPasses } from "./passes";

/** Contacts of a step: some ten milliseconds of CPU where all of them change. */
const STEP = 5_000;
/** Steps in one go; the next sweep goes on. 200 of them are a million contacts. */
const STEPS = 200;
const REMOVED = 5_000;
const LEASE = 10 * MINUTE;
/** What was too much for the database is tried again so much later: for as long as it tries, everybody else waits. */
const REST = 30 * MINUTE;

type Keeping = Pick<Services, "env" | "clock" | "config" | "append" | "terms" | "tables" | "ledger">;

/** Steps that may still be made. */
interface Budget {
  steps: number;
}

/**
 * What segments need beside the follower: families that are to be computed over everybody, the night's pass for what
 * time changes, moves that are due to be told, and rows of segments that were deleted. Each step is one batch that moves
 * its place, so that whoever dies goes on where it stopped. What moved is told whatever became of the rest.
 */
export async function keepSegments(services: Keeping): Promise<void> {
  await alone(services, async () => {
    const [kept] = await Promise.allSettled([computeDue(services, { steps: STEPS })]);
    while (await tellNews(services));
    // Others write all the time: the next sweep goes on.
    if (kept.status === "rejected" && !(kept.reason instanceof Busy)) throw kept.reason;
  });
}

async function computeDue(services: Keeping, budget: Budget): Promise<void> {
  await removeDeleted(services, budget);
  const begun = await ensureStates(services);
  await runPasses(services, begun, budget);
  await runNight(services, begun, budget);
}

/** Carries on what is to be computed over everybody, a few steps; not at all while somebody else does. */
export async function computePasses(services: Keeping, steps: number): Promise<void> {
  await alone(services, async () => runPasses(services, await readSnapshot(services), { steps }));
}

async function alone({ env, clock }: Keeping, run: () => Promise<void>): Promise<void> {
  await withLease(env.DB, "segments", clock.now(), LEASE, run);
}

/** When something of it falls due, epoch ms; null where nothing waits. */
export async function nextKeeping(services: Keeping): Promise<number | null> {
  const { families, progress } = await readSnapshot(services);
  if (families.length === 0) return null;
  const now = services.clock.now();
  const isUnderWay = progress.nightAfter !== null || computable(families).some(({ state }) => state.pass !== null);
  const isNight = progress.night !== nightOf(now, services.config.SHOP_TIMEZONE);
  const next = isUnderWay || isNight ? now : nextNight(now, services.config.SHOP_TIMEZONE);
  return Math.min(next, (await nextNews(services.env.DB)) ?? next);
}

/** A family of the product's own has no state before it is met first. */
async function ensureStates(services: Keeping): Promise<Snapshot> {
  const { DB } = services.env;
  const snapshot = await readSnapshot(services);
  const met = snapshot.families.filter(({ state }) => state === UNKNOWN);
  if (met.length === 0) return snapshot;
  for (const { key } of met) await DB.batch(await ownPasses(DB, key, "first", services.clock.now()));
  // Where it is the first of all, nobody has followed who changes.
  await services.ledger.refresh();
  return readSnapshot(services);
}

const lookOf = () => "night" as const;

/** Computes families over everybody, one after the other: each is whole before those that look at it begin. */
async function runPasses(services: Keeping, { families }: Snapshot, budget: Budget): Promise<void> {
  const { DB } = services.env;
  for (const begun of families) {
    const { key, state } = begun;
    const now = services.clock.now();
    if (state.pass === null || (state.failure === "too_much" && now - state.passAt < REST)) continue;
    const refresh = () => refreshOne(begun, now, null);
    // What it is computed from is as of its beginning.
    if (state.passAfter === 0 && budget.steps > 0 && !(await noting(services, now, refresh))) continue;
    let tried = false;
    for (let isDone = false; !isDone && budget.steps > 0; budget.steps--) {
      const computed = await compute(services, async (snapshot) => {
        const family = snapshot.families.find((one) => one.key === key);
        if (!family?.state.pass || isBlocked(family, snapshot.families) || (tried && family.state.failure)) return null;
        tried = true;
        const { passAfter: after } = family.state;
        // What came since the pass began counts for those who are looked at now.
        const at = services.clock.now();
        const { isLast, ...scope } = await nextRange(DB, after, STEP);
        isDone = isLast;
        const position = [movePass(DB, key, isLast ? null : scope.upTo, at)];
        return { families: [family], scope, at, lookOf, position };
      });
      if (!computed) break;
    }
  }
}

/**
 * Once a shop-local day, all families over everybody. Each step is as of its own moment, as it holds against whatever came
 * before it, and comes behind the follower, who knows whose doing that was.
 */
async function runNight(services: Keeping, begun: Snapshot, budget: Budget): Promise<void> {
  const { DB } = services.env;
  const now = services.clock.now();
  if (begun.families.length === 0) return;
  const day = nightOf(now, services.config.SHOP_TIMEZONE);
  if (begun.progress.night !== day && budget.steps > 0) {
    // Before the night is noted: whoever dies here does it once more.
    for (const family of begun.families) await noting(services, now, () => refreshOne(family, now, null));
    await beginNight(DB, day, now).run();
  } else if (begun.progress.nightAfter === null) return;
  for (; budget.steps > 0; budget.steps--) {
    await services.ledger.followed();
    let isOver = false;
    const computed = await compute(services, async (snapshot) => {
      const { night, nightAt: since, nightAfter: after } = snapshot.progress;
      if (after === null) return null;
      const { isLast, ...scope } = await nextRange(DB, after, STEP);
      const families = computable(snapshot.families);
      isOver = isLast || families.length === 0;
      const position = [moveNight(DB, night, scope.upTo)];
      const whole = { scope, at: services.clock.now(), since, lookOf, position };
      // Nobody is left where somebody died before sizes were counted.
      const isIdle = scope.upTo === scope.after || families.length === 0;
      return isIdle ? null : { families: families.map((family) => asOf(family, since)), ...whole };
    });
    if (isOver) await endNight(services);
    if (isOver || !computed) return;
  }
}

/** What keeps rows of its own was brought up to date as of the night's beginning. */
function asOf(family: LiveFamily, began: number): LiveFamily {
  return family.refresh ? { ...family, sql: (_now, parameter) => family.sql(began, parameter) } : family;
}

/** Counts sizes, one family after the other, and then the night is over; whoever dies here counts once more. */
async function endNight(services: Keeping): Promise<void> {
  const { DB } = services.env;
  const { progress, families } = await readSnapshot(services);
  for (const family of computable(families)) await countSizes(DB, family, progress.night).run();
  await DB.batch([forgetNews(DB, services.clock.now() - DEBOUNCE), moveNight(DB, progress.night, null)]);
}

async function removeDeleted({ env }: Keeping, budget: Budget): Promise<void> {
  for (const { key, state } of await listSegments(env.DB)) {
    if (state !== "removing") continue;
    for (; budget.steps > 0; budget.steps--) if (await removeRows(env.DB, key, REMOVED)) break;
  }
}
