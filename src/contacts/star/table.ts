import type { Properties, Trust } from "../../events/event";
import type { FieldError } from "../../shared/fault";
import type { Words } from "../../shared/language";
import { jsonPointer } from "../../shared/pointer";
import type { Cell, ColumnType } from "./column";
import { kindOf } from "./column";

export const FAMILIES = ["interaction", "linked", "repository"] as const;

export interface Column {
  readonly type: ColumnType;
  readonly required?: boolean | undefined;
  readonly indexed?: boolean | undefined;
}

/** What a feed knows of its event beside the properties. */
export interface Told {
  readonly id: string;
  /** Corrected time, epoch ms. */
  readonly at: number;
  readonly trust: Trust;
}

/** What is stated of one row: raw values by column. */
export interface StatedRow {
  readonly id: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** True where columns that are left out are empty from now on, false where they stay as they are. */
  readonly whole: boolean;
}

/** How an event becomes a row. */
export interface Feed {
  /** Whose word is taken. Of anybody else the event is kept, and makes no row. */
  readonly from: "anyone" | "server";
  readonly read: (properties: Properties, told: Told) => StatedRow | null;
}

/** A table of the star: one of ours or one that a shop defines. */
export interface StarTable {
  /** Its name in the database. */
  readonly name: string;
  readonly title: Words;
  readonly description: string;
  readonly family: (typeof FAMILIES)[number];
  /** Whether a row hangs on a contact. */
  readonly contact: "required" | "optional" | "none";
  /** Where a row's id is the only one of its kind. */
  readonly unique: "shop" | "contact";
  readonly columns: Readonly<Record<string, Column>>;
  /** By lower-case event name. */
  readonly feeds: Readonly<Record<string, Feed>>;
  /** What a public key claims does not change what somebody better said. */
  readonly claims?: true;
  /** A public key's event is refused at the door, so that it is in no journal either. */
  readonly guarded?: true;
}

/** What a shop calls its own tables: their names in the database begin with this. */
export const OWN_PREFIX = "x_";

/** The key by which the API and events name a table. */
export function tableKey({ name }: Pick<StarTable, "name">): string {
  return name.startsWith(OWN_PREFIX) ? name.slice(OWN_PREFIX.length) : name;
}

/** The columns of the database behind those of a table, in order. */
export function physicalColumns(table: Pick<StarTable, "columns">): { readonly name: string; readonly sql: string }[] {
  return Object.entries(table.columns).flatMap(([name, { type }]) =>
    kindOf(type).parts.map(({ suffix, sql }) => ({ name: name + suffix, sql })),
  );
}

export interface ReadValues {
  /** In the order of `physicalColumns`. */
  readonly cells: readonly Cell[];
  readonly errors: readonly FieldError[];
}

/**
 * Checks stated values against a table's columns. `null` and what is left out are empty. Pointers begin at `base`.
 * `currency` is that of amounts which name none; null where each must name its own.
 */
export function readValues(
  table: Pick<StarTable, "columns">,
  values: Readonly<Record<string, unknown>>,
  currency: string | null,
  base: readonly PropertyKey[] = [],
): ReadValues {
  const errors: FieldError[] = [];
  const fault = (name: string, detail: string): number =>
    errors.push({ pointer: jsonPointer([...base, name]), detail });
  const cells = Object.entries(table.columns).flatMap(([name, { type, required }]): readonly Cell[] => {
    const kind = kindOf(type);
    const empty = kind.parts.map(() => null);
    const value = values[name];
    if (value === undefined || value === null) {
      if (required) fault(name, "is required");
      return empty;
    }
    const read = kind.read(value, currency);
    if (read === null) fault(name, `is not ${kind.wanted}`);
    return read ?? empty;
  });
  for (const name of Object.keys(values)) {
    if (!Object.hasOwn(table.columns, name)) fault(name, "is not a column of this table");
  }
  return { cells, errors };
}

/** The values of a row of the database as answers show them, by column. */
export function showValues(
  table: Pick<StarTable, "columns">,
  row: Readonly<Record<string, Cell>>,
): Record<string, unknown> {
  const shown = Object.entries(table.columns).map(([name, { type }]) => {
    const kind = kindOf(type);
    const cells = kind.parts.map(({ suffix }) => row[name + suffix] ?? null);
    return [name, cells.every((cell) => cell === null) ? null : kind.show(cells)] as const;
  });
  return Object.fromEntries(shown);
}

/** A short text out of a property, or null. */
export function plain(value: unknown): string | null {
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  return typeof value === "string" && value !== "" && value.length <= 500 ? value : null;
}
