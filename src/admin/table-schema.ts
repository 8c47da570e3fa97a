import * as z from "zod";
import { COLUMN_TYPES } from "../contacts/star/column";
import type { CustomTable } from "../contacts/star/custom-store";
import { tableKeyInput, tableOfDefinition } from "../contacts/star/definition";
import type { StarTable } from "../contacts/star/table";
import { FAMILIES, showValues, tableKey } from "../contacts/star/table";
import { contactId } from "../shared/ids";
import { time, timeText, words } from "./api";

const column = z.object({
  name: z.string(),
  type: z.enum(Object.keys(COLUMN_TYPES) as ["text"]),
  required: z.boolean(),
  indexed: z.boolean(),
});

/** The shape of a table. */
export const table = z
  .object({
    key: z.string(),
    custom: z.boolean().openapi({ description: "Defined by the shop." }),
    state: z.enum(["making", "ready", "dropping"]),
    title: words,
    description: z.string(),
    family: z.enum(FAMILIES),
    contact: z.enum(["required", "optional", "none"]).openapi({ description: "Whether a row is somebody's." }),
    unique: z.enum(["shop", "contact"]).openapi({ description: "Where the id of a row is the only one of its kind." }),
    columns: z.array(column),
    events: z.array(z.string()).openapi({ description: "Names of events that fill it, beside Row Upserted." }),
  })
  .openapi("Table");

export function showTable(of: StarTable, custom: CustomTable | null): z.output<typeof table> {
  const columns = Object.entries(of.columns).map(([name, { type, required = false, indexed = false }]) => {
    return { name, type: type as "text", required, indexed };
  });
  const { title, description, family, contact, unique } = of;
  const key = tableKey(of);
  const events = Object.keys(of.feeds);
  const state = custom?.state ?? "ready";
  return { key, custom: custom !== null, state, title, description, family, contact, unique, columns, events };
}

export function showCustomTable(custom: CustomTable): z.output<typeof table> {
  return showTable(tableOfDefinition(custom.definition), custom);
}

/** The key in a path: of any table, ours included. */
export const tablePath = z.object({ key: z.string().max(80).openapi({ example: "pets" }) });

export const customTablePath = z.object({ key: tableKeyInput.openapi({ example: "pets" }) });

/** A row as it is stored: whose it is, and its columns. */
export const row = z
  .looseObject({
    id: z.string(),
    contact_id: z.string().nullable(),
    source: z
      .string()
      .openapi({ description: "Who said so: write (a public key), token, secret, import or internal." }),
    updated_at: time,
  })
  .openapi("Row", { description: "The table's columns stand beside these." });

/** A row as it is read from the database, with the columns of its table. */
export interface StoredRow {
  readonly source_id: string;
  readonly contact?: number | null;
  readonly source: string;
  readonly updated_at: number;
  readonly [column: string]: string | number | null | undefined;
}

export function showRow(of: StarTable, stored: StoredRow): z.output<typeof row> {
  const { source_id: id, contact = null, source, updated_at: at } = stored;
  const values = showValues(of, stored as Readonly<Record<string, string | number | null>>);
  return { id, contact_id: contact === null ? null : contactId(contact), source, updated_at: timeText(at), ...values };
}

export const rowsInput = z
  .strictObject({ rows: z.array(z.record(z.string(), z.unknown())).min(1).max(500) })
  .openapi("Rows", {
    description:
      "Each row has an `id`, its table's columns, and whose it is: one of `contact_id`, `external_id`, `email`.",
    example: { rows: [{ id: "pet-1", external_id: "ann", name: "Milo", born: "2020-05-01" }] },
  });
