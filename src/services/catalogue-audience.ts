import { OPEN_CARTS } from "../commerce/cart";
import type { ChangeKind } from "../commerce/change";
import type { LedgerEvent } from "../events/event";
import { ownEvent } from "../events/event";
import type { Audience, Trigger } from "../scenarios/block";
import { changeEntry } from "../scenarios/change-entry";
import type { Services } from "../services";

export type CatalogueTrigger = Extract<Trigger, { kind: "catalogue" }>;

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

/** Somebody who cares, with the change that matters most to them. */
export interface Caring {
  readonly contact: number;
  readonly id: number;
  readonly kind: ChangeKind;
  readonly product: string;
  readonly sku: string;
  readonly before: number;
  readonly after: number;
  readonly currency: string | null;
}

/** What is looked at: changes behind `after` up to `upTo`, seen since `since`, and contacts behind `behind`. Times are epoch ms. */
export interface Asked {
  readonly after: number;
  readonly upTo: number;
  readonly since: number;
  readonly behind: number;
  readonly limit: number;
}

/** Who cares for changes, in the order of their rows, each with the one that matters most to them. */
export async function whoCares(
  { env }: Pick<Services, "env">,
  { change, leastPercent, withinMs, audience }: CatalogueTrigger,
  { after, upTo, since, behind, limit }: Asked,
  now: number,
): Promise<Caring[]> {
  const { results } = await env.DB.prepare(audienceSql(audience))
    .bind(after, upTo, change, since, leastPercent, now - withinMs, now, behind, limit)
    .all<Caring>();
  return results;
}

export function caringEvent(scenario: string, upTo: number, caring: Caring, now: number): LedgerEvent {
  const { key, about } = changeEntry({ ...caring, product_id: caring.product });
  return ownEvent(`enter.${scenario}.changes.${upTo}`, "scenario.enter", now, caring.contact, { scenario, key, about });
}
