/** How rows are found that belong to contacts. */
export type Belonging =
  /** A column holds the contact's row. */
  | { readonly column: string }
  /** A condition on the table's rows; `?1` is a JSON array of rows of contacts. */
  | { readonly where: string }
  /** One row tells of many contacts. A text column of it may name them. */
  | { readonly mentions: string }
  /** As before, and rewritten by steps of its own rather than row by row. */
  | "many"
  /** Nobody. */
  | "none";

/** How long rows are kept: as long as their contact, for ever, or so many days from a time in a column (epoch ms). */
export type Keeping =
  | "contact"
  | "forever"
  | {
      readonly days: number;
      readonly from: string;
      /** Only rows for which this holds. */
      readonly where?: string;
      /** Rows go to the archive in R2 first, where they stay as long as their contact. */
      readonly archived?: true;
    };

/** What becomes of rows when their contact is erased. */
export type Fate =
  | "deleted"
  /** What concerns the contact is taken out of the row. */
  | "rewritten"
  /** Left as an empty row, so that its number is never used again. */
  | "emptied"
  /** Left as it is; `why` of the entry says by what right. */
  | "kept";

/** One table of the catalog: what the register says of it, and what erasure, access and retention do with it. */
export interface StoredTable {
  /** What it holds and why, for the register. */
  readonly holds: string;
  readonly why: string;
  readonly of: Belonging;
  readonly keep: Keeping;
  readonly fate: Fate;
  /** Rows that are another's and name the contact too: which, and what of them is then overwritten. */
  readonly besides?: { readonly where: string; readonly overwrite: string };
  /** Rows that stay without their person: what of them is then overwritten. */
  readonly unlinked?: string;
  /** Whom its content is handed to beside Cloudflare, who stores it. */
  readonly to: readonly string[];
}

/** Tables by name. Rows are deleted in this order: a table that is found through another stands before it. */
export type Catalog = Readonly<Record<string, StoredTable>>;

/** A table whose rows belong to one contact each and live as long as it: the usual case, and one line. */
export function perContact(holds: string, why: string, change: Partial<StoredTable> = {}): StoredTable {
  return { holds, why, of: { column: "contact" }, keep: "contact", fate: "deleted", to: [], ...change };
}

/** A table that says nothing of any person. */
export function impersonal(holds: string, why: string, keep: Keeping = "forever"): StoredTable {
  return { holds, why, of: "none", keep, fate: "kept", to: [] };
}

/** The condition under which a row belongs to contacts or names them beside another; null as for `belongsWhere`. */
export function concernsWhere(table: StoredTable): string | null {
  const where = belongsWhere(table);
  return where === null || !table.besides ? where : `${where} OR ${table.besides.where}`;
}

/** The condition under which a row may name contacts: `?1`, a JSON array of needles; null for tables found otherwise. */
export function mentionsWhere({ of }: StoredTable): string | null {
  if (typeof of === "string" || !("mentions" in of)) return null;
  return `EXISTS (SELECT 1 FROM json_each(?1) n WHERE instr(lower(${of.mentions}), n.value) > 0)`;
}

/** The condition under which a row belongs to contacts (`?1`, a JSON array); null for tables of none or many. */
export function belongsWhere({ of }: StoredTable): string | null {
  if (of === "many" || of === "none" || "mentions" in of) return null;
  return "where" in of ? of.where : `${of.column} IN (SELECT value FROM json_each(?1))`;
}

/**
 * The contacts whose erasure was accepted and is still under way: those that are emptied, and others that go with them;
 * `others` is an expression for a JSON array of these.
 */
export function erasedWith(others: string): string {
  return `SELECT contact FROM erased_contacts UNION SELECT value FROM json_each(${others})`;
}

/**
 * The condition under which a row is nobody's of `erasedWith`: what is done is gone. `true` for tables of nobody; null
 * where one row tells of many, so that no condition can leave one out.
 */
export function sparedWhere(table: StoredTable, others: string): string | null {
  if (table.of === "none") return "true";
  const where = concernsWhere(table);
  const erased = erasedWith(others);
  // A row of nobody in particular is spared too: there the condition is NULL.
  return where && `(${where.replaceAll("SELECT value FROM json_each(?1)", erased)}) IS NOT TRUE`;
}
