import { jsonParts } from "../platform/d1";
import type { ScenarioDefinition } from "../scenarios/definition";
import { triggerOf } from "../scenarios/live";
import type { PastEvent } from "../scenarios/rehearsal";
import type { PastChange } from "../scenarios/rehearsal-caring";
import { productsOf } from "./shelves-of-past";

const SQL =
  "SELECT c.*, p.gone_at AS goneAt FROM json_each(?1) AS v JOIN catalogue_changes AS c ON c.product_id = v.value " +
  "LEFT JOIN products AS p ON p.product_id = c.product_id " +
  "WHERE c.kind IN (SELECT value FROM json_each(?2)) AND c.seen_at >= ?3 AND c.seen_at <= ?4";

/** What changed within a period (epoch ms) of products that the past speaks of, where scenarios start on such changes. */
export async function changesOfPast(
  db: D1Database,
  definitions: readonly ScenarioDefinition[],
  past: readonly PastEvent[],
  { from, to }: { readonly from: number; readonly to: number },
): Promise<readonly PastChange[]> {
  const kinds = definitions.flatMap((definition) => {
    const trigger = triggerOf(definition);
    return trigger?.kind === "catalogue" ? [trigger.change] : [];
  });
  if (kinds.length === 0) return [];
  const changes: PastChange[] = [];
  for (const part of jsonParts([...productsOf(past)])) {
    const { results } = await db.prepare(SQL).bind(part, JSON.stringify(kinds), from, to).all<PastChange>();
    for (const change of results) changes.push(change);
  }
  return changes;
}
