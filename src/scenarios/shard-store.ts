import type { Happening } from "../events/projection";
import { jsonParts } from "../platform/d1";
import type { Bundle } from "./bundle";
import { bundleTexts, isEmptyBundle, readBundle, withoutContacts } from "./bundle";
import type { ContactState } from "./state";
import { originsOf } from "./state";

/** The form of the tables below. A later one migrates on waking. */
const SCHEMA_VERSION = 1;
const NOT_PARKED = "id NOT IN (SELECT contact FROM parked)";

export interface StoredContact {
  readonly seq: number;
  readonly due: number | null;
  readonly state: ContactState;
}

export interface ContactWrite {
  readonly contact: number;
  readonly seq: number;
  readonly due: number | null;
  readonly state: ContactState;
}

export interface ParkedWake {
  readonly contact: number;
  readonly seq: number;
  readonly happenings: readonly Happening[];
}

/** A shard's own tables in its object's SQLite. */
export class ShardStore {
  /** The highest number that the outbox has had in this object's life: none is given twice. */
  private lastOwed = 0;
  private brought: Map<number, readonly number[]> | null = null;

  constructor(private readonly storage: DurableObjectStorage) {}

  /** Brings the tables to the present form. */
  migrate(): void {
    const sql = this.storage.sql;
    sql.exec("CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID");
    const version = sql.exec<{ value: number }>("SELECT value FROM meta WHERE key = 'schema'").toArray()[0]?.value ?? 0;
    if (version > SCHEMA_VERSION) throw new Error(`the shard was written by a later release (schema ${version})`);
    if (version === SCHEMA_VERSION) {
      const { id } = sql.exec<{ id: number | null }>("SELECT max(id) AS id FROM outbox").one();
      this.lastOwed = Math.max(this.lastOwed, id ?? 0);
      return;
    }
    sql.exec("CREATE TABLE contact (id INTEGER PRIMARY KEY, seq INTEGER NOT NULL, due INTEGER, state TEXT NOT NULL)");
    sql.exec("CREATE INDEX contact_due ON contact (due) WHERE due IS NOT NULL");
    sql.exec("CREATE TABLE outbox (id INTEGER PRIMARY KEY, body TEXT NOT NULL)");
    sql.exec(
      "CREATE TABLE parked (contact INTEGER NOT NULL, seq INTEGER NOT NULL, body TEXT NOT NULL, " +
        "PRIMARY KEY (contact, seq)) WITHOUT ROWID",
    );
    sql.exec("INSERT OR REPLACE INTO meta (key, value) VALUES ('schema', ?)", SCHEMA_VERSION);
  }

  read(contacts: readonly number[]): Map<number, StoredContact> {
    const query = "SELECT id, seq, due, state FROM contact WHERE id IN (SELECT value FROM json_each(?))";
    const rows = this.storage.sql.exec<{ id: number; seq: number; due: number | null; state: string }>(
      query,
      JSON.stringify(contacts),
    );
    const found = new Map<number, StoredContact>();
    for (const { id, seq, due, state } of rows) found.set(id, { seq, due, state: JSON.parse(state) as ContactState });
    return found;
  }

  /**
   * The contacts whose runs and timers some of these hold since a merge: what becomes of them is decided by what is
   * known of whoever stands for those contacts now. Read once; who is listed for nothing only costs a look.
   */
  origins(contacts: readonly number[]): number[] {
    if (this.brought === null) {
      this.brought = new Map();
      const sql = "SELECT id, state FROM contact WHERE instr(state, '\"origin\":') > 0";
      for (const { id, state } of this.storage.sql.exec<{ id: number; state: string }>(sql)) {
        this.noteOrigins(id, JSON.parse(state) as ContactState);
      }
    }
    const { brought } = this;
    return brought.size === 0 ? [] : [...new Set(contacts.flatMap((contact) => brought.get(contact) ?? []))];
  }

  noteOrigins(contact: number, state: ContactState): void {
    const found = originsOf(state);
    if (found.length > 0) this.brought?.set(contact, found);
  }

  /** All of it or, where it throws, nothing. */
  transaction<T>(run: () => T): T {
    return this.storage.transactionSync(run);
  }

  /** Writes contacts and what they owe to D1, all or nothing. */
  commit(contacts: readonly ContactWrite[], bundle: Bundle | null, parked: readonly ParkedWake[]): void {
    this.transaction(() => {
      const sql = this.storage.sql;
      const rows = contacts.map(({ contact, seq, due, state }) => [contact, seq, due, JSON.stringify(state)]);
      for (const part of jsonParts(rows)) {
        sql.exec(
          "INSERT INTO contact (id, seq, due, state) SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 " +
            "FROM json_each(?) WHERE true ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, due = excluded.due, " +
            "state = excluded.state",
          part,
        );
      }
      for (const { contact, seq, happenings } of parked) {
        const body = JSON.stringify(happenings);
        sql.exec("INSERT OR IGNORE INTO parked (contact, seq, body) VALUES (?, ?, ?)", contact, seq, body);
      }
      for (const body of bundle ? bundleTexts(bundle) : []) {
        this.lastOwed++;
        sql.exec("INSERT INTO outbox (id, body) VALUES (?, ?)", this.lastOwed, body);
      }
    });
  }

  /** What is owed to D1, oldest first: bundles as JSON. */
  outbox(limit: number): { id: number; body: string }[] {
    const query = "SELECT id, body FROM outbox ORDER BY id LIMIT ?";
    return this.storage.sql.exec<{ id: number; body: string }>(query, limit).toArray();
  }

  /** How many rows are owed beyond a number. */
  owedBeyond(id: number): number {
    return this.storage.sql.exec<{ n: number }>("SELECT count(*) AS n FROM outbox WHERE id > ?", id).one().n;
  }

  settle(upTo: number): void {
    this.storage.sql.exec("DELETE FROM outbox WHERE id <= ?", upTo);
  }

  /** Contacts with something due, earliest first. A parked one waits for the sweep, or it would fill every page. */
  due(now: number, limit: number): number[] {
    const query = `SELECT id FROM contact WHERE due <= ? AND ${NOT_PARKED} ORDER BY due LIMIT ?`;
    return this.storage.sql
      .exec<{ id: number }>(query, now, limit)
      .toArray()
      .map(({ id }) => id);
  }

  earliestDue(): number | null {
    const query = `SELECT due FROM contact WHERE due IS NOT NULL AND ${NOT_PARKED} ORDER BY due LIMIT 1`;
    return this.storage.sql.exec<{ due: number }>(query).toArray()[0]?.due ?? null;
  }

  parked(): ParkedWake[] {
    const rows = this.storage.sql.exec<{ contact: number; seq: number; body: string }>(
      "SELECT contact, seq, body FROM parked ORDER BY seq",
    );
    return rows
      .toArray()
      .map(({ contact, seq, body }) => ({ contact, seq, happenings: JSON.parse(body) as Happening[] }));
  }

  parkedContacts(): Set<number> {
    const rows = this.storage.sql.exec<{ contact: number }>("SELECT DISTINCT contact FROM parked");
    return new Set(rows.toArray().map(({ contact }) => contact));
  }

  unpark(contacts: readonly number[]): void {
    this.storage.sql.exec(
      "DELETE FROM parked WHERE contact IN (SELECT value FROM json_each(?))",
      JSON.stringify(contacts),
    );
  }

  /** Removes contacts from every table; what is owed to D1 about others stays. */
  forget(contacts: readonly number[]): void {
    const among = JSON.stringify(contacts);
    const gone = new Set<unknown>(contacts);
    this.transaction(() => {
      const { sql } = this.storage;
      sql.exec("DELETE FROM contact WHERE id IN (SELECT value FROM json_each(?))", among);
      this.unpark(contacts);
      for (const { id, body } of this.outbox(Number.MAX_SAFE_INTEGER)) {
        const bundle = readBundle(body);
        const left = withoutContacts(bundle, gone);
        if (left === bundle) continue;
        if (isEmptyBundle(left)) sql.exec("DELETE FROM outbox WHERE id = ?", id);
        else sql.exec("UPDATE outbox SET body = ? WHERE id = ?", JSON.stringify(left), id);
      }
    });
  }

  /** Every row about contacts by table, as stored. */
  rowsOf(contacts: readonly number[]): Readonly<Record<string, readonly Record<string, SqlStorageValue>[]>> {
    const rows = (table: string, column: string) =>
      this.storage.sql
        .exec(`SELECT * FROM ${table} WHERE ${column} IN (SELECT value FROM json_each(?))`, JSON.stringify(contacts))
        .toArray();
    return { contact: rows("contact", "id"), parked: rows("parked", "contact") };
  }

  /** The states that speak of a scenario, one after the other. */
  *statesWith(scenario: string): Iterable<ContactState> {
    const rows = this.storage.sql.exec<{ state: string }>(
      "SELECT state FROM contact WHERE instr(state, ?) > 0",
      scenario,
    );
    for (const { state } of rows) yield JSON.parse(state) as ContactState;
  }

  /** Every contact, so that a change of scenarios can look at all due times again. */
  all(after: number, limit: number): number[] {
    const query = "SELECT id FROM contact WHERE id > ? ORDER BY id LIMIT ?";
    return this.storage.sql
      .exec<{ id: number }>(query, after, limit)
      .toArray()
      .map(({ id }) => id);
  }
}
