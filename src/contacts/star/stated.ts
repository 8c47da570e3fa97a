import type { LedgerEvent, Properties } from "../../events/event";
import { isFromServer } from "../../events/event";
import type { FieldError } from "../../shared/fault";
import { FEEDS } from ".";
import type { ReadValues, StarTable } from "./table";
import { plain, readValues } from "./table";

/** Events that state a row of any table by its columns; ours of the admin API with a dot. True where it deletes. */
export const ROW_EVENTS: Readonly<Record<string, boolean>> = {
  "row upserted": false,
  "row deleted": true,
  "row.upserted": false,
  "row.deleted": true,
};

/** The row that such an event is about. */
export interface Stated {
  readonly table: string;
  readonly id: string;
  readonly deletes: boolean;
  readonly whole: boolean;
}

/** An internal event states the row whole; a shop's event leaves what it does not name. */
export function readStated(event: Pick<LedgerEvent, "type" | "name" | "properties">): Stated {
  const { table, id } = event.properties ?? {};
  return {
    table: plain(table) ?? "",
    id: plain(id) ?? "",
    deletes: ROW_EVENTS[event.name.toLowerCase()] === true,
    whole: event.type === "internal",
  };
}

/** The cells of the row; columns stand beside `table` and `id`. */
export function statedRow(table: StarTable, stated: Stated, properties: Properties): ReadValues {
  const { table: _table, id: _id, currency, ...values } = properties;
  const own = table.columns["currency"] === undefined ? values : { ...values, currency };
  const read = readValues(table, own, plain(currency)?.toUpperCase() ?? null, ["properties"]);
  const isMissing = ({ pointer, detail }: FieldError): boolean =>
    detail === "is required" && !(pointer.replace("/properties/", "") in values);
  // What stays as it is need not be told again.
  return stated.whole ? read : { ...read, errors: read.errors.filter((error) => !isMissing(error)) };
}

/** Why an event is not taken at the door, or null. */
export type Refusal = FieldError & { readonly code?: "server-only-event" };

/** True for events whose check needs to know the shop's own tables. */
export function statesRow(name: string): boolean {
  return name.length < 16 && Object.hasOwn(ROW_EVENTS, name.toLowerCase());
}

/** Refuses of a public key what only the shop's server may tell, so that it is kept nowhere. */
export function refuseClaims(event: Pick<LedgerEvent, "name" | "trust">): Refusal | null {
  if (isFromServer(event as LedgerEvent)) return null;
  const fed = FEEDS.get(event.name.toLowerCase());
  if (!fed?.table.guarded && !statesRow(event.name)) return null;
  return { pointer: "/event", detail: "is taken from the shop's server only", code: "server-only-event" };
}

/** Checks an event that states a row; `tableOf` is undefined for what is no table. */
export function checkStated(event: LedgerEvent, tableOf: (key: string) => StarTable | undefined): Refusal | null {
  const stated = readStated(event);
  const table = tableOf(stated.table);
  if (!table) return { pointer: "/properties/table", detail: "is no table of this shop" };
  if (stated.id === "")
    return { pointer: "/properties/id", detail: "is missing: a row has an id of up to 500 characters" };
  if (stated.deletes) return null;
  return statedRow(table, stated, event.properties ?? {}).errors[0] ?? null;
}
