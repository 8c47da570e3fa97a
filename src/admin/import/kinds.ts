import { contacts } from "./contacts";
import { events } from "./events";
import type { ImportKind } from "./kind";
import { orderLines } from "./order-lines";

/** Every kind of import by its name in `?kind=`. The one place to add one. */
export const IMPORT_KINDS = { contacts, events, order_lines: orderLines } as const satisfies Record<string, ImportKind>;

/** The kind of that name, or undefined. */
export function importKind(name: string): ImportKind | undefined {
  return Object.hasOwn(IMPORT_KINDS, name) ? IMPORT_KINDS[name as keyof typeof IMPORT_KINDS] : undefined;
}
