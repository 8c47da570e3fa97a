import type { Services } from "../../services";
import { contacts } from "./contacts";
import { coupons } from "./coupons";
import { events } from "./events";
import type { ImportKind } from "./kind";
import { loyalty } from "./loyalty";
import { orders } from "./orders";
import { products } from "./products";
import { stores } from "./stores";
import { tableRows } from "./table-rows";

/** Every kind of import by its name in `?kind=`. The one place to add one. */
export const IMPORT_KINDS = {
  contacts,
  orders,
  events,
  products,
  stores,
  loyalty,
  coupons,
} as const satisfies Record<string, ImportKind>;

/** The kind of that name, or undefined. */
export function importKind(name: string): ImportKind | undefined {
  return Object.hasOwn(IMPORT_KINDS, name) ? IMPORT_KINDS[name as keyof typeof IMPORT_KINDS] : undefined;
}

/** The kind of that name, the rows of a table among them; undefined for none. */
export async function importKindOf(
  { tables }: Pick<Services, "tables">,
  name: string,
): Promise<ImportKind | undefined> {
  const known = importKind(name);
  if (known) return known;
  const table = (await tables.read()).find(name);
  return table && tableRows(table);
}
