import type { ShelfHistory } from "../commerce/shelf-store";
import { readShelfHistory } from "../commerce/shelf-store";
import type { Act } from "../scenarios/block";
import { blockDefinition } from "../scenarios/blocks";
import type { ScenarioDefinition } from "../scenarios/definition";
import { answerLook, LOOK_UP } from "../scenarios/look-up";
import type { PastEvent } from "../scenarios/rehearsal";
import type { Row } from "../segments/facts";

/** What a rehearsal needs to know of prices and stock, where scenarios look at them. */
export async function shelvesOfPast(
  db: D1Database,
  definitions: readonly ScenarioDefinition[],
  past: readonly PastEvent[],
  rows: Iterable<Readonly<Record<string, readonly Row[]>>>,
): Promise<ShelfHistory | null> {
  const blocks = definitions.flatMap((definition) => Object.values(definition.blocks));
  const looks = blocks.some(({ type, params }) => blockDefinition(type)?.traits(params).looks);
  if (!looks) return null;
  const products = new Set<string>();
  const add = (id: unknown): unknown => (typeof id === "string" || typeof id === "number") && products.add(String(id));
  for (const { event } of past) {
    const { product_id: own, products: lines } = event.properties ?? {};
    add(own);
    for (const line of Array.isArray(lines) ? (lines as unknown[]) : []) {
      add((Object(line) as Readonly<Record<string, unknown>>)["product_id"]);
    }
  }
  for (const { wishlist_items: wished = [] } of rows) for (const { product } of wished) add(product);
  return readShelfHistory(db, [...products]);
}

/** What a look would have answered at a time (epoch ms), by what is known of then. */
export function answerOfPast(shelves: ShelfHistory, { kind, details }: Act, at: number): string | null {
  return kind === LOOK_UP ? answerLook(details, (product) => shelves(product, at)) : null;
}
