// People with a mark in every text that is stored of them, and a look at everything that is stored.

import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { findCustomTable, noteTable } from "../../src/contacts/star/custom-store";
import type { Definition } from "../../src/contacts/star/definition";
import type { LedgerEvent } from "../../src/events/event";
import { emptyBundle } from "../../src/scenarios/bundle";
import type { ShardStore } from "../../src/scenarios/shard-store";
import { servicesOf } from "../../src/services";
import { ARCHIVE_PREFIX, archiveKey, readArchive, writeArchive } from "../../src/services/archive";
import type { Env } from "../../src/services/env";
import { SHARD_TABLES, storedTables } from "../../src/services/stored-tables";
import { subscriberOf } from "../../src/services/subscriber";
import { finishTable } from "../../src/services/table-work";
import { contactId, shardOf } from "../../src/shared/ids";

export const bindings = env as unknown as Env;
export const services = servicesOf(bindings);
const { DB, ARCHIVE } = bindings;

/** Tables that D1 and SQLite keep for themselves. */
export const OWN = "name NOT LIKE 'sqlite_%' AND name NOT LIKE '_cf_%' AND name <> 'd1_migrations'";

export interface Column {
  readonly name: string;
  readonly type: string;
  readonly pk: number;
}

export async function tablesOf(): Promise<string[]> {
  const sql = `SELECT name FROM sqlite_master WHERE type = 'table' AND ${OWN} ORDER BY name`;
  return (await DB.prepare(sql).all<{ name: string }>()).results.map(({ name }) => name);
}

export async function columnsOf(table: string): Promise<Column[]> {
  const sql = "SELECT name, type, pk FROM pragma_table_info(?1)";
  return (await DB.prepare(sql).bind(table).all<Column>()).results;
}

/** Hands in events; throws where they are not stored. */
export async function give(...events: LedgerEvent[]): Promise<void> {
  const { status } = await services.append({ receivedAt: Date.now(), events }, null);
  if (status !== "stored") throw new Error(status);
}

/** The row of whoever has an identity. */
export async function rowOf(identity: string): Promise<number | null> {
  const sql = "SELECT contact FROM identities WHERE identity = ?1";
  return (await DB.prepare(sql).bind(identity).first<number>("contact")) ?? null;
}

let numbers = 0;

/** A person who browsed, signed in and bought; every text of theirs holds `mark`, and so does every column of a row. */
export async function person(mark: string): Promise<number> {
  const number = ++numbers;
  const at = Date.now() - 60_000;
  const [user, anon, email] = [`user-${mark}`, `anon-${mark}`, `${mark}@x.test`];
  const base = { at, trust: "secret" as const, user, anon };
  const track = { ...base, type: "track" as const };
  const line = { product_id: mark, name: mark, price: 10, quantity: 1 };
  await give(
    { ...track, id: `${mark}-0`, trust: "write", name: "Product Viewed", properties: { name: mark }, origin: mark },
    { ...base, id: `${mark}-1`, type: "identify", name: "", traits: traits(mark, email, number) },
    { ...track, id: `${mark}-2`, name: "Product Added", properties: { ...line, cart_id: mark } },
    { ...track, id: `${mark}-3`, name: "Order Completed", properties: { order_id: mark, total: 10, products: [line] } },
    { ...track, id: `${mark}-4`, trust: "write", name: mark, properties: { deep: [{ note: mark }] } },
    subscribed(mark, email, at),
  );
  const contact = await rowOf(`u:${user}`);
  if (contact === null) throw new Error(`nobody is ${user}`);
  await definePets();
  await markRows(contact, mark);
  await markBodies(contact, mark);
  await markShard(contact, mark);
  await markArchive(contact, mark);
  return contact;
}

/** What somebody typed in a form about the person's address. */
function subscribed(mark: string, email: string, at: number): LedgerEvent {
  const properties = { address: email, channel: "email", consents: ["email"], first_name: mark, source: mark };
  const by = { type: "internal", name: "subscription.requested", trust: "write", anon: subscriber(email) } as const;
  return { ...by, id: `${mark}-5`, at, agent: mark, form: mark, properties };
}

/** The browser id that stands for the subscriber of an address. */
export function subscriber(email: string): string {
  return subscriberOf(email, services.config.LINK_SECRET);
}

function traits(mark: string, email: string, number: number): Record<string, unknown> {
  const phone = `+3361234${String(number).padStart(4, "0")}`;
  const consent = { email: true, tracking: true };
  const proof = { consent_wording: mark, consent_source: mark };
  return { email, phone, first_name: mark, last_name: mark, civility: mark, note: mark, consent, ...proof };
}

/** Contacts that a table names beside or instead of `contact`: a row is seeded with the person in each of their places. */
const SIDES: Readonly<Record<string, readonly string[]>> = {
  attributions: ["contact", "sender"],
  merges: ["winner", "loser"],
  referrals: ["advocate", "friend"],
  coupons: ["contact", "redeemed_by"],
};

/** Words and ids of ours, not the person's: what a provider is asked to delete is kept by them. */
function ownWord(table: string, column: string, contact: number): string | null | undefined {
  if (table === "sends" && column === "channel") return "email";
  if (table === "sends" && column === "provider_id") return `provider-${contact}`;
  if (table === "merges" && column === "step") return "done";
  return table === "merges" && column === "undone_at" ? null : undefined;
}

/** One row more in every table that belongs to contacts, marked in every column of text. */
async function markRows(contact: number, mark: string): Promise<void> {
  for (const [name, table] of Object.entries(await storedTables(DB))) {
    if (table.fate !== "deleted" || name === "erased_contacts") continue;
    const column = typeof table.of === "object" && "column" in table.of ? table.of.column : null;
    if (column === null && !(typeof table.of === "object" && "where" in table.of)) continue;
    const columns = await columnsOf(name);
    const sides = SIDES[name] ?? [column ?? "contact"];
    for (const side of sides) await markRow(name, columns, side, sides, contact, mark);
  }
  // What is found through another table needs the other's key.
  await DB.prepare("UPDATE order_lines SET order_id = ?1 WHERE contact = ?2 AND order_id LIKE '%order_lines%'")
    .bind(JSON.stringify(`${mark} orders.order_id contact`), contact)
    .run();
  // A code that is another's, which the person redeemed.
  await DB.prepare("UPDATE coupons SET code = ?2, offer = 'offer', occasion = '' WHERE redeemed_by = ?1")
    .bind(contact, `code-${contact}`)
    .run();
  const plain = ["claimed_email", "language", "country", "timezone", "birth_date"].map((key) => `${key} = ?1`);
  await DB.prepare(`UPDATE contacts SET ${plain.join(", ")} WHERE id = ?2`)
    .bind(mark, contact)
    .run();
  await DB.prepare("UPDATE contacts SET delivery = ?1 WHERE id = ?2")
    .bind(JSON.stringify({ channels: { email: { to: `${mark}@x.test` } } }), contact)
    .run();
}

async function markRow(
  name: string,
  columns: readonly Column[],
  side: string,
  sides: readonly string[],
  contact: number,
  mark: string,
): Promise<void> {
  // One row a contact: it is there already, and holds numbers only.
  const single = columns.some(({ name: key, pk }) => pk === 1 && key === side) && columns.every(({ pk }) => pk < 2);
  const values = columns.map(({ name: key, type, pk }) => {
    if (key === side) return contact;
    const own = ownWord(name, key, contact);
    if (own !== undefined) return own;
    if (type === "TEXT") return JSON.stringify(`${mark} ${name}.${key} ${side}`);
    return pk > 0 || sides.includes(key) ? 1_000_000 + contact : 1;
  });
  const places = values.map((_, index) => `?${index + 1}`).join(", ");
  const names = columns.map(({ name: key }) => key).join(", ");
  await DB.prepare(`${single ? "INSERT OR REPLACE" : "INSERT"} INTO ${name} (${names}) VALUES (${places})`)
    .bind(...values)
    .run();
}

/** A table that a shop defined, whose rows hang on contacts. */
const PETS: Definition = {
  key: "pets",
  title: "Pets",
  family: "linked",
  columns: [
    { name: "name", type: "text" },
    { name: "born", type: "text", indexed: true },
  ],
};

async function definePets(): Promise<void> {
  if ((await findCustomTable(DB, PETS.key)) !== null) return;
  await noteTable(DB, PETS, Date.now());
  const noted = await findCustomTable(DB, PETS.key);
  if (noted) await finishTable(services, noted);
}

/** Columns of text, of tables that hold anything of anybody, in which a mark stands nowhere. */
export async function columnsWithout(mark: string): Promise<string[]> {
  const found: string[] = [];
  for (const [name, { of }] of Object.entries(await storedTables(DB))) {
    if (of === "none") continue;
    for (const { name: column, type } of await columnsOf(name)) {
      if (type !== "TEXT") continue;
      const sql = `SELECT 1 FROM ${name} WHERE instr("${column}", ?1) > 0 LIMIT 1`;
      if ((await DB.prepare(sql).bind(mark).first()) === null) found.push(`${name}.${column}`);
    }
  }
  return found.sort();
}

/** Rows that tell of many. */
async function markBodies(contact: number, mark: string): Promise<void> {
  const body = JSON.stringify({ type: "track", userId: `user-${mark}`, event: mark });
  const shown = JSON.stringify({ id: contactId(contact), first_name: mark });
  await DB.batch([
    DB.prepare(
      "INSERT INTO rejected_events (received_at, stage, message_id, reason, body) VALUES (?1, 'input', ?2, ?2, ?3)",
    ).bind(Date.now(), mark, body),
    DB.prepare("INSERT INTO idempotency (id, fingerprint, status, body, at) VALUES (?1, 'fp', 200, ?2, ?3)").bind(
      `key of ${mark}`,
      shown,
      Date.now(),
    ),
    DB.prepare(
      "CREATE TABLE IF NOT EXISTS local_inbox (id TEXT PRIMARY KEY, at INTEGER NOT NULL, channel TEXT NOT NULL, address TEXT NOT NULL, message TEXT NOT NULL)",
    ),
    DB.prepare("INSERT INTO local_inbox (id, at, channel, address, message) VALUES (?1, 0, 'email', ?1, ?2)").bind(
      mark,
      JSON.stringify({ to: `${mark}@x.test`, contactId: contactId(contact), html: mark }),
    ),
  ]);
}

function shardStub(contact: number): DurableObjectStub {
  const name = `shard-${shardOf(contact, services.config.CONTACT_SHARDS)}`;
  return bindings.SHARDS.get(bindings.SHARDS.idFromName(name)) as unknown as DurableObjectStub;
}

async function markShard(contact: number, mark: string): Promise<void> {
  await runInDurableObject(shardStub(contact), (instance, { storage: { sql } }) => {
    const past = [{ scenario: mark, entryKey: mark, enteredAt: 0, endedAt: 0, outcome: "goal", lastSendAt: null }];
    const state = JSON.stringify({ watches: [], runs: [], held: [], past });
    sql.exec("INSERT OR REPLACE INTO contact (id, seq, due, state) VALUES (?, 0, NULL, ?)", contact, state);
    const happenings = JSON.stringify([{ type: "event", at: 0, id: mark, name: mark }]);
    sql.exec("INSERT OR REPLACE INTO parked (contact, seq, body) VALUES (?, 1, ?)", contact, happenings);
    const decision = [contact, `outbox ${mark}`, mark, mark, mark, mark, "email", "send", mark, 1, "{}", 0];
    const bundle = { ...emptyBundle(), decisions: [decision] };
    (instance as unknown as { store: ShardStore }).store.commit([], bundle, []);
  });
}

async function markArchive(contact: number, mark: string): Promise<void> {
  const event = { id: `${mark}-old`, type: "track", name: mark, at: 0, trust: "write", anon: `anon-${mark}` };
  const sends = archiveKey("sends", [0, contact, mark.length]);
  await writeArchive(ARCHIVE, sends, [JSON.stringify({ contact, id: "a", data: mark })]);
  const key = archiveKey("journal", [contact]);
  await writeArchive(ARCHIVE, key, [JSON.stringify({ seq: -contact, received_at: 0, events: [event] })]);
}

/** Everything that is stored anywhere, as texts by where they stand. */
export async function everything(): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const table of await tablesOf()) {
    found.set(`D1 ${table}`, JSON.stringify((await DB.prepare(`SELECT * FROM ${table}`).all()).results));
  }
  for (let index = 0; index < services.config.CONTACT_SHARDS; index++) {
    const stub = bindings.SHARDS.get(bindings.SHARDS.idFromName(`shard-${index}`)) as unknown as DurableObjectStub;
    await runInDurableObject(stub, (instance, { storage: { sql } }) => {
      (instance as unknown as { store: ShardStore }).store.migrate();
      for (const table of Object.keys(SHARD_TABLES)) {
        found.set(`shard ${index} ${table}`, JSON.stringify(sql.exec(`SELECT * FROM ${table}`).toArray()));
      }
    });
  }
  const { objects } = await ARCHIVE.list();
  for (const { key } of objects) {
    const text = key.startsWith(ARCHIVE_PREFIX)
      ? (await readArchive(ARCHIVE, key)).join("\n")
      : await (await ARCHIVE.get(key))?.text();
    found.set(`R2 ${key}`, `${key} ${text ?? ""}`);
  }
  return found;
}

/** Where a mark stands. */
export async function placesOf(mark: string): Promise<string[]> {
  return [...(await everything())].flatMap(([place, text]) => (text.includes(mark) ? [place] : []));
}

/** How often a mark stands anywhere. */
export async function countOf(mark: string): Promise<number> {
  return [...(await everything()).values()].reduce((sum, text) => sum + text.split(mark).length - 1, 0);
}
