import type { Properties } from "../../events/event";
import { isBehaviour, isFromServer } from "../../events/event";
import type { ApplyContext, Projection } from "../../events/projection";
import { FEEDS } from ".";
import { deleteRow, moveRows, putRow } from "./rows";
import type { StarSlice } from "./slice";
import { emptyStar } from "./slice";
import { ROW_EVENTS, readStated, statedRow } from "./stated";
import type { Feed, StarTable } from "./table";
import { physicalColumns, plain, readValues, showValues, tableKey } from "./table";
import { eachView, SILENCE, visitAfter } from "./visit";
import { visits } from "./visits";

/** The tables of the star and of the shop, as they are now. */
export interface Tables {
  readonly find: (key: string) => StarTable | undefined;
  /** Whether a row that no table takes is a fault, or of no interest. */
  readonly strict: boolean;
}

/** The open visit, and rows of the star's tables and of the shop's own, out of events. Nothing is loaded for them. */
export function starProjection(shopCurrency: string, tables: Tables): Projection<StarSlice> {
  return {
    empty: emptyStar,
    copy: (slice) => ({ ...slice, changed: false }),
    apply(slice, context) {
      const { event, record } = context;
      slice.contact = record.id;
      if (isBehaviour(event) && event.bot !== true) visit(slice, context);
      if (event.type === "internal") {
        if (Object.hasOwn(ROW_EVENTS, event.name)) takeStated(slice, context, tables);
        return;
      }
      if (event.type !== "track") return;
      const name = event.name.toLowerCase();
      const fed = FEEDS.get(name);
      if (fed) feed(slice, context, fed.table, fed.feed, shopCurrency);
      else if (Object.hasOwn(ROW_EVENTS, name) && isFromServer(event)) takeStated(slice, context, tables);
    },
    absorb(slice, visitor, context) {
      takeVisit(slice, visitor, context);
      for (const key of visitor.tables) {
        const table = tables.find(key);
        if (!table) continue;
        moveRows(context.rows, table, visitor.contact, context.record.id);
        holds(slice, table);
      }
      visitor.tables = [];
      visitor.visit = null;
      visitor.changed = true;
    },
  };
}

function visit(slice: StarSlice, context: ApplyContext): void {
  const { event } = context;
  const isOver = slice.visit !== null && event.at - slice.lastAt > SILENCE;
  if (isOver) close(slice, slice, context);
  // Of a visit that is over already.
  const isLate = slice.visit === null && slice.lastAt - event.at > SILENCE;
  const next = isLate ? null : visitAfter(slice.visit, event);
  if (next !== slice.visit) {
    slice.visit = next;
    slice.changed = true;
  }
  slice.lastAt = Math.max(slice.lastAt, event.at);
}

/** Makes a row of the open visit of `from`, which is over. */
function close(slice: StarSlice, from: StarSlice, context: ApplyContext): void {
  const over = from.visit;
  if (over === null) return;
  const views = over.views.length > 0 ? JSON.stringify(eachView(over.views)) : null;
  const cells = [over.channel, over.start, from.lastAt, over.pages, over.landing, null, views];
  const contact = context.record.id;
  putRow(context.rows, visits, { id: `${over.start}`, contact, cells, source: "visit", at: from.lastAt, whole: true });
  holds(slice, visits);
  from.visit = null;
  from.changed = true;
}

/** Of two open visits the later one goes on. */
function takeVisit(slice: StarSlice, visitor: StarSlice, context: ApplyContext): void {
  if (visitor.visit === null) return;
  if (slice.visit !== null && slice.lastAt > visitor.lastAt) {
    close(slice, visitor, context);
    return;
  }
  close(slice, slice, context);
  slice.visit = visitor.visit;
  slice.lastAt = visitor.lastAt;
  slice.changed = true;
}

function feed(slice: StarSlice, context: ApplyContext, table: StarTable, { from, read }: Feed, shop: string): void {
  const { event } = context;
  if ((from === "server" || table.guarded) && !isFromServer(event)) return;
  const properties = event.properties ?? {};
  const stated = read(properties, event);
  if (stated === null) return;
  const { cells, errors } = readValues(table, stated.values, currencyOf(properties, shop));
  // What a well-known event says beside the point costs the value, what it lacks costs the row.
  const lacks = errors.some(({ pointer }) => table.columns[pointer.slice(1)]?.required);
  if (lacks && stated.whole) return;
  put(slice, context, table, { id: stated.id, cells, whole: stated.whole });
}

function takeStated(slice: StarSlice, context: ApplyContext, tables: Tables): void {
  const { event } = context;
  const stated = readStated(event);
  const table = tables.find(stated.table);
  if (!table) {
    // The event is set aside with this reason, and can be replayed when the table is there.
    if (tables.strict) throw new Error(`there is no table ${stated.table}`);
    return;
  }
  if (stated.deletes) {
    deleteRow(context.rows, table, context.record.id, stated.id, event.at);
    return;
  }
  const row = statedRow(table, stated, event.properties ?? {});
  // Looked at before at the door: the table has changed since, or the event was imported.
  if (row.errors[0]) {
    if (!tables.strict) return;
    throw new Error(`${row.errors[0].pointer} ${row.errors[0].detail}`);
  }
  put(slice, context, table, { id: stated.id, cells: row.cells, whole: stated.whole });
}

function put(
  slice: StarSlice,
  context: ApplyContext,
  table: StarTable,
  row: Pick<Parameters<typeof putRow>[2], "id" | "cells" | "whole">,
): void {
  const { event, record, rows } = context;
  putRow(rows, table, { ...row, contact: record.id, source: event.trust, at: event.at });
  if (table.contact === "none") return;
  holds(slice, table);
  const told = Object.fromEntries(physicalColumns(table).map(({ name }, index) => [name, row.cells[index] ?? null]));
  context.happen({ type: "row", at: event.at, table: tableKey(table), id: row.id, values: showValues(table, told) });
}

function holds(slice: StarSlice, table: StarTable): void {
  const key = tableKey(table);
  if (slice.tables.includes(key)) return;
  slice.tables = [...slice.tables, key];
  slice.changed = true;
}

function currencyOf(properties: Properties, shop: string): string {
  const stated = plain(properties["currency"]);
  return stated !== null && /^[A-Za-z]{3}$/.test(stated) ? stated.toUpperCase() : shop;
}
