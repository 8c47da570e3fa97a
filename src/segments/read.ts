import type { Collection } from "./collection";
import { loadedColumns } from "./collection";
import type { Read } from "./condition";

/** Everything of a collection that some contacts have. */
export function readOf(collection: Collection): Read {
  const { key, from, contact, where } = collection;
  const columns = Object.entries(loadedColumns(collection)).map(([name, sql]) => `${sql} AS "${name}"`);
  const and = where === undefined ? "" : ` AND ${where}`;
  return {
    key,
    sql: (_compilation, whose) =>
      `SELECT ${contact} AS contact, ${columns.join(", ")} FROM ${from} WHERE ${contact} ${whose}${and}`,
  };
}
