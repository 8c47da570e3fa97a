import { sweepImports } from "../admin/import/queue";
import { familyOf } from "../contacts/wanted";
import type { LedgerEvent } from "../events/event";
import { ownEvent } from "../events/event";
import { log } from "../platform/log";
import { startTarget } from "../scenarios/blocks/start-targeting";
import type { LiveScenario } from "../scenarios/live";
import { triggerOf } from "../scenarios/live";
import { targetSql } from "../segments/target";
import { dropOldBatches } from "../sends/batch-store";
import { openSends } from "../sends/store";
import type { Services } from "../services";
import { MINUTE, SECOND } from "../shared/clock";
import { performDue } from "./acts/perform";
import { readPlans } from "./back-plan";
import { sweepCampaigns } from "./campaigns/queue";
import { withLease } from "./lease";
import { reviewLoyalty } from "./loyalty";
import { resumeMerges } from "./merges";
import { sweepRehearsals } from "./rehearsals/queue";
import { finishTables } from "./table-work";

const LEASE = 4 * MINUTE;
/** Sends offered again in one sweep; more than a queue drains until the next would only pile up. */
const OFFERED = 10_000;
/** A send younger than this is most likely in its queue's hands. */
const SETTLING = 20 * SECOND;
const PAGE = 500;

/**
 * Finds again whatever a lost wake-up left lying: side journal, wakes, alarms, outboxes, parked contacts, open sends.
 * Running it twice, or beside itself, does no harm; the lease only spares the work.
 */
export async function sweep(services: Services): Promise<void> {
  const now = services.clock.now();
  await withLease(services.env.DB, "sweep", now, LEASE, async () => {
    await services.ledger.sweep();
    await finishTables(services);
    await sweepImports(services);
    await sweepRehearsals(services);
    await sweepCampaigns(services);
    const { revision } = await services.briefings.read();
    const results = await Promise.allSettled(services.shards().map((shard) => shard.sweep(revision)));
    const failed = results.filter(({ status }) => status === "rejected").length;
    if (failed > 0) log("shards not swept", { failed });
    await resumeMerges(services);
    // Nothing waits for it, and it must keep nothing waiting.
    await dropOldBatches(services.env, now).catch((error: unknown) =>
      log("old batches not dropped", { error: String(error) }),
    );
    await offerOpenSends(services, now - SETTLING);
    // What has been decided comes before what is new: a target that the database refuses keeps nothing else waiting.
    await performDue(services, now - SETTLING, Date.now() + MINUTE);
    await reviewLoyalty(services);
    await evaluateTargets(services);
  });
}

/** Puts sends that nobody works on back into their queues. */
export async function offerOpenSends(services: Services, before: number): Promise<number> {
  const open = await openSends(services.env.DB, before, OFFERED);
  await services.offer(open);
  return open.length;
}

/** When the next scenario that starts on targeting is to be evaluated; null without one. */
export async function nextEvaluation(services: Services): Promise<number | null> {
  const due = await evaluations(services);
  return due.length > 0 ? Math.min(...due.map(({ at }) => at)) : null;
}

interface Evaluation {
  readonly scenario: LiveScenario;
  /** When it is due. */
  readonly at: number;
  /** When the last one was; null where the rule is new. */
  readonly before: number | null;
}

async function evaluations(services: Services): Promise<readonly Evaluation[]> {
  const { playbook } = await services.briefings.read();
  if (!playbook.live.some(({ definition }) => triggerOf(definition)?.kind === "targeting")) return [];
  // Whose first ones are let in over days is evaluated once they are in.
  const late = (await readPlans(services.env.DB)).filter(({ plan }) => !plan.done).map(({ scenario }) => scenario);
  const { results } = await services.env.DB.prepare(
    "SELECT id, evaluated_at FROM scenarios WHERE state = 'active'",
  ).all<{ id: string; evaluated_at: number | null }>();
  return results.flatMap(({ id, evaluated_at }) => {
    const scenario = playbook.live.find((live) => live.id === id);
    const trigger = scenario && triggerOf(scenario.definition);
    if (!scenario || trigger?.kind !== "targeting" || late.includes(id)) return [];
    const before = evaluated_at;
    return [{ scenario, before, at: before === null ? 0 : before + trigger.everyMs }];
  });
}

/** Lets in who matches a target by now, for every scenario whose evaluation is due. One that fails stops no other. */
export async function evaluateTargets(services: Services): Promise<void> {
  const now = services.clock.now();
  const due = (await evaluations(services)).filter(({ at }) => at <= now);
  const failed: unknown[] = [];
  for (const one of due) await evaluate(services, one, now).catch((error: unknown) => failed.push(error));
  if (failed.length > 0) throw failed[0];
}

async function evaluate(services: Services, { scenario, before }: Evaluation, now: number): Promise<void> {
  await enterMatching(services, scenario, now);
  // Afterwards: a crash under way repeats the evaluation, and whoever is in by then is not found again. A rule that was
  // published meanwhile is evaluated at once, not a day later.
  const sql = "UPDATE scenarios SET evaluated_at = ?2 WHERE id = ?1 AND evaluated_at IS ?3 AND live_version = ?4";
  await services.env.DB.prepare(sql).bind(scenario.id, now, before, scenario.version).run();
}

async function enterMatching(services: Services, scenario: LiveScenario, now: number): Promise<void> {
  const node = scenario.definition.blocks[scenario.definition.start];
  await services.tables.read();
  const target = targetSql(startTarget(node?.params), now, services.terms, 1);
  const sql =
    `SELECT c.id FROM contacts c WHERE c.id > ?2 AND (${target.text}) AND NOT EXISTS ` +
    `(SELECT 1 FROM runs r WHERE r.contact IN (${familyOf("c.id")}) AND r.scenario = ?3 AND r.outcome IS NOT 'refused') ` +
    "ORDER BY c.id LIMIT ?4";
  for (let after = 0; ; ) {
    const values = [...target.values, after, scenario.id, PAGE];
    const { results } = await services.env.DB.prepare(sql)
      .bind(...values)
      .all<{ id: number }>();
    const last = results.at(-1);
    if (!last) return;
    const events = results.map(({ id }) => entryEvent(scenario.id, id, now));
    const { status } = await services.append({ receivedAt: now, events }, null);
    if (status !== "stored") throw new Error(`entries of ${scenario.id} were not taken: ${status}`);
    after = last.id;
  }
}

function entryEvent(scenario: string, contact: number, now: number): LedgerEvent {
  return ownEvent(`enter.${scenario}.${now}`, "scenario.enter", now, contact, { scenario, key: "once" });
}
