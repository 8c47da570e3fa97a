import { erasedWith } from "../../contacts/stored-table";
import { headOf } from "../../contacts/wanted";
import type { Words } from "../../shared/language";
import type { ExportList, Place } from "./list";
import { Bound, pageOf } from "./list";

type Row = Readonly<Record<string, string | number | null>>;

/** A list of a table's rows with whose they are, by what their import calls them. */
interface OwnedList<Shown> {
  readonly title: Words;
  readonly columns: readonly string[];
  readonly extra?: readonly string[];
  readonly table: string;
  /** Columns of the primary key. */
  readonly keys: readonly string[];
  /** What is read of the row `t` beside `external_id` and `email`. */
  readonly select: string;
  readonly join?: string;
  /** The row that is somebody's and has a date: `t`, or one of the join. */
  readonly owned?: string;
  /** The column that dates a row. */
  readonly date: string;
  /** Columns that name contacts. */
  readonly contacts: readonly string[];
  /** What the column `status` may be, where there is one. */
  readonly statuses?: readonly string[];
  readonly show: (row: Shown) => Readonly<Record<string, unknown>>;
}

export function ownedList<Shown = Row>(of: OwnedList<Shown>): ExportList {
  const { title, columns, extra = [], statuses, owned = "t" } = of;
  const keys = of.keys.map((key) => `t.${key}`);
  const places = keys.map((key, index) => `${key} AS _k${index}`);
  // Whoever stands for the contact by now, as `h`; empty where it is nobody's.
  const owner = `LEFT JOIN contacts c ON c.id = ${owned}.contact LEFT JOIN contacts h ON h.id = ${headOf("c")}`;
  return {
    title,
    columns,
    extra,
    ...(statuses && { statuses }),
    filters: [...(statuses ? (["status"] as const) : []), "from", "to"],
    async page(db, after, wish, limit) {
      const bound = new Bound();
      const erased = erasedWith(bound.put(JSON.stringify(wish.without)));
      const named = of.contacts.map((column) => `${owned}.${column} IN (${erased})`).join(" OR ");
      const conditions = [
        bound.behind(keys, after),
        bound.within(`${owned}.${of.date}`, wish),
        wish.status === undefined ? "true" : `t.status = ${bound.put(wish.status)}`,
        // A row of nobody is spared too: there the condition is NULL.
        `(${named}) IS NOT TRUE`,
      ];
      const sql =
        `SELECT ${of.select}, h.external_id, h.email, ${places.join(", ")} FROM ${of.table} t ${of.join ?? ""} ${owner} ` +
        `WHERE ${conditions.join(" AND ")} ORDER BY ${keys.join(", ")} LIMIT ${bound.put(limit)}`;
      const place = (row: Row): Place => keys.map((_, index) => row[`_k${index}`] ?? 0);
      return pageOf(await bound.all<Row & Shown>(db, sql), limit, place, (row) => [{ ...row, ...of.show(row) }]);
    },
  };
}
