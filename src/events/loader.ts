import type { BookCache } from "./book";
import type { Delivery } from "./event";
import type { Resolver } from "./fold";
import type { ContactRecord } from "./projection";

/** What one look into the database brought. */
export interface Found {
  readonly identities: ReadonlyMap<string, number>;
  readonly records: readonly ContactRecord[];
  /** Identities that were an erased contact's, with the time of the erasure. */
  readonly barred?: ReadonlyMap<string, number>;
}

export interface LoaderPorts {
  /** The contacts behind identities (those that nobody has are left out) with their records, and those of `ids`. */
  readonly lookUp: (keys: readonly string[], ids: readonly number[]) => Promise<Found>;
}

/** Fills the ledger's cache with what a group needs, so that folding it asks nobody anything. */
export class Loader {
  constructor(
    private readonly cache: BookCache,
    private readonly resolver: Resolver,
    private readonly ports: LoaderPorts,
  ) {}

  /** Loads every identity and contact that these events may touch. */
  async load(deliveries: readonly Delivery[]): Promise<void> {
    const { resolver } = this;
    const keys = new Set<string>();
    const ids = new Set<number>();
    for (const { events } of deliveries) {
      for (const event of events) {
        if (event.contact !== undefined) ids.add(event.contact);
        for (const other of resolver.others?.(event) ?? []) ids.add(other);
        for (const key of resolver.keys(event)) {
          const known = this.cache.identities.get(key);
          if (known === undefined) keys.add(key);
          else if (known > 0) ids.add(known);
        }
      }
    }
    const missing = [...ids].filter((id) => !this.cache.records.has(id));
    if (keys.size > 0 || missing.length > 0) {
      const { identities, records, barred } = await this.ports.lookUp([...keys], missing);
      for (const key of keys) {
        const contact = identities.get(key) ?? -(barred?.get(key) ?? 0);
        this.cache.identities.set(key, contact);
        if (contact > 0) ids.add(contact);
      }
      for (const record of records) if (!this.cache.records.has(record.id)) this.cache.records.set(record.id, record);
    }
    await this.loadRecords(ids);
  }

  /** Loads contacts, and whoever took them over since. */
  private async loadRecords(wanted: ReadonlySet<number>): Promise<void> {
    for (let open: ReadonlySet<number> = wanted; open.size > 0; ) {
      const missing = [...open].filter((id) => !this.cache.records.has(id));
      if (missing.length > 0) {
        const { records } = await this.ports.lookUp([], missing);
        for (const record of records) this.cache.records.set(record.id, record);
      }
      const next = new Set<number>();
      for (const id of open) {
        const record = this.cache.records.get(id);
        const into = record ? this.resolver.mergedInto(record) : null;
        if (into !== null) next.add(into);
      }
      open = next;
    }
  }
}
