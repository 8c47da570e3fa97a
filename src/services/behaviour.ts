import type { NightRuler } from "../segments/behaviour/behaviour-store";
import {
  beginBehaviourRun,
  endBehaviourRun,
  hasBehaviour,
  measureRuler,
  moveBehaviourRun,
  readBehaviourRun,
  refreshStatements,
} from "../segments/behaviour/behaviour-store";
import type { Calendar } from "../segments/behaviour/calendar";
import { calendarAt } from "../segments/behaviour/calendar";
import type { BehaviourTerms } from "../segments/behaviour/figures-sql";
import { nextRange, selectProgress } from "../segments/progress-store";
import type { Services } from "../services";
import { MINUTE } from "../shared/clock";
import { withLease } from "./lease";
import type { Scoring } from "./rfm-terms";
import { calendarOf, isRated } from "./rfm-terms";
import { nextNight, nightOf } from "./segments/night";

/** Contacts of a step: a fraction of a second of the database's time. */
const STEP = 10_000;
const LEASE = 10 * MINUTE;

/** The shop's calendar about a moment. */
export function calendarFor(services: Pick<Scoring, "terms">, now: number): Calendar {
  return calendarAt(now, calendarOf(services));
}

async function termsOf(services: Scoring, now: number): Promise<BehaviourTerms> {
  const { currency } = services.terms.shop;
  return { calendar: calendarFor(services, now), currency, rated: await isRated(services.env.DB) };
}

/** Brings the rows of contacts up to date that changed; of a merge both sides. */
export async function refreshBehaviour(services: Scoring, contacts: readonly number[], at: number): Promise<void> {
  const { DB } = services.env;
  if (contacts.length > 0) await DB.batch(refreshStatements(DB, { contacts }, await termsOf(services, at)));
}

/**
 * Brings everybody's rows up to date and measures the ruler of the night. Each step is a batch that moves its place: what
 * broke off goes on there, in the same night.
 */
export async function refreshEverybody(services: Scoring, at: number, step = STEP): Promise<void> {
  const { DB } = services.env;
  const night = nightOf(at, services.terms.shop.zone);
  const before = await readBehaviourRun(DB);
  const terms = await termsOf(services, at);
  const { days, today } = terms.calendar;
  // Days are counted to the same one by all of a run.
  const isUnderWay = before?.run.night === night && before.run.after !== null && days.of(before.run.at) === today;
  if (!isUnderWay) await beginBehaviourRun(DB, night, at).run();
  for (let after = isUnderWay ? (before.run.after ?? 0) : 0, isDone = false; !isDone; ) {
    const { upTo, isLast } = await nextRange(DB, after, step);
    // The last one takes whoever came meanwhile.
    const scope = { above: after, upTo: isLast ? Number.MAX_SAFE_INTEGER : upTo };
    await DB.batch([...refreshStatements(DB, scope, terms), moveBehaviourRun(DB, upTo)]);
    after = upTo;
    isDone = isLast;
  }
  await endBehaviourRun(DB, at, await rulerOf(services, terms, night, before?.ruler ?? null)).run();
}

/**
 * The ruler of a night, or null where the night goes by it already. What contacts were last held against stays the one
 * before, also where a ruler was measured and its night never began.
 */
async function rulerOf(
  { env }: Scoring,
  { calendar }: BehaviourTerms,
  night: string,
  last: NightRuler | null,
): Promise<NightRuler | null> {
  const begun = (await selectProgress(env.DB).first<{ night: string }>())?.night ?? "";
  if (last?.night === night && begun >= night) return null;
  const mark = await measureRuler(env.DB, calendar.today);
  const before = last === null ? mark : begun >= last.night ? last.mark : last.before;
  return { night, at: calendar.now, mark, before };
}

/** Begins with behaviour once there is any: from then on each night goes on with it. */
export async function keepBehaviour(services: Services): Promise<void> {
  const { env, clock } = services;
  const state = await readBehaviourRun(env.DB);
  if ((state?.run.doneAt ?? null) !== null || !(await hasBehaviour(env.DB))) return;
  await withLease(env.DB, "behaviour", clock.now(), LEASE, () => refreshEverybody(services, clock.now()));
  // Whoever changes from now on is followed.
  await services.ledger.refresh();
}

/** When there is something to begin with, epoch ms: at the next night. Null where it began, or nobody did anything. */
export async function nextBehaviour({ env, clock, config }: Services): Promise<number | null> {
  const state = await readBehaviourRun(env.DB);
  if ((state?.run.doneAt ?? null) !== null || !(await hasBehaviour(env.DB))) return null;
  return nextNight(clock.now(), config.SHOP_TIMEZONE);
}
