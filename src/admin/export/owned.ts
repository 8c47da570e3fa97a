import { erasedWith } from "../../contacts/stored-table";
import { headOf } from "../../contacts/wanted";
import type { Words } from "../../shared/language";
import type { ExportFilter, ExportList, Place } from "./list";
import { Bound, pageOf } from "./list";

/** Whoever stands by now for the contact of a row `t`, as `h`; empty where it is nobody's. */
const OWNER = `LEFT JOIN contacts c ON c.id = t.contact LEFT JOIN contacts h ON h.id = ${headOf("c")}`;

type Row = Readonly<Record<string, string | number | null>>;

/** A list of a table's rows with whose they are, by what their import calls them. */
interface OwnedList {
  readonly title: Words;
  readonly columns: readonly string[];
  readonly extra?: readonly string[];
  readonly table: string;
  /** Columns of the primary key. */
  readonly keys: readonly string[];
  /** What is read of the row `t` beside `external_id` and `email`. */
  readonly select: string;
  readonly join?: string;
  /** The column that dates a row. */
  readonly date: string;
  /** Columns that name contacts. */
  readonly contacts: readonly string[];
  readonly show: (row: Row) => Readonly<Record<string, unknown>>;
}

export function ownedList(of: OwnedList): ExportList {
  const keys = of.keys.map((key) => `t.${key}`);
  const places = keys.map((key, index) => `${key} AS _k${index}`);
  const filters: readonly (keyof ExportFilter)[] = ["from", "to"];
  return {
    title: of.title,
    columns: of.columns,
    extra: of.extra ?? [],
    filters,
    async page(db, after, wish, limit) {
      const bound = new Bound();
      const erased = erasedWith(bound.put(JSON.stringify(wish.without)));
      const named = of.contacts.map((column) => `t.${column} IN (${erased})`).join(" OR ");
      const conditions = [
        bound.behind(keys, after),
        bound.within(`t.${of.date}`, wish),
        // A row of nobody is spared too: there the condition is NULL.
        `(${named}) IS NOT TRUE`,
      ];
      const sql =
        `SELECT ${of.select}, h.external_id, h.email, ${places.join(", ")} FROM ${of.table} t ${of.join ?? ""} ${OWNER} ` +
        `WHERE ${conditions.join(" AND ")} ORDER BY ${keys.join(", ")} LIMIT ${bound.put(limit)}`;
      const { results } = await db
        .prepare(sql)
        .bind(...bound.values)
        .all<Row>();
      const place = (row: Row): Place => keys.map((_, index) => row[`_k${index}`] ?? 0);
      return pageOf(results, limit, place, (row) => [{ ...row, ...of.show(row) }]);
    },
  };
}
