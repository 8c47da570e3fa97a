import { OPEN_CARTS } from "../commerce/cart";
import type { CatalogueChange } from "../commerce/change";
import { changesAfter, lastChange } from "../commerce/change-store";
import type { LedgerEvent } from "../events/event";
import { raiseSetting, readSetting } from "../platform/settings";
import type { Audience, Trigger } from "../scenarios/block";
import type { LiveScenario } from "../scenarios/live";
import { triggerOf } from "../scenarios/live";
import type { Services } from "../services";
import { DAY } from "../shared/clock";

type CatalogueTrigger = Extract<Trigger, { kind: "catalogue" }>;

interface Start {
  readonly scenario: LiveScenario;
  readonly trigger: CatalogueTrigger;
  /** The last change that was looked at. */
  readonly after: number;
}

const PAGE = 500;
/** What was seen longer ago is no news: a scenario that was paused, or a cron that stood still. */
const NEWS = DAY;

/** Rows of who cares, with `contact`, the time `at` of it, and the product; `n` is a change. */
const CARES: Readonly<Record<Audience, string>> = {
  wishlist:
    "SELECT w.contact, n.rank FROM news AS n JOIN wishlist_items AS w ON w.product_id = n.product " +
    "AND (w.variant_id IS NULL OR w.variant_id = n.sku) AND w.removed_at IS NULL " +
    "AND coalesce(w.added_at, w.updated_at) >= ?2 AND coalesce(w.expires_at, ?3) >= ?3 " +
    // Against the price of the day on which it was put there, where that is known.
    "AND (n.kind <> 'price_drop' OR w.price_at_add IS NULL OR w.price_at_add_currency IS NOT n.currency OR n.after < w.price_at_add)",
  cart:
    "SELECT k.contact, n.rank FROM carts AS k, json_each(k.lines) AS l JOIN news AS n ON n.product = l.value ->> 'product_id' " +
    "AND (n.sku = n.product OR l.value ->> 'sku' IS NULL OR l.value ->> 'sku' = n.sku) " +
    `WHERE k.state IN ${OPEN_CARTS} AND k.changed_at >= ?2 AND k.changed_at <= ?3`,
  viewed:
    "SELECT s.contact, n.rank FROM visits AS s, json_each(s.views) AS l JOIN news AS n ON n.product = l.value ->> 0 " +
    "WHERE s.ended_at >= ?2 AND s.ended_at <= ?3",
};

/** One row for each contact who stands for themselves, with the change that matters most to them. */
function audienceSql(audience: Audience): string {
  return (
    "WITH news AS (SELECT value ->> 0 AS rank, value ->> 1 AS product, value ->> 2 AS sku, value ->> 3 AS kind, " +
    "value ->> 4 AS after, value ->> 5 AS currency FROM json_each(?1) " +
    // What went off sale since is no news any more.
    "WHERE NOT EXISTS (SELECT 1 FROM products AS g WHERE g.product_id = value ->> 1 AND g.gone_at IS NOT NULL)), " +
    `cares AS (${CARES[audience]}) ` +
    "SELECT h.id AS contact, min(s.rank) AS rank FROM cares AS s JOIN contacts AS c ON c.id = s.contact " +
    "JOIN contacts AS h ON h.id = coalesce(c.merged_into, c.id) " +
    "WHERE h.status = 'verified' AND h.id > ?4 GROUP BY h.id ORDER BY h.id LIMIT ?5"
  );
}

/**
 * Lets in whoever cares for what has changed, for every active scenario that starts on it. Of several changes that
 * matter to one contact at a time the greatest counts. The place behind the changes moves when all are in: a crash
 * repeats entries, which have ids of their own and are known.
 */
export async function startOnChanges(services: Services): Promise<void> {
  const now = services.clock.now();
  for (const start of await starts(services)) {
    const changes = await changesAfter(services.env.DB, start.after, PAGE);
    const last = changes.at(-1);
    if (!last) continue;
    const wanted = changes.filter((change) => isWanted(change, start.trigger, now)).toSorted(byWeight);
    if (wanted.length > 0) await enterWhoCares(services, start, wanted, now);
    await raiseSetting(services.env.DB, keyOf(start.scenario.id), last.id).run();
  }
}

/** When changes wait that somebody may care for, seen later than `after`; null where none do. */
export async function nextStart(services: Services, after: number): Promise<number | null> {
  const waiting = await Promise.all(
    (await starts(services)).map(async (start) => (await changesAfter(services.env.DB, start.after, 1))[0]?.seen_at),
  );
  const times = waiting.filter((time) => time !== undefined && time > after) as number[];
  return times.length > 0 ? Math.min(...times) : null;
}

async function starts(services: Services): Promise<Start[]> {
  const { playbook } = await services.briefings.read();
  const found = playbook.live.flatMap((scenario) => {
    const trigger = triggerOf(scenario.definition);
    return scenario.state === "active" && trigger?.kind === "catalogue" ? [{ scenario, trigger }] : [];
  });
  return Promise.all(found.map(async (one) => ({ ...one, after: await placeOf(services, one.scenario.id) })));
}

function keyOf(scenario: string): string {
  return `catalogue:starts:${scenario}`;
}

/** Where a scenario stands; at its first look, at the changes since it was switched on. */
async function placeOf({ env }: Services, scenario: string): Promise<number> {
  const known = await readSetting(env.DB, keyOf(scenario));
  if (known !== null) return Number(known);
  const since = await env.DB.prepare("SELECT updated_at AS at FROM scenarios WHERE id = ?1")
    .bind(scenario)
    .first<{ at: number }>();
  const place = await lastChange(env.DB, since?.at ?? 0);
  await raiseSetting(env.DB, keyOf(scenario), place).run();
  return place;
}

function isWanted(
  { kind, before, after, currency, seen_at }: CatalogueChange,
  trigger: CatalogueTrigger,
  now: number,
): boolean {
  if (kind !== trigger.change || seen_at < now - NEWS) return false;
  return currency === null || Math.abs(before - after) * 100 >= before * trigger.leastPercent;
}

/** The greatest change first, by its share of what was; of stock, what is most plentiful comes back first. */
function byWeight(one: CatalogueChange, other: CatalogueChange): number {
  return weightOf(other) - weightOf(one) || one.id - other.id;
}

function weightOf({ before, after, currency }: CatalogueChange): number {
  return currency === null ? after : Math.abs(before - after) / Math.max(before, 1);
}

async function enterWhoCares(
  services: Services,
  { scenario, trigger }: Start,
  wanted: readonly CatalogueChange[],
  now: number,
): Promise<void> {
  const rows = wanted.map(({ product_id, sku, kind, after, currency }, rank) => [
    rank,
    product_id,
    sku,
    kind,
    after,
    currency,
  ]);
  const sql = audienceSql(trigger.audience);
  for (let behind = 0; ; ) {
    const { results } = await services.env.DB.prepare(sql)
      .bind(JSON.stringify(rows), now - trigger.withinMs, now, behind, PAGE)
      .all<{ contact: number; rank: number }>();
    const last = results.at(-1);
    if (!last) return;
    const events = results.flatMap(({ contact, rank }) => {
      const change = wanted[rank];
      return change ? [entryEvent(scenario.id, contact, change, now)] : [];
    });
    const { status } = await services.append({ receivedAt: now, events }, null);
    if (status !== "stored") throw new Error(`entries of ${scenario.id} were not taken: ${status}`);
    behind = last.contact;
  }
}

/** A product at a price level is entered for once; stock that comes back or runs low is news each time. */
function entryEvent(scenario: string, contact: number, change: CatalogueChange, now: number): LedgerEvent {
  const { id, kind, product_id: product, after, currency } = change;
  const key = `${kind}:${product}:${currency === null ? id : after}`;
  const properties = { scenario, key };
  return {
    id: `enter.${scenario}.change.${id}`,
    type: "internal",
    name: "scenario.enter",
    at: now,
    trust: "internal",
    contact,
    properties,
  };
}
