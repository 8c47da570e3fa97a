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

/** Names of a table's statements, in the order in which they run. */
export const patchOf = (name: string): string => `${name}:patch`;
export const deleteOf = (name: string): string => `${name}:delete`;
export const moveOf = (name: string): string => `${name}:move`;

/** Where a row's own cells begin: id, contact, source and time come first, so that a table can grow at its end. */
export const FIRST_CELL = 4;
const TIME = 3;

/**
 * Puts a row in the shape that its statements want. The times of a group's rows are compared here, as those of
 * different groups are in the database.
 */
export function putRow(rows: RowBuffer, table: StarTable, row: PutRow): void {
  const key = keyOf(row.contact, row.id);
  const patch = patchOf(table.name);
  const whole = rows.at(table.name, key);
  const patched = rows.at(patch, key);
  if (whole && timeOf(whole) > row.at) return;
  if (row.whole) {
    if (patched && timeOf(patched) > row.at) return;
    rows.drop(patch, key);
    rows.put(table.name, key, rowOf(row, row.cells));
    dropOlder(rows, deleteOf(table.name), key, row.at);
    return;
  }
  if (patched && timeOf(patched) > row.at) return;
  const cells = row.cells.map((cell, index) => cell ?? (patched?.[FIRST_CELL + index] as Cell | undefined) ?? null);
  rows.put(patch, key, rowOf(row, cells));
  dropOlder(rows, deleteOf(table.name), key, row.at);
}

/** Takes a row out, unless something newer has been said of it. */
export function deleteRow(rows: RowBuffer, table: StarTable, contact: number | null, id: string, at: number): void {
  const key = keyOf(contact, id);
  dropOlder(rows, table.name, key, at);
  dropOlder(rows, patchOf(table.name), key, at);
  rows.put(deleteOf(table.name), key, [id, contact, "", at]);
}

/** Hands a contact's rows over to another: those of the database, and those that are still to be written. */
export function moveRows(rows: RowBuffer, table: StarTable, from: number, to: number): void {
  rows.put(moveOf(table.name), from, [from, to]);
  for (const name of [table.name, patchOf(table.name), deleteOf(table.name)]) {
    for (const [key, row] of rows.tables.get(name) ?? []) {
      const [id, contact, ...rest] = row;
      if (contact !== from) continue;
      rows.drop(name, key);
      const known = rows.at(name, keyOf(to, String(id)));
      if (!known || timeOf(known) <= timeOf(row)) rows.put(name, keyOf(to, String(id)), [id, to, ...rest]);
    }
  }
}

function rowOf(row: PutRow, cells: readonly Cell[]): readonly unknown[] {
  return [row.id, row.contact, row.source, row.at, ...cells];
}

function timeOf(row: readonly unknown[]): number {
  return Number(row[TIME]);
}

function dropOlder(rows: RowBuffer, name: string, key: string, at: number): void {
  const known = rows.at(name, key);
  if (known && timeOf(known) <= at) rows.drop(name, key);
}

function keyOf(contact: number | null, id: string): string {
  return `${contact ?? ""}|${id}`;
}
