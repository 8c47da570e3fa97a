import type { CatalogueChange } from "../commerce/change";
import { decimalText } from "../shared/money";
import type { Run } from "./state";

/** What a run is told of a change that began it. */
export type ChangeTold = Pick<CatalogueChange, "id" | "kind" | "product_id" | "sku" | "before" | "after" | "currency">;

/** How somebody comes in on a change. A product at a price level is entered for once; stock is news each time. */
export function changeEntry(change: ChangeTold): {
  readonly key: string;
  readonly about: NonNullable<Run["about"]>;
} {
  const { id, kind, product_id: product, sku, after, currency } = change;
  const key = `${kind}:${product}:${currency === null ? id : after}`;
  return { key, about: { product_id: product, sku, kind, ...levelsOf(change) } };
}

/** What a run is told of: amounts in major units, as events state them. */
function levelsOf({ before, after, currency }: ChangeTold) {
  if (currency === null) return { stock: after };
  const major = (amount: number): number => Number(decimalText(amount, currency));
  return { price: major(after), price_before: major(before), currency };
}
