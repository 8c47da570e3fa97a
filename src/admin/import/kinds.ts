import type { Services } from "../../services";
import { contacts } from "./contacts";
import { coupons } from "./coupons";
import { events } from "./events";
import type { ImportKind } from "./kind";
import { loyalty } from "./loyalty";
import { orderLines } from "./order-lines";
import { orders } from "./orders";
import { products } from "./products";
import { stores } from "./stores";
import { tableRows } from "./table-rows";

/** Every kind of import by its name in `?kind=`. The one place to add one. */
export const IMPORT_KINDS = {
  contacts,
  orders,
  order_lines: orderLines,
  events,
  products,
  stores,
  loyalty,
  coupons,
} as const satisfies Record<string, ImportKind>;

/** The kind of that name, or undefined. */
function importKind(name: string): ImportKind | undefined {
  return Object.hasOwn(IMPORT_KINDS, name) ? IMPORT_KINDS[name as keyof typeof IMPORT_KINDS] : undefined;
}

/** The kind of an import that began: of rows of a table that went meanwhile, each line is refused. */
export async function kindOfImport(services: Pick<Services, "tables">, name: string): Promise<ImportKind> {
  return (await importKindOf(services, name)) ?? GONE;
}

const GONE: ImportKind = {
  title: { en: "Rows of a table that is gone", fr: "Lignes d’une table supprimée" },
  columns: [],
  formats: ["csv", "ndjson"],
  read: () => ({ ok: false, reason: "its table is not there any more" }),
  write: "events",
};

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
