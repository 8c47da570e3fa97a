import * as z from "zod";
import { STAR_TABLES } from ".";
import type { ColumnType } from "./column";
import { COLUMN_TYPES } from "./column";
import type { Column, StarTable } from "./table";
import { FAMILIES, OWN_PREFIX, physicalColumns } from "./table";

export const MOST_TABLES = 40;
export const MOST_COLUMNS = 40;
const MOST_INDEXES = 5;

/** Names that something of ours has, or may come to have. */
const RESERVED_TABLES = new Set([
  ...Object.keys(STAR_TABLES),
  ...(
    "contacts events orders order_lines carts products variants stores segments consents coupons offers loyalty " +
    "referrals badges sends campaigns scenarios contents imports settings tables"
  ).split(" "),
]);
/** What a row says beside its columns, and what the database keeps of it. */
const RESERVED_COLUMNS = new Set(
  (
    "id table currency contact contact_id external_id email anonymous_id " +
    "source source_id updated_at created_at rowid oid _rowid_"
  ).split(" "),
);

const name = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,39}$/, "is not a name: a small letter, then up to 39 small letters, digits or underscores");

/** The key of a table. */
export const tableKeyInput = name.refine((key) => !RESERVED_TABLES.has(key), "is a name that the product uses itself");

export const columnInput = z.strictObject({
  name: name.refine((column) => !RESERVED_COLUMNS.has(column), "is a name that every row uses itself"),
  type: z.enum(Object.keys(COLUMN_TYPES) as [ColumnType, ...ColumnType[]]),
  required: z.boolean().optional(),
  indexed: z.boolean().optional(),
});

/** A table as a shop defines it. */
export const definitionInput = z
  .strictObject({
    key: tableKeyInput,
    title: z.string().min(1).max(80),
    description: z.string().max(500).optional(),
    family: z.enum(FAMILIES),
    contact: z.enum(["required", "optional"]).optional(),
    columns: z.array(columnInput).min(1).max(MOST_COLUMNS),
  })
  .superRefine(({ family, contact, columns }, context) => {
    if (family === "repository" && contact !== undefined) {
      context.addIssue({ code: "custom", path: ["contact"], message: "is not for a repository: it hangs on nobody" });
    }
    if (family === "interaction" && contact === "optional") {
      context.addIssue({
        code: "custom",
        path: ["contact"],
        message: "is somebody's: an interaction needs its contact",
      });
    }
    const taken = new Set<string>();
    columns.forEach(({ name: column, type, indexed }, index) => {
      const parts = physicalColumns({ columns: { [column]: { type } } });
      if (parts.some((part) => taken.has(part.name))) {
        context.addIssue({
          code: "custom",
          path: ["columns", index, "name"],
          message: "is the name of another column",
        });
      }
      for (const part of parts) taken.add(part.name);
      if (indexed && type === "json") {
        context.addIssue({ code: "custom", path: ["columns", index, "indexed"], message: "is not for JSON" });
      }
    });
    if (columns.filter(({ indexed }) => indexed).length > MOST_INDEXES) {
      context.addIssue({ code: "custom", path: ["columns"], message: `has more than ${MOST_INDEXES} indexed ones` });
    }
  });

export type Definition = z.output<typeof definitionInput>;

/** The table behind a definition. */
export function tableOfDefinition(definition: Definition): StarTable {
  const { key, title, description = "", family, contact = "required", columns } = definition;
  return {
    name: OWN_PREFIX + key,
    title: { en: title, fr: title },
    description,
    family,
    contact: family === "repository" ? "none" : contact,
    unique: "shop",
    columns: Object.fromEntries(columns.map(({ name: column, ...rest }) => [column, rest satisfies Column] as const)),
    feeds: {},
  };
}
