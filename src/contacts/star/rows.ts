import type { RowBuffer } from "../../events/projection";
import type { Cell } from "./column";
import type { StarTable } from "./table";

/** One row on its way to the database. */
export interface PutRow {
  readonly id: string;
  readonly contact: number | null;
  /** In the order of `physicalColumns`. */
  readonly cells: readonly Cell[];
  /** Who said so: a trust. */
  readonly source: string;
  /** Corrected time of who said so, epoch ms. A row is never undone by something older. */
  readonly at: number;
  /** False where empty cells leave what is there. */
  readonly whole: boolean;
}

/** Names of a table's statements beside its own, which states rows as a whole; they run in the order delete, whole, patch. */
export const deleteOf = (name: string): string => `${name}:delete`;
export const patchOf = (name: string): string => `${name}:patch`;
export const moveOf = (name: string): string => `${name}:move`;

/** Where a row's own cells begin: id, contact, source and time come first, so that a table can grow at its end. */
export const FIRST_CELL = 4;
const TIME = 3;

/**
 * Puts a row in the shape that its statements want. What a group says of one row comes to the same as if each word were
 * written by itself: the statements compare times with what is stored, this compares them within the group.
 */
export function putRow(rows: RowBuffer, table: StarTable, row: PutRow): void {
  const key = keyOf(row.contact, row.id);
  const whole = rows.at(table.name, key);
  if (whole && timeOf(whole) > row.at) return;
  const patches = patchesAt(rows, table, key);
  const put = [row.id, row.contact, row.source, row.at, ...row.cells];
  if (!row.whole) {
    rows.put(patchOf(table.name), `${key}|${patches.length}`, put);
    return;
  }
  if (patches.some((patch) => timeOf(patch) > row.at)) return;
  dropPatches(rows, table, key, patches.length);
  rows.put(table.name, key, put);
}

/** Takes a row out, unless something newer has been said of it. */
export function deleteRow(rows: RowBuffer, table: StarTable, contact: number | null, id: string, at: number): void {
  const key = keyOf(contact, id);
  const whole = rows.at(table.name, key);
  const patches = patchesAt(rows, table, key);
  if ([...(whole ? [whole] : []), ...patches].some((said) => timeOf(said) > at)) return;
  rows.drop(table.name, key);
  dropPatches(rows, table, key, patches.length);
  const before = rows.at(deleteOf(table.name), key);
  rows.put(deleteOf(table.name), key, [id, contact, "", Math.max(at, before ? timeOf(before) : at)]);
}

/** Hands a contact's rows over to another: those of the database, and those that are still to be written. */
export function moveRows(rows: RowBuffer, table: StarTable, from: number, to: number): void {
  rows.put(moveOf(table.name), from, [from, to]);
  for (const name of [deleteOf(table.name), table.name, patchOf(table.name)]) {
    for (const [key, [id, contact, ...rest]] of rows.tables.get(name) ?? []) {
      if (contact !== from) continue;
      rows.drop(name, key);
      const own = keyOf(to, String(id));
      const moved = name === patchOf(table.name) ? `${own}|${patchesAt(rows, table, own).length}` : own;
      const known = rows.at(name, moved);
      const row = [id, to, ...rest];
      if (!known || timeOf(known) <= timeOf(row)) rows.put(name, moved, row);
    }
  }
}

/** What is told of a row in parts, one after the other: each is compared with the one before it. */
function patchesAt(rows: RowBuffer, table: StarTable, key: string): (readonly unknown[])[] {
  const found: (readonly unknown[])[] = [];
  for (;;) {
    const next = rows.at(patchOf(table.name), `${key}|${found.length}`);
    if (!next) return found;
    found.push(next);
  }
}

function dropPatches(rows: RowBuffer, table: StarTable, key: string, count: number): void {
  for (let index = 0; index < count; index++) rows.drop(patchOf(table.name), `${key}|${index}`);
}

function timeOf(row: readonly unknown[]): number {
  return Number(row[TIME]);
}

function keyOf(contact: number | null, id: string): string {
  return `${contact ?? ""}|${id}`;
}
