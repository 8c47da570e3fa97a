import type { Cell } from "../contacts/star/column";
import { deleteOf, FIRST_CELL, moveOf, patchOf } from "../contacts/star/rows";
import type { StarTable } from "../contacts/star/table";
import { physicalColumns } from "../contacts/star/table";
import type { RowBuffer } from "../events/projection";

/** A row of a table of the star as it is by now: its cells by column, and when it was told of last (epoch ms). */
export interface KeptRow {
  readonly at: number;
  readonly cells: Readonly<Record<string, Cell>>;
}

/** [id, contact, source, at, …cells], as `putRow` makes them. */
type Put = readonly [id: string, contact: number, source: string, at: number, ...cells: Cell[]];

/**
 * The rows of one table as a rehearsal's events make them, for a table whose rows hang on a contact each: what the
 * statements of the table do in the database.
 */
export class KeptRows {
  private readonly columns: readonly string[];
  private readonly byContact = new Map<number, Map<string, KeptRow>>();

  constructor(
    private readonly table: StarTable,
    private readonly changed: (contact: number, row: KeptRow) => void,
  ) {
    this.columns = physicalColumns(table).map(({ name }) => name);
  }

  /** Takes in what an event puts. */
  take({ tables }: Pick<RowBuffer, "tables">): void {
    const { name } = this.table;
    const puts = (of: string): Iterable<Put> => (tables.get(of)?.values() ?? []) as Iterable<unknown> as Iterable<Put>;
    for (const [from, to] of (tables.get(moveOf(name))?.values() ?? []) as Iterable<readonly number[]>)
      this.move(Number(from), Number(to));
    for (const [id, contact, , at] of puts(deleteOf(name))) {
      const own = this.byContact.get(contact);
      if ((own?.get(id)?.at ?? at + 1) <= at) own?.delete(id);
    }
    for (const put of puts(name)) this.put(put, true);
    for (const put of puts(patchOf(name))) this.put(put, false);
  }

  rowsOf(contact: number): Iterable<KeptRow> {
    return this.byContact.get(contact)?.values() ?? [];
  }

  private put(put: Put, isWhole: boolean): void {
    const [id, contact, , at] = put;
    const own = this.byContact.get(contact) ?? new Map<string, KeptRow>();
    const known = own.get(id);
    if (known && known.at > at) return;
    const before = isWhole ? undefined : known?.cells;
    const cells = this.columns.map((column, index) => {
      return [column, (put[FIRST_CELL + index] as Cell | undefined) ?? before?.[column] ?? null] as const;
    });
    const row = { at, cells: Object.fromEntries(cells) };
    this.byContact.set(contact, own.set(id, row));
    this.changed(contact, row);
  }

  /** What the other contact has under the same id stays as it is. */
  private move(from: number, to: number): void {
    const rows = this.byContact.get(from);
    if (!rows) return;
    const own = this.byContact.get(to) ?? new Map<string, KeptRow>();
    for (const [id, row] of rows) {
      if (own.has(id)) continue;
      own.set(id, row);
      rows.delete(id);
      this.changed(to, row);
    }
    this.byContact.set(to, own);
  }
}
