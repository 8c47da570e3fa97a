import { OWN_PREFIX } from "../../contacts/star/table";
import type { StoredTable } from "../../contacts/stored-table";
import type { Services } from "../../services";
import type { LiveFamily } from "../../services/segments/families";
import { readSnapshot } from "../../services/segments/families";
import { storedTables } from "../../services/stored-tables";
import type { Words } from "../../shared/language";
import { contacts } from "./contacts";
import type { ExportList } from "./list";
import { orderLines, orders } from "./orders";
import { products } from "./products";
import { coupons, loyalty } from "./rewards";
import { SEGMENT_LIST, segmentList } from "./segment";
import { stores } from "./stores";
import { canBeParted, starList, tableList } from "./table";

/** Lists that have the columns of an import. Adding one is a file here and a line. */
const LISTS = {
  contacts,
  orders,
  order_lines: orderLines,
  products,
  stores,
  loyalty,
  coupons,
} as const satisfies Record<string, ExportList>;

/** Tables that are the product's own and say nothing to anybody outside of it. */
const OWN = new Set([
  "settings",
  "cursor",
  "segment_progress",
  "segment_families",
  "import_lines",
  "erased_contacts",
  "provider_deletions",
]);

/** One thing to choose. */
export interface ExportChoice {
  readonly name: string;
  readonly title: Words;
  readonly isList: boolean;
}

/** The list behind a name, or null: one of those above, or of a segment's members, else a table of the star or of the shop, else one of the catalog. */
export async function findList(services: Services, name: string): Promise<ExportList | null> {
  if (Object.hasOwn(LISTS, name)) return LISTS[name as keyof typeof LISTS];
  if (name.startsWith(SEGMENT_LIST)) {
    const family = (await segments(services)).find(({ key }) => key === name.slice(SEGMENT_LIST.length));
    return family ? segmentList(family) : null;
  }
  const { DB } = services.env;
  const catalog = await storedTables(DB);
  const star = (await services.tables.read()).find(name);
  const physical = star?.name ?? name;
  const entry = Object.hasOwn(catalog, physical) ? catalog[physical] : undefined;
  if (!entry || !isExported(physical, entry)) return null;
  return star ? starList(DB, star, entry) : tableList(DB, physical, entry);
}

/** What can be exported, as somebody chooses it: lists that have the columns of an import, and tables. */
export async function exportChoices(services: Services): Promise<readonly ExportChoice[]> {
  const tables = await services.tables.read();
  const members = new Map((await segments(services)).map((family) => [SEGMENT_LIST + family.key, segmentList(family)]));
  return (await exportNames(services)).map((name) => {
    const list = Object.hasOwn(LISTS, name) ? LISTS[name as keyof typeof LISTS] : members.get(name);
    const title = (list ?? tables.find(name))?.title;
    return { name, title: title ?? { en: name, fr: name }, isList: list !== undefined };
  });
}

/** The names of everything that can be exported, lists first. */
export async function exportNames(services: Services): Promise<string[]> {
  const tables = Object.entries(await storedTables(services.env.DB));
  const names = tables.flatMap(([name, entry]) => (isExported(name, entry) ? [keyOf(name)] : []));
  const members = (await segments(services)).map(({ key }) => SEGMENT_LIST + key);
  return [...new Set([...Object.keys(LISTS), ...members, ...names])];
}

async function segments(services: Services): Promise<readonly LiveFamily[]> {
  return (await readSnapshot(services)).families;
}

/** What a shop calls its own tables. */
function keyOf(name: string): string {
  return name.startsWith(OWN_PREFIX) ? name.slice(OWN_PREFIX.length) : name;
}

function isExported(name: string, entry: StoredTable): boolean {
  return !OWN.has(name) && canBeParted(entry);
}
