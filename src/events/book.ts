import type { ContactRecord, Projection } from "./projection";

/**
 * A map that forgets what was not used for long. Two maps that take turns: what is read moves to the young one, and
 * `trim` drops the old one once the young has filled up. Nothing is ever deleted singly, which in a large map costs more
 * than all else that an event does.
 */
class Generations<Key, Value> {
  private young = new Map<Key, Value>();
  private old = new Map<Key, Value>();

  /** @param limit entries of both generations, beside what one group brings */
  constructor(private readonly limit: number) {}

  get(key: Key): Value | undefined {
    const young = this.young.get(key);
    if (young !== undefined) return young;
    const old = this.old.get(key);
    if (old !== undefined) this.young.set(key, old);
    return old;
  }

  has(key: Key): boolean {
    return this.get(key) !== undefined;
  }

  set(key: Key, value: Value): void {
    this.young.set(key, value);
  }

  /** Everything; what is in both generations once, as it is now. */
  values(): Iterable<Value> {
    return new Map([...this.old, ...this.young]).values();
  }

  get size(): number {
    return new Set([...this.old.keys(), ...this.young.keys()]).size;
  }

  trim(): void {
    if (this.young.size <= this.limit / 2) return;
    this.old = this.young;
    this.young = new Map();
  }

  clear(): void {
    this.young = new Map();
    this.old = new Map();
  }
}

/**
 * Identities and contacts that the ledger has in memory. As the one writer it may keep them as long as it likes; those
 * that were not used for long are dropped so that the object stays within its memory. `0` marks an identity that is
 * known to be free, a negative number one that nobody may have: it was an erased contact's since then (epoch ms).
 */
export class BookCache {
  readonly identities: Generations<string, number>;
  readonly records: Generations<number, ContactRecord>;

  constructor(maxIdentities = 120_000, maxRecords = 40_000) {
    this.identities = new Generations(maxIdentities);
    this.records = new Generations(maxRecords);
  }

  /** Drops what is over the limits. Called between groups, never within one. */
  trim(): void {
    this.identities.trim();
    this.records.trim();
  }

  clear(): void {
    this.identities.clear();
    this.records.clear();
  }
}

/** One group's view: what it changes lies on top of the cache and reaches it only by `commit`. */
export class Book {
  private readonly identities = new Map<string, number>();
  private readonly records = new Map<number, ContactRecord>();

  constructor(
    private readonly cache: BookCache,
    private readonly projections: Readonly<Record<string, Projection<unknown>>>,
    /** False where nothing is ever taken back: contacts are changed where they lie. */
    private readonly copies = true,
  ) {}

  /** The contact behind an identity; undefined if none has it. The identity must have been loaded. */
  find(identity: string): number | undefined {
    const known = this.identities.get(identity) ?? this.cache.identities.get(identity) ?? 0;
    return known > 0 ? known : undefined;
  }

  /** Since when nobody may have an identity, epoch ms; null where it is free or somebody's. */
  barredSince(identity: string): number | null {
    const known = this.identities.get(identity) ?? this.cache.identities.get(identity) ?? 0;
    return known < 0 ? -known : null;
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
    const own = this.copies ? this.copyOf(known) : known;
    this.records.set(id, own);
    return own;
  }

  create(id: number): ContactRecord {
    const slices: Record<string, unknown> = {};
    for (const [key, part] of Object.entries(this.projections)) slices[key] = part.empty();
    const record: ContactRecord = { id, ring: "", seq: 0, seenAt: 0, slices };
    this.records.set(id, record);
    return record;
  }

  private copyOf(known: ContactRecord): ContactRecord {
    const slices: Record<string, unknown> = {};
    for (const [key, part] of Object.entries(this.projections)) slices[key] = part.copy(known.slices[key]);
    return { ...known, slices };
  }

  touched(): Iterable<ContactRecord> {
    return this.records.values();
  }

  /** Makes the group's changes the cache's. Only after the database took them. */
  commit(): void {
    for (const [identity, contact] of this.identities) this.cache.identities.set(identity, contact);
    for (const [id, record] of this.records) this.cache.records.set(id, record);
  }
}
