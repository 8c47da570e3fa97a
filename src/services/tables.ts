import { starTable } from "../contacts/star";
import { readyTables } from "../contacts/star/custom-store";
import type { StarTable } from "../contacts/star/table";
import { revisionOf, selectSettings } from "./revision";

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
