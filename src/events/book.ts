import type { ContactRecord, Projection } from "./projection";

/**
 * Identities and contacts that the ledger has in memory. As the one writer it may keep them as long as it likes;
 * the oldest are dropped so that the object stays within its memory. `0` marks an identity that is known to be free.
 */
export class BookCache {
  readonly identities = new Map<string, number>();
  readonly records = new Map<number, ContactRecord>();

  constructor(
    private readonly maxIdentities = 120_000,
    private readonly maxRecords = 40_000,
  ) {}

  /** Drops the oldest entries beyond the limits. Called between groups, never within one. */
  trim(): void {
    dropOldest(this.identities, this.maxIdentities);
    dropOldest(this.records, this.maxRecords);
  }

  clear(): void {
    this.identities.clear();
    this.records.clear();
  }
}

function dropOldest<Key>(map: Map<Key, unknown>, limit: number): void {
  if (map.size <= limit) return;
  // A tenth more than needed, so that the loop does not run for every group.
  let excess = map.size - Math.floor(limit * 0.9);
  for (const key of map.keys()) {
    if (excess-- <= 0) return;
    map.delete(key);
  }
}

/** One group's view: what it changes lies on top of the cache and reaches it only by `commit`. */
export class Book {
  private readonly identities = new Map<string, number>();
  private readonly records = new Map<number, ContactRecord>();

  constructor(
    private readonly cache: BookCache,
    private readonly projections: Readonly<Record<string, Projection<unknown>>>,
  ) {}

  /** The contact behind an identity; undefined if none has it. The identity must have been loaded. */
  find(identity: string): number | undefined {
    return this.identities.get(identity) ?? (this.cache.identities.get(identity) || undefined);
  }

  /** A contact to look at, without taking a copy. */
  peek(id: number): ContactRecord | undefined {
    return this.records.get(id) ?? this.cache.records.get(id);
  }

  link(identity: string, contact: number): void {
    this.identities.set(identity, contact);
  }

  /** A contact to change: a copy on first touch. The contact must have been loaded or created. */
  record(id: number): ContactRecord {
    const touched = this.records.get(id);
    if (touched) return touched;
    const known = this.cache.records.get(id);
    if (!known) throw new Error(`contact ${id} was not loaded`);
    const slices: Record<string, unknown> = {};
    for (const [key, part] of Object.entries(this.projections)) slices[key] = part.copy(known.slices[key]);
    const copy: ContactRecord = { ...known, slices };
    this.records.set(id, copy);
    return copy;
  }

  create(id: number): ContactRecord {
    const slices: Record<string, unknown> = {};
    for (const [key, part] of Object.entries(this.projections)) slices[key] = part.empty();
    const record: ContactRecord = { id, ring: "", seq: 0, seenAt: 0, slices };
    this.records.set(id, record);
    return record;
  }

  touched(): Iterable<ContactRecord> {
    return this.records.values();
  }

  /** Makes the group's changes the cache's. Only after the database took them. */
  commit(): void {
    for (const [identity, contact] of this.identities) {
      this.cache.identities.delete(identity);
      this.cache.identities.set(identity, contact);
    }
    for (const [id, record] of this.records) {
      // Deleting first moves the entry to the young end of the map.
      this.cache.records.delete(id);
      this.cache.records.set(id, record);
    }
  }
}
