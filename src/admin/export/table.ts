import type { Cell } from "../../contacts/star/column";
import { kindOf } from "../../contacts/star/column";
import type { StarTable } from "../../contacts/star/table";
import type { StoredTable } from "../../contacts/stored-table";
import { sparedWhere } from "../../contacts/stored-table";
import { contactId } from "../../shared/ids";
import { timeText } from "../api";
import { decimal } from "./amount";
import type { ExportList, Place } from "./list";
import { Bound, pageOf } from "./list";
import { ownedList } from "./owned";

/** A column of the database as it says itself. */
interface StoredColumn {
  readonly name: string;
  readonly type: string;
  /** Place in the primary key, from 1; 0 where it is none of it. */
  readonly pk: number;
}

type Row = Readonly<Record<string, Cell>>;

/** Columns that hold rows of contacts. */
const CONTACTS = new Set(["contact", "winner", "loser", "advocate", "friend", "redeemed_by", "merged_into"]);
/** Columns by which rows are dated, the first that a table has. */
const DATES = ["placed_at", "at", "created_at", "entered_at", "asked_at", "received_at", "updated_at"];

/** A column's name in the file: a contact goes by its public id. */
const shownName = (column: string): string => (column === "contact" ? "contact_id" : column);

/** A table of the catalog as it is stored, with contacts by their ids and times as texts; null where it cannot be parted. */
export async function tableList(db: D1Database, name: string, entry: StoredTable): Promise<ExportList | null> {
  if (!canBeParted(entry)) return null;
  const columns = await columnsOf(db, name);
  const date = DATES.find((one) => columns.some((column) => column.name === one));
  return {
    title: { en: entry.holds, fr: entry.holds },
    columns: columns.map((column) => shownName(column.name)),
    extra: [],
    filters: date === undefined ? [] : ["from", "to"],
    page: pagesOf(name, columns, entry, date, (row) =>
      Object.fromEntries(
        columns.map((column) => [shownName(column.name), shownCell(column, row[column.name] ?? null)]),
      ),
    ),
  };
}

/** A table of the star or of the shop's own, in the columns of its import: each row by its id and whose it is. */
export async function starList(db: D1Database, table: StarTable, entry: StoredTable): Promise<ExportList | null> {
  if (!canBeParted(entry)) return null;
  const isOwned = table.contact !== "none";
  const columns = [
    "id",
    ...(isOwned ? ["external_id", "email"] : []),
    ...Object.entries(table.columns).flatMap(([name, { type }]) =>
      type === "money" ? [name, `${name}_currency`] : [name],
    ),
    "updated_at",
  ];
  const show = (row: Row): Readonly<Record<string, unknown>> => starRow(table, row);
  const keys = table.unique === "contact" ? ["contact", "source_id"] : ["source_id"];
  const about = { title: table.title, columns, extra: [...(isOwned ? ["contact_id"] : []), "source"] };
  const stored = { table: table.name, keys, select: "t.*", date: "updated_at" };
  if (isOwned) return ownedList({ ...about, ...stored, contacts: ["contact"], show });
  const page = pagesOf(table.name, await columnsOf(db, table.name), entry, stored.date, show);
  return { ...about, filters: ["from", "to"], page };
}

function starRow(table: StarTable, row: Row): Readonly<Record<string, unknown>> {
  const { source_id: id, contact = null, source, updated_at: at } = row;
  const cells = Object.entries(table.columns).map(([name, { type }]) => [name, typedCell(name, type, row)] as const);
  const whose = contact === null ? null : contactId(Number(contact));
  // What is not named here stands in the file as it is stored: currencies of amounts.
  return { ...row, id, contact_id: whose, ...Object.fromEntries(cells), source, updated_at: timeText(Number(at)) };
}

/** Whether rows of somebody can be left out. */
export function canBeParted(entry: StoredTable): boolean {
  return sparedWhere(entry, "'[]'") !== null;
}

async function columnsOf(db: D1Database, name: string): Promise<StoredColumn[]> {
  const sql = "SELECT name, type, pk FROM pragma_table_info(?1)";
  return (await db.prepare(sql).bind(name).all<StoredColumn>()).results;
}

/** Pages of a table by its primary key. */
function pagesOf(
  name: string,
  columns: readonly StoredColumn[],
  entry: StoredTable,
  date: string | undefined,
  show: (row: Row) => Readonly<Record<string, unknown>>,
): ExportList["page"] {
  const inKey = columns.filter(({ pk }) => pk > 0).sort((one, other) => one.pk - other.pk);
  const keys = inKey.length > 0 ? inKey.map((column) => `"${column.name}"`) : ["rowid"];
  const places = keys.map((key, index) => `${key} AS _k${index}`);
  return async (db, after, wish, limit) => {
    const bound = new Bound();
    const spared = sparedWhere(entry, bound.put(JSON.stringify(wish.without))) ?? "false";
    const conditions = [bound.behind(keys, after), spared];
    if (date !== undefined) conditions.push(bound.within(`"${date}"`, wish));
    const sql =
      `SELECT *, ${places.join(", ")} FROM ${name} WHERE ${conditions.join(" AND ")} ` +
      `ORDER BY ${keys.join(", ")} LIMIT ${bound.put(limit)}`;
    const place = (row: Row): Place => keys.map((_, index) => row[`_k${index}`] ?? 0);
    return pageOf(await bound.all<Row>(db, sql), limit, place, (row) => [show(row)]);
  };
}

function shownCell({ name, type }: StoredColumn, cell: Cell): unknown {
  if (typeof cell !== "number" || type !== "INTEGER") return cell;
  if (CONTACTS.has(name)) return contactId(cell);
  return /(^|_)(at|until|from|to)$/.test(name) && Math.abs(cell) < 8.64e15 ? timeText(cell) : cell;
}

function typedCell(name: string, type: StarTable["columns"][string]["type"], row: Row): unknown {
  const kind = kindOf(type);
  const cells = kind.parts.map(({ suffix }) => row[name + suffix] ?? null);
  if (cells.every((cell) => cell === null)) return null;
  return type === "money" ? decimal(Number(cells[0]), String(cells[1])) : kind.show(cells);
}
