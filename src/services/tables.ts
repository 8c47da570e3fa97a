import { STAR_TABLES, starTable } from "../contacts/star";
import { listCustomTables, readyTables } from "../contacts/star/custom-store";
import { tableOfDefinition } from "../contacts/star/definition";
import type { StarTable } from "../contacts/star/table";
import { revisionOf, selectSettings } from "./briefing";

/** The tables of the star and of the shop, as of one revision. */
export class TableCatalog {
  private revision = -1;
  private own: ReadonlyMap<string, StarTable> = new Map();

  constructor(private readonly db: D1Database) {}

  /** Reads the shop's own tables anew where anything has changed since. */
  async read(): Promise<this> {
    const { results } = await selectSettings(this.db).all();
    const revision = revisionOf(results);
    if (revision === this.revision) return this;
    this.own = await readyTables(this.db);
    this.revision = revision;
    return this;
  }

  find(key: string): StarTable | undefined {
    return starTable(key) ?? this.own.get(key);
  }
}

/** A table that holds rows of contacts, and the column that says whose they are. */
export interface ContactTable {
  readonly table: StarTable;
  readonly column: "contact";
}

/** Every star and custom table whose rows hang on a contact, those included that are being made or dropped. */
export async function contactTables(db: D1Database): Promise<ContactTable[]> {
  const own = (await listCustomTables(db)).filter(({ state }) => state !== "making");
  const all = [...Object.values<StarTable>(STAR_TABLES), ...own.map(({ definition }) => tableOfDefinition(definition))];
  return all.filter(({ contact }) => contact !== "none").map((table) => ({ table, column: "contact" }));
}
