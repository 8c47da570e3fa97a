import { OPEN_CARTS } from "../commerce/cart";
import type { LedgerEvent } from "../events/event";
import { ownEvent } from "../events/event";
import { moveSetting } from "../platform/settings";
import { startTarget } from "../scenarios/blocks/start-targeting";
import type { ScenarioDefinition } from "../scenarios/definition";
import type { LiveScenario } from "../scenarios/live";
import { triggerOf } from "../scenarios/live";
import { cartKey, moveKey } from "../scenarios/stop";
import { targetSql } from "../segments/target";
import type { Services } from "../services";
import { DAY } from "../shared/clock";
import type { BackPlan, StoredPlan } from "./back-plan";
import { newPlan, planAfter, planKey, readPlans, shareAt } from "./back-plan";

/** What began longer ago is let lie: nobody is reminded of a cart of last year. */
const WITHIN = 30 * DAY;
/** Of the messages of a day, so much may be due to who is let in late; and never less than this many contacts. */
const SHARE_OF_VOLUME = 0.05;
const LEAST_CAP = 100;
/** Contacts of one request to the ledger. */
const PAGE = 2_000;

/** Somebody who was past the beginning of a scenario when it was switched on. */
interface Candidate {
  readonly id: number;
  /** When it began for them, epoch ms; null where they just fit. */
  readonly at: number | null;
  readonly cart: string | null;
}

/** How those are found that one kind of start lets in late: FROM and WHERE over contacts `c`. */
interface Search {
  readonly from: string;
  /** The contact in the order of the table that is read first: a page ends where it is full. */
  readonly id: string;
  readonly at: string;
  readonly cart: string;
  readonly rule: Parameters<typeof targetSql>[0];
  /** Values of ?2 on. */
  readonly values: readonly (string | number)[];
  readonly keyOf: (candidate: Candidate) => string;
}

/** @returns null for a start of which nobody can say whom it would have let in before */
function searchOf(definition: ScenarioDefinition, begunAt: number): Search | null {
  const trigger = triggerOf(definition);
  const rule = { rule: definition.filter, everybody: true };
  if (trigger?.kind === "targeting") {
    const params = definition.blocks[definition.start]?.params;
    const none = { from: "contacts c", id: "c.id", at: "NULL", cart: "NULL", values: [] };
    return { ...none, rule: startTarget(params), keyOf: () => "once" };
  }
  if (trigger?.kind === "abandoned_cart") {
    return {
      from: `contacts c JOIN carts k ON k.contact = c.id AND k.state IN ${OPEN_CARTS} AND k.changed_at BETWEEN ?2 AND ?3`,
      id: "k.contact",
      at: "max(k.changed_at)",
      cart: "k.cart_id",
      rule,
      values: [begunAt - WITHIN, begunAt - trigger.durationMs],
      keyOf: ({ cart, at }) => cartKey(cart ?? "", at ?? 0),
    };
  }
  if (trigger?.kind !== "segment" || typeof trigger.to !== "string") return null;
  const { family, to } = trigger;
  return {
    from: "segment_members m JOIN contacts c ON c.id = m.contact AND m.family = ?2 AND m.segment = ?3 AND m.since BETWEEN ?4 AND ?5",
    id: "m.contact",
    at: "max(m.since)",
    cart: "NULL",
    rule,
    values: [family, to, begunAt - WITHIN, begunAt],
    keyOf: ({ at }) => moveKey({ type: "segment", family, from: null, to, at: at ?? 0 }),
  };
}

/** A page, which is the same when it is asked for again: who was let in of it is not left out, or a crash would let in more. */
async function search<Row>(
  services: Services,
  { from, id, rule, values }: Search,
  { behind, limit, columns }: { readonly behind: number; readonly limit: number; readonly columns: string },
): Promise<Row[]> {
  await services.tables.read();
  const { text, values: asked } = targetSql(rule, services.clock.now(), services.terms, 1);
  const next = values.length + 2;
  const sql = `SELECT ${columns} FROM ${from} WHERE ${id} > ?${next} AND (${text}) GROUP BY ${id} ORDER BY ${id} LIMIT ?${next + 1}`;
  const { results } = await services.env.DB.prepare(sql)
    .bind(...asked, ...values, behind, limit)
    .all<Row>();
  return results;
}

/** What letting people in late would come to. */
export interface BackPreview {
  readonly contacts: number;
  readonly perDay: number;
  /** Days until all are in. */
  readonly days: number;
}

/** How many a scenario would let in late, `days` long or as long as the daily cap wants it; null where its start has none. */
export async function previewBack(
  services: Services,
  definition: ScenarioDefinition,
  { days, cap }: { readonly days: number; readonly cap: number | null },
): Promise<BackPreview | null> {
  const found = searchOf(definition, services.clock.now());
  if (!found) return null;
  let contacts = 0;
  for (let behind = 0; ; ) {
    const page = await search<{ id: number }>(services, found, { behind, limit: PAGE, columns: "c.id" });
    contacts += page.length;
    const last = page.at(-1);
    if (!last || page.length < PAGE) break;
    behind = last.id;
  }
  const perDay = Math.max(1, Math.min(Math.ceil(contacts / days), cap ?? (await usualCap(services))));
  return { contacts, perDay, days: Math.ceil(contacts / perDay) };
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
export function planOf(preview: BackPreview, now: number): BackPlan {
  return newPlan(preview.contacts, preview.perDay, now);
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

async function letIn(services: Services, { scenario, text, plan, definition }: OpenPlan): Promise<void> {
  const now = services.clock.now();
  if (now < plan.nextAt) return;
  const limit = Math.min(PAGE, shareAt(plan, now));
  // A version that starts otherwise by now lets nobody in late.
  const found = searchOf(definition, plan.begunAt);
  const columns = found ? `c.id, ${found.at} AS at, ${found.cart} AS cart` : "";
  const some = found ? await search<Candidate>(services, found, { behind: plan.behind, limit, columns }) : [];
  const events = some.map((one) => entryEvent(scenario, one, found?.keyOf(one) ?? "", now));
  if (events.length > 0) {
    const { status } = await services.append({ receivedAt: now, events }, null);
    if (status !== "stored") throw new Error(`entries of ${scenario} were not taken: ${status}`);
  }
  const isOver = found === null || (limit > 0 && some.length < limit);
  const behind = isOver ? null : (some.at(-1)?.id ?? plan.behind);
  const next = planAfter(plan, some.length, behind, now);
  await moveSetting(services.env.DB, planKey(scenario), text, JSON.stringify(next));
}

function entryEvent(scenario: string, { id, cart, at }: Candidate, key: string, now: number): LedgerEvent {
  const about = cart === null ? {} : { cart: { id: cart, at } };
  return ownEvent(`enter.${scenario}.late`, "scenario.enter", now, id, { scenario, key, ...about });
}

/** When somebody is next let in late; null where nobody is. */
export async function nextLate(services: Services): Promise<number | null> {
  const times = (await openPlans(services)).map(({ plan }) => plan.nextAt);
  return times.length > 0 ? Math.min(...times) : null;
}
