import type { LedgerEvent } from "../events/event";
import { ownEvent } from "../events/event";
import { moveSetting } from "../platform/settings";
import type { ScenarioDefinition } from "../scenarios/definition";
import type { LiveScenario } from "../scenarios/live";
import { triggerOf } from "../scenarios/live";
import type { Services } from "../services";
import { DAY } from "../shared/clock";
import { startsOnTold } from "./back-events";
import { countPast, nextPast } from "./back-journal";
import type { BackPlan, LateEntry, LateStep, StoredPlan } from "./back-plan";
import { newPlan, planAfter, planBefore, planKey, readPlans, refusedAt, shareAt } from "./back-plan";
import { countFound, nextFound, searchOf } from "./back-search";

/** Of the messages of a day, so much may be due to who is let in late; and never less than this many contacts. */
const SHARE_OF_VOLUME = 0.05;
const LEAST_CAP = 100;
/** Contacts of one request to the ledger. */
const MOST_TOGETHER = 2_000;

/** What letting people in late would come to. */
export interface BackPreview {
  readonly contacts: number;
  readonly perDay: number;
  /** Days until all are in. */
  readonly days: number;
}

/** What was asked of it: over how many days, how many a day, and what began how long ago (ms) is let lie. */
export interface BackChoice {
  readonly days: number;
  readonly cap: number | null;
  readonly within: number;
}

/** How many a scenario would let in late, `days` long or as long as the daily cap wants it; null where its start has none. */
export async function previewBack(
  services: Services,
  definition: ScenarioDefinition,
  { days, cap, within }: BackChoice,
): Promise<BackPreview | null> {
  const contacts = await countLate(services, definition, within);
  if (contacts === null) return null;
  const perDay = Math.max(1, Math.min(Math.ceil(contacts / days), cap ?? (await usualCap(services))));
  return { contacts, perDay, days: Math.ceil(contacts / perDay) };
}

async function countLate(services: Services, definition: ScenarioDefinition, within: number): Promise<number | null> {
  const begunAt = services.clock.now();
  if (startsOnTold(definition)) return countPast(services, definition, begunAt - within);
  const found = searchOf(definition, { begunAt, within });
  return found && countFound(services, found);
}

/** A share of the messages of an average day of the last thirty. */
async function usualCap({ env, clock }: Services): Promise<number> {
  const sql = "SELECT count(*) AS n FROM sends WHERE created_at > ?1";
  const sent =
    (await env.DB.prepare(sql)
      .bind(clock.now() - 30 * DAY)
      .first<number>("n")) ?? 0;
  return Math.max(LEAST_CAP, Math.ceil((sent / 30) * SHARE_OF_VOLUME));
}

/** The plan by which a scenario lets people in late from now on. */
export function planOf(
  definition: ScenarioDefinition,
  { contacts: total, perDay }: BackPreview,
  within: number,
  now: number,
): BackPlan {
  return newPlan({ start: triggerOf(definition)?.kind, total, perDay, within }, now);
}

/** How far a plan is by now: who was refused at the door was not let in. */
export async function progressOf({ env }: Services, { scenario, plan }: StoredPlan) {
  const refused = plan.refused + (await refusedAt(env.DB, scenario, plan.cameAt));
  return { letIn: plan.letIn - refused, refused };
}

/**
 * Lets in the next of those who were past the beginning, for every active scenario with a plan. The place is moved behind
 * them: whoever dies before lets in the same ones again, under the same ids and keys, which counts once.
 */
export async function letInLate(services: Services): Promise<void> {
  const failed: unknown[] = [];
  for (const one of await openPlans(services)) {
    await letIn(services, one).catch((error: unknown) => failed.push(error));
  }
  if (failed.length > 0) throw failed[0];
}

type OpenPlan = StoredPlan & { readonly definition: ScenarioDefinition };

async function openPlans(services: Services): Promise<readonly OpenPlan[]> {
  const plans = (await readPlans(services.env.DB)).filter(({ plan }) => !plan.done);
  if (plans.length === 0) return [];
  const { playbook } = await services.briefings.read();
  return plans.flatMap((stored) => {
    const live = playbook.live.find(({ id, state }) => id === stored.scenario && state === "active");
    return live ? [{ ...stored, definition: widestOf(live) }] : [];
  });
}

/** Of two versions side by side, whom either may want: which of them a contact goes by is asked at the door. */
function widestOf({ definition, challenger }: LiveScenario): ScenarioDefinition {
  return challenger
    ? { ...definition, filter: { any: [definition.filter, challenger.definition.filter] } }
    : definition;
}

async function letIn(services: Services, open: OpenPlan): Promise<void> {
  const { scenario, text, plan } = open;
  const now = services.clock.now();
  if (now < plan.nextAt) return;
  const { DB } = services.env;
  const move = (from: string, to: BackPlan): Promise<boolean> =>
    moveSetting(DB, planKey(scenario), from, JSON.stringify(to));
  const step = await nextStep(services, open, Math.min(MOST_TOGETHER, shareAt(plan, now)));
  if (step === null) {
    await move(text, { ...plan, done: true, ended: "start_changed" });
    return;
  }
  const before = step.entries.length === 0 ? plan : planBefore(plan, await refusedAt(DB, scenario, plan.cameAt), now);
  const noted = before === plan ? text : JSON.stringify(before);
  // Ahead: who is brought a second time, since the first was not noted, comes at the same time, by which refusals are found.
  if (noted !== text && !(await move(text, before))) return;
  if (step.entries.length > 0) await bring(services, scenario, step.entries, before.comingAt ?? now);
  await move(noted, planAfter(before, step, now));
}

async function bring(services: Services, scenario: string, entries: readonly LateEntry[], at: number): Promise<void> {
  const events = entries.map((one) => entryEvent(scenario, one, at));
  const { status } = await services.append({ receivedAt: services.clock.now(), events }, null);
  if (status !== "stored") throw new Error(`entries of ${scenario} were not taken: ${status}`);
}

/** Null where the version that runs by now starts otherwise: whom it would have let in, nobody has counted. */
async function nextStep(services: Services, open: OpenPlan, limit: number): Promise<LateStep | null> {
  const { plan, definition } = open;
  const start = triggerOf(definition)?.kind;
  if ((plan.start ?? start) !== start) return null;
  if (startsOnTold(definition)) return nextPast(services, open, plan, limit);
  const found = searchOf(definition, plan);
  return found && nextFound(services, found, plan, limit);
}

function entryEvent(scenario: string, { contact, ...beginning }: LateEntry, now: number): LedgerEvent {
  return ownEvent(`enter.${scenario}.late.${beginning.key}`, "scenario.enter", now, contact, {
    scenario,
    ...beginning,
  });
}

/** When somebody is next let in late; null where nobody is. */
export async function nextLate(services: Services): Promise<number | null> {
  const times = (await openPlans(services)).map(({ plan }) => plan.nextAt);
  return times.length > 0 ? Math.min(...times) : null;
}
