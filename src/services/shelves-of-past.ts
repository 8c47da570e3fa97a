import type { ShelfHistory } from "../commerce/shelf-store";
import { readShelfHistory } from "../commerce/shelf-store";
import { blockDefinition } from "../scenarios/blocks";
import type { ScenarioDefinition } from "../scenarios/definition";
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
  const products = productsOf(past);
  for (const { wishlist_items: wished = [] } of rows)
    for (const { product } of wished) if (typeof product === "string") products.add(product);
  return readShelfHistory(db, [...products]);
}

/** By what names events call products. */
const NAMES = ["product_id", "sku", "variant"] as const;

/** Whatever past events may call a product. */
export function productsOf(past: readonly PastEvent[]): Set<string> {
  const products = new Set<string>();
  for (const { event } of past) {
    const { products: lines, ...own } = event.properties ?? {};
    for (const one of [own, ...(Array.isArray(lines) ? (lines as unknown[]) : [])]) {
      const named = Object(one) as Readonly<Record<string, unknown>>;
      for (const name of NAMES) {
        const id = named[name];
        if (typeof id === "string" || typeof id === "number") products.add(String(id));
      }
    }
  }
  return products;
}
