import * as z from "zod";
import type { Words } from "../../shared/language";
import { isTimezone } from "../../shared/wall-time";
import { currencyCode, words } from "../api";

const ours = z
  .string()
  .regex(/^\p{L}[\p{L}\p{N}_ .-]{0,79}$/u, "is not the name of a column: letters, digits, _ . - and spaces");
const theirs = z.string().min(1).max(200);
/** Names that reach a prototype. */
const POISON = new Set(["__proto__", "constructor", "prototype"]);

const MOST_COLUMNS = 300;
const columnName = ours.refine((name) => !POISON.has(name), "cannot be the name of a column");

/** A mapping as a shop states it, as a whole. */
export const mappingInput = z
  .strictObject({
    kind: z.string().min(1).max(80).optional().openapi({
      description: "The kind of import that it is for; without it, any. It only speaks of columns of that kind.",
    }),
    columns: z
      .record(columnName, z.union([theirs, z.array(theirs).min(1).max(5)]))
      .refine((columns) => Object.keys(columns).length > 0, "names no column")
      .refine((columns) => Object.keys(columns).length <= MOST_COLUMNS, `names more than ${MOST_COLUMNS} columns`)
      .openapi({
        description: "Our column to theirs, or to several of theirs, of which the first that is not empty counts.",
      }),
    timezone: z.string().max(60).refine(isTimezone, "is not a time zone as in Europe/Paris").optional().openapi({
      description: "Of times that name none; UTC without it.",
    }),
    dates: z
      .enum(["dmy", "mdy"])
      .optional()
      .openapi({
        description:
          "How dates are written that are not ISO 8601: `dmy` reads 03/04/2026 as 3 April, `mdy` as 4 March. Without it " +
          "such a line is refused.",
      }),
    currency: currencyCode.optional().openapi({ description: "Of lines that name none; the shop's own without it." }),
    decimal: z.enum([".", ","]).optional(),
    cancellation: z
      .strictObject({ column: theirs, prefix: z.string().min(1).max(20), as: z.enum(["ignore", "refund"]) })
      .optional()
      .openapi({ description: "Lines of orders that take an earlier order back: how they are known." }),
    values: z
      .record(columnName, z.record(z.string().max(200), z.string().max(200)))
      .optional()
      .openapi({ description: "Our word for theirs in a column of ours; theirs in small letters." }),
    others: z.enum(["keep", "leave_out"]).optional().openapi({
      description: "What becomes of columns that `columns` does not name; they are kept without it.",
    }),
    begins: theirs.optional().openapi({
      description: "A column of theirs: a row in which it is empty goes on with the row above, and is left out.",
    }),
    fill: z
      .strictObject({ by: theirs, columns: z.array(theirs).min(1).max(50) })
      .optional()
      .openapi({ description: "Columns that are taken from the row above where both have the same in `by`." }),
  })
  .openapi("MappingInput", {
    example: {
      columns: { order_id: "InvoiceNo", external_id: "CustomerID", placed_at: "InvoiceDate" },
      timezone: "Europe/London",
      dates: "dmy",
      currency: "GBP",
      decimal: ".",
      cancellation: { column: "InvoiceNo", prefix: "C", as: "ignore" },
    },
  });

export type MappingInput = z.output<typeof mappingInput>;

/** A mapping that the product brings, for the export files of a shop system. */
export interface ReadyMapping {
  readonly title: Words;
  readonly definition: MappingInput;
}

/** The name of a mapping. */
export const mappingName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,59}$/, "is not a name: up to 60 small letters, digits, _ and -")
  .openapi({ example: "till-2011" });

/** A mapping as answers show it. */
export const mappingShape = mappingInput
  .extend({
    name: z.string(),
    built_in: z.boolean().openapi({ description: "Brought by the product; it cannot be changed." }),
    title: words.nullable(),
    version: z.number().int().openapi({ description: "Also the ETag." }),
    updated_at: z.string().nullable(),
  })
  .openapi("Mapping");
