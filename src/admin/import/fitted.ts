import type * as z from "zod";
import { pointersOf } from "../../shared/pointer";
import type { Cells } from "./cells";
import type { ImportItem, ReadLine } from "./kind";

/** The item that a schema makes of a line's cells, or the first place that does not fit. `known`: columns with a meaning. */
export function fitted<Schema extends z.ZodType, Item>(
  cells: Cells,
  schema: Schema,
  stated: Readonly<Record<string, unknown>>,
  made: (input: z.output<Schema>) => Item,
  known: readonly string[],
): ReadLine<Item> {
  cells.leaveOut(known);
  if (cells.fault !== null) return { ok: false, reason: cells.fault };
  const parsed = schema.safeParse(stated);
  if (parsed.success) return { ok: true, item: made(parsed.data), warnings: cells.warnings };
  const fault = pointersOf(parsed.error)[0];
  return { ok: false, reason: `${fault?.pointer.slice(1) ?? ""} ${fault?.detail ?? "does not fit"}`.trim() };
}

/** Of items about one thing the last: what a file says later of it counts. */
export function lastOfEach<Item>(
  items: readonly ImportItem<Item>[],
  keyOf: (item: Item) => string,
): readonly ImportItem<Item>[] {
  return [...new Map(items.map((one) => [keyOf(one.item), one])).values()];
}
