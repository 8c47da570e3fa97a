import { OPEN_CARTS } from "../commerce/cart";
import type { ChangeKind } from "../commerce/change";
import { changesAfter, lastChange } from "../commerce/change-store";
import type { LedgerEvent } from "../events/event";
import { ownEvent } from "../events/event";
import { chooseOnce, moveSetting, readSetting } from "../platform/settings";
import type { Audience, Trigger } from "../scenarios/block";
import { changeEntry } from "../scenarios/change-entry";
import type { LiveScenario } from "../scenarios/live";
import { triggerOf } from "../scenarios/live";
import type { Services } from "../services";
import { DAY } from "../shared/clock";

type CatalogueTrigger = Extract<Trigger, { kind: "catalogue" }>;

/** Changes that are looked at together, up to the one with the id `upTo`, since `at`; contacts up to `behind` are in. */
interface Round {
  readonly upTo: number;
  readonly at: number;
  readonly behind: number;
}

/** Where a scenario stands: behind the change `after`, and in a round where one is under way. */
interface Place {
  readonly after: number;
  readonly round: Round | null;
}

interface Start {
  readonly scenario: LiveScenario;
  readonly trigger: CatalogueTrigger;
  readonly place: Place;
}

/** Contacts of one request to the ledger. */
const PAGE = 500;
/** What was seen longer ago is no news: a scenario that was paused, or a cron that stood still. */
const NEWS = DAY;

/** Rows of who cares, with `contact` and the change's `rank`; `n` is a change. */
const CARES: Readonly<Record<Audience, string>> = {
  wishlist:
    "SELECT w.contact, n.rank FROM news AS n JOIN wishlist_items AS w ON w.product_id = n.product " +
    "AND (w.variant_id IS NULL OR w.variant_id = n.sku) AND w.removed_at IS NULL " +
    "AND coalesce(w.added_at, w.updated_at) >= ?6 AND coalesce(w.expires_at, ?7) >= ?7 " +
    // Against the price of the day on which it was put there, where that is known.
    "AND (n.kind <> 'price_drop' OR w.price_at_add IS NULL OR w.price_at_add_currency IS NOT n.currency OR n.after < w.price_at_add)",
  cart:
    "SELECT k.contact, n.rank FROM carts AS k, json_each(k.lines) AS l JOIN news AS n ON n.product = l.value ->> 'product_id' " +
    "AND (n.sku = n.product OR l.value ->> 'sku' IS NULL OR l.value ->> 'sku' = n.sku) " +
    `WHERE k.state IN ${OPEN_CARTS} AND k.changed_at >= ?6 AND k.changed_at <= ?7`,
  viewed:
    "SELECT s.contact, n.rank FROM visits AS s, json_each(s.views) AS l JOIN news AS n ON n.product = l.value ->> 0 " +
    "WHERE s.ended_at >= ?6 AND s.ended_at <= ?7",
};

/**
 * Changes behind ?1 up to ?2 of the kind ?3 that are news since ?4 and of at least ?5 percent, the greatest first: by its
 * share of what was; of stock, what is most plentiful.
 */
const NEWS_SQL =
  "SELECT row_number() OVER (ORDER BY CASE WHEN currency IS NULL THEN after " +
  "ELSE abs(before - after) * 1.0 / max(before, 1) END DESC, id) AS rank, " +
  "product_id AS product, sku, kind, before, after, currency, id FROM catalogue_changes WHERE id > ?1 AND id <= ?2 " +
  "AND kind = ?3 AND seen_at >= ?4 AND (currency IS NULL OR abs(before - after) * 100 >= before * ?5) " +
  // What went off sale since is no news any more.
  "AND NOT EXISTS (SELECT 1 FROM products AS g WHERE g.product_id = catalogue_changes.product_id AND g.gone_at IS NOT NULL)";

/** One row for each contact who stands for themselves, with the change that matters most to them. */
function audienceSql(audience: Audience): string {
  return (
    `WITH news AS MATERIALIZED (${NEWS_SQL}), cares AS (${CARES[audience]}), ` +
    "caring AS (SELECT h.id AS contact, min(s.rank) AS rank FROM cares AS s JOIN contacts AS c ON c.id = s.contact " +
    "JOIN contacts AS h ON h.id = coalesce(c.merged_into, c.id) " +
    "WHERE h.status = 'verified' AND h.id > ?8 GROUP BY h.id ORDER BY h.id LIMIT ?9) " +
    "SELECT s.contact, n.kind, n.product, n.sku, n.before, n.after, n.currency, n.id FROM caring AS s JOIN news AS n ON n.rank = s.rank " +
    "ORDER BY s.contact"
  );
}

/**
 * Lets in whoever cares for what has changed, for every active scenario that starts on it. Of all changes since the last
 * round the greatest counts for a contact. What a round looks at is stored before anybody is let in, and a contact comes
 * in once for a round, so that whoever dies on the way repeats nothing, whatever has changed since.
 */
export async function startOnChanges(services: Services): Promise<void> {
  for (const start of await starts(services)) await playRound(services, start);
}

async function playRound(services: Services, start: Start): Promise<void> {
  const { DB } = services.env;
  const now = services.clock.now();
  const { id } = start.scenario;
  const { after } = start.place;
  let place = start.place;
  // Whoever finds the place moved by another leaves the rest to them.
  const moveTo = async (next: Place): Promise<boolean> => {
    const moved = await movePlace(DB, id, place, next);
    place = next;
    return moved;
  };
  if (place.round === null) {
    const upTo = await lastChange(DB, Number.MAX_SAFE_INTEGER);
    if (upTo <= after || !(await moveTo({ after, round: { upTo, at: now, behind: 0 } }))) return;
  }
  const { round } = place;
  if (!round) return;
  for (let { behind } = round; round.at > now - NEWS; ) {
    const page = await whoCares(services, start, { ...round, behind }, now);
    const last = page.at(-1);
    if (!last) break;
    const events = page.map((one) => entryEvent(id, round, one, now));
    const { status } = await services.append({ receivedAt: now, events }, null);
    if (status !== "stored") throw new Error(`entries of ${id} were not taken: ${status}`);
    behind = last.contact;
    if (!(await moveTo({ after, round: { ...round, behind } }))) return;
  }
  await moveTo({ after: round.upTo, round: null });
}

/** When changes wait that somebody may care for, seen later than `after`; null where none do. */
export async function nextStart(services: Services, after: number): Promise<number | null> {
  const waiting = await Promise.all(
    (await starts(services)).map(
      async (start) => (await changesAfter(services.env.DB, start.place.after, 1))[0]?.seen_at,
    ),
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
  return Promise.all(found.map(async (one) => ({ ...one, place: await placeOf(services, one.scenario.id) })));
}

function keyOf(scenario: string): string {
  return `catalogue:starts:${scenario}`;
}

/** Where a scenario stands; at its first look, at the changes since it was switched on. */
async function placeOf({ env }: Services, scenario: string): Promise<Place> {
  const stored = await readSetting(env.DB, keyOf(scenario));
  if (stored !== null) return readPlace(stored);
  const since = await env.DB.prepare("SELECT updated_at AS at FROM scenarios WHERE id = ?1")
    .bind(scenario)
    .first<{ at: number }>();
  const first = { after: await lastChange(env.DB, since?.at ?? 0), round: null };
  return readPlace(await chooseOnce(env.DB, keyOf(scenario), placeText(first)));
}

function placeText({ after, round }: Place): string {
  return round === null ? String(after) : [after, round.upTo, round.at, round.behind].join(":");
}

function readPlace(text: string): Place {
  const [after = 0, upTo, at = 0, behind = 0] = text.split(":").map(Number);
  return { after, round: upTo === undefined ? null : { upTo, at, behind } };
}

/** @returns false where the scenario does not stand at `from` any more */
function movePlace(db: D1Database, scenario: string, from: Place, to: Place): Promise<boolean> {
  return moveSetting(db, keyOf(scenario), placeText(from), placeText(to));
}

/** Somebody who cares, with the change that matters most to them. */
interface Caring {
  readonly contact: number;
  readonly id: number;
  readonly kind: ChangeKind;
  readonly product: string;
  readonly sku: string;
  readonly before: number;
  readonly after: number;
  readonly currency: string | null;
}

async function whoCares(services: Services, start: Start, round: Round, now: number): Promise<Caring[]> {
  const { trigger, place } = start;
  const { change, leastPercent, withinMs, audience } = trigger;
  const { results } = await services.env.DB.prepare(audienceSql(audience))
    .bind(place.after, round.upTo, change, round.at - NEWS, leastPercent, now - withinMs, now, round.behind, PAGE)
    .all<Caring>();
  return results;
}

function entryEvent(scenario: string, { upTo }: Round, caring: Caring, now: number): LedgerEvent {
  const { key, about } = changeEntry({ ...caring, product_id: caring.product });
  return ownEvent(`enter.${scenario}.changes.${upTo}`, "scenario.enter", now, caring.contact, { scenario, key, about });
}
