import type { Collection } from "./collection";
import { loadedColumns, tablesOf } from "./collection";
import type { Read } from "./condition";

/** Everything of a collection that some contacts have. */
export function readOf(collection: Collection): Read {
  const columns = Object.entries(loadedColumns(collection)).map(([name, sql]) => `${sql} AS "${name}"`);
  return {
    key: collection.key,
    own: collection.own ?? false,
    sql(_compilation, whose) {
      const { from, where } = tablesOf(collection, whose);
      return `SELECT ${collection.contact} AS contact, ${columns.join(", ")} FROM ${from} WHERE ${where}`;
    },
  };
}
