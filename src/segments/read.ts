import type { Collection } from "./collection";
import { loadedColumns, tablesOf } from "./collection";
import type { Read } from "./condition";

/** Everything of a collection that some contacts have. */
export function readOf(collection: Collection): Read {
  return {
    key: collection.key,
    own: collection.own ?? false,
    sql(compilation, whose) {
      const all = Object.entries(loadedColumns(collection, compilation));
      const columns = all.map(([name, sql]) => `${sql} AS "${name}"`);
      const { from, where } = tablesOf(collection, whose);
      return `SELECT ${collection.contact} AS contact, ${columns.join(", ")} FROM ${from} WHERE ${where}`;
    },
  };
}
