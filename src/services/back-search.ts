import { OPEN_CARTS } from "../commerce/cart";
import { startTarget } from "../scenarios/blocks/start-targeting";
import type { ScenarioDefinition } from "../scenarios/definition";
import { triggerOf } from "../scenarios/live";
import { cartKey, moveKey } from "../scenarios/stop";
import { targetSql } from "../segments/target";
import type { Services } from "../services";
import type { BackPlan, LateStep } from "./back-plan";

/** Contacts that are counted at a time. */
const PAGE = 2_000;

/** Somebody who was past the beginning of a scenario when it was switched on. */
interface Candidate {
  readonly id: number;
  /** When it began for them, epoch ms; null where they just fit. */
  readonly at: number | null;
  readonly cart: string | null;
}

/** How those are found that one kind of start lets in late: FROM and WHERE over contacts `c`. */
export interface Search {
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
export function searchOf(
  definition: ScenarioDefinition,
  { begunAt, within }: Pick<BackPlan, "begunAt" | "within">,
): Search | null {
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
      values: [begunAt - within, begunAt - trigger.durationMs],
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
    values: [family, to, begunAt - within, begunAt],
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

/** How many there are. */
export async function countFound(services: Services, found: Search): Promise<number> {
  let count = 0;
  for (let behind = 0; ; ) {
    const page = await search<{ id: number }>(services, found, { behind, limit: PAGE, columns: "c.id" });
    count += page.length;
    const last = page.at(-1);
    if (!last || page.length < PAGE) return count;
    behind = last.id;
  }
}

/** The next of them, `limit` at most. */
export async function nextFound(services: Services, found: Search, plan: BackPlan, limit: number): Promise<LateStep> {
  const columns = `c.id, ${found.at} AS at, ${found.cart} AS cart`;
  const some = await search<Candidate>(services, found, { behind: plan.behind, limit, columns });
  const entries = some.map((one) => {
    const cart = one.cart === null ? undefined : { id: one.cart, at: one.at ?? 0 };
    return { contact: one.id, key: found.keyOf(one), ...(cart && { cart }) };
  });
  const isOver = limit > 0 && some.length < limit;
  return { entries, reached: isOver ? { done: true } : { behind: some.at(-1)?.id ?? plan.behind } };
}
