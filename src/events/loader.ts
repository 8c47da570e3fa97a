import type { BookCache } from "./book";
import type { Delivery } from "./event";
import type { Resolver } from "./fold";
import type { ContactRecord } from "./projection";

export interface LoaderPorts {
  /** The contacts behind identities; those that nobody has are left out. */
  readonly identities: (keys: readonly string[]) => Promise<ReadonlyMap<string, number>>;
  readonly records: (ids: readonly number[]) => Promise<readonly ContactRecord[]>;
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
        for (const key of resolver.keys(event)) {
          const known = this.cache.identities.get(key);
          if (known === undefined) keys.add(key);
          else ids.add(known);
        }
      }
    }
    if (keys.size > 0) {
      const found = await this.ports.identities([...keys]);
      for (const key of keys) {
        const contact = found.get(key) ?? 0;
        this.cache.identities.set(key, contact);
        ids.add(contact);
      }
    }
    ids.delete(0);
    await this.loadRecords(ids);
  }

  /** Loads contacts, and whoever took them over since. */
  private async loadRecords(wanted: ReadonlySet<number>): Promise<void> {
    for (let open: ReadonlySet<number> = wanted; open.size > 0; ) {
      const missing = [...open].filter((id) => !this.cache.records.has(id));
      if (missing.length > 0) {
        for (const record of await this.ports.records(missing)) this.cache.records.set(record.id, record);
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
