import { UNMERGED } from "../contacts/merge-events";
import type { Names } from "../contacts/names";
import { namesOf, provenEmails } from "../contacts/names";
import { readContact, selectContacts } from "../contacts/store";
import { concernsWhere } from "../contacts/stored-table";
import type { LedgerEvent } from "../events/event";
import type { Services } from "../services";
import { byShard } from "../shared/ids";
import { ARCHIVE_PREFIX, archivedTable, keyAfter, readArchive } from "./archive";
import { wholeFamily } from "./erase-begin";
import type { JournalPlace, Sought } from "./erase-journal";
import { BEGINNING, JournalPass } from "./erase-journal";
import { gatherNames } from "./erase-names";
import { mentioning } from "./mentions";
import { storedTables } from "./stored-tables";
import { Subscriptions } from "./subscriptions";

type Row = Readonly<Record<string, unknown>>;

/** An event as it came in, with its receipt (epoch ms). */
export interface ReceivedEvent {
  readonly receivedAt: number;
  readonly event: LedgerEvent;
}

/** Everything that is stored of a contact and of those that it took over: rows as they are stored. */
export interface StoredContact {
  /** Rows by table of D1, as the catalog finds them; what is archived of a table stands behind what is not. */
  readonly tables: Readonly<Record<string, readonly Row[]>>;
  /** Scenario state, by table of the contact's shard. */
  readonly state: Readonly<Record<string, readonly Row[]>>;
  /** From archive and journal, in the order in which they came. */
  readonly events: readonly ReceivedEvent[];
}

/** Reads everything that is stored of a contact. */
export async function readStored(services: Services, contact: number): Promise<StoredContact> {
  const { DB } = services.env;
  const family = await wholeFamily(DB, contact);
  // What was said of their addresses in forms is about them, whoever typed it.
  const known = provenEmails(await namesOfFamily(DB, family));
  const contacts = [...family, ...(await new Subscriptions(services).livingOf(known))];
  const names = await namesOfFamily(DB, contacts);
  const [tables, archived, state, events] = await Promise.all([
    rowsByTable(services, contacts, names),
    archivedRows(services, contacts),
    stateOf(services, contacts),
    eventsOf(services, contacts, names),
  ]);
  for (const [name, rows] of Object.entries(archived)) {
    const known = new Set(tables[name]?.map((row) => JSON.stringify(row)));
    tables[name] = [...(tables[name] ?? []), ...rows.filter((row) => !known.has(JSON.stringify(row)))];
  }
  const ours = new Set<unknown>(contacts);
  return {
    tables: { ...tables, merges: (tables["merges"] ?? []).map((row) => withoutOther(row, ours)) },
    state,
    events: events.map(({ receivedAt, event }) => {
      const { properties } = event;
      if (event.name !== UNMERGED || !properties) return { receivedAt, event };
      return { receivedAt, event: { ...event, properties: withoutOther(properties, ours) } };
    }),
  };
}

/** What a merge that was taken back had taken over is the other's, who is nobody of this family any more. */
function withoutOther(merge: Row, ours: ReadonlySet<unknown>): Row {
  const isOver = merge["undone_at"] !== null;
  return isOver && !ours.has(merge["loser"]) ? { ...merge, taken: null } : merge;
}

async function namesOfFamily(db: D1Database, contacts: readonly number[]): Promise<Names> {
  const { results } = await selectContacts(db, JSON.stringify(contacts)).all();
  return gatherNames(
    db,
    contacts,
    results.map((row) => namesOf(readContact(row).profile)),
  );
}

async function rowsByTable(
  { env }: Services,
  contacts: readonly number[],
  names: Names,
): Promise<Record<string, readonly Row[]>> {
  const family = JSON.stringify(contacts);
  const wanted = Object.entries(await storedTables(env.DB)).flatMap(([name, table]) => {
    const where = concernsWhere(table);
    return where === null ? [] : [[name, env.DB.prepare(`SELECT * FROM ${name} WHERE ${where}`).bind(family)] as const];
  });
  const results = await env.DB.batch<Row>(wanted.map(([, statement]) => statement));
  const own = wanted.map(([name], index) => [name, results[index]?.results ?? []] as const);
  const named = (await mentioning(env.DB, names, contacts)).map(({ name, rows }) => [name, rows] as const);
  return Object.fromEntries([...own, ...named]);
}

async function archivedRows(
  { env }: Services,
  contacts: readonly number[],
): Promise<Readonly<Record<string, readonly Row[]>>> {
  const family = new Set<unknown>(contacts);
  // A part that was written again after a crash may overlap the next: a line counts once.
  const found: Record<string, Map<string, Row>> = {};
  for (
    let key = await keyAfter(env.ARCHIVE, ARCHIVE_PREFIX, "");
    key;
    key = await keyAfter(env.ARCHIVE, ARCHIVE_PREFIX, key)
  ) {
    const table = archivedTable(key);
    if (table === "journal") continue;
    for (const line of await readArchive(env.ARCHIVE, key)) {
      const row = JSON.parse(line) as Row;
      if (!family.has(row["contact"])) continue;
      const rows = found[table] ?? new Map<string, Row>();
      found[table] = rows.set(line, row);
    }
  }
  return Object.fromEntries(Object.entries(found).map(([table, rows]) => [table, [...rows.values()]]));
}

async function stateOf(services: Services, contacts: readonly number[]): Promise<Record<string, readonly Row[]>> {
  const state: Record<string, readonly Row[]> = {};
  for (const [shard, some] of byShard(contacts, services.config.CONTACT_SHARDS)) {
    const rows = await services.shard(shard).rowsOf(some);
    for (const [table, found] of Object.entries(rows)) state[table] = [...(state[table] ?? []), ...found];
  }
  return state;
}

async function eventsOf(services: Services, contacts: readonly number[], names: Names): Promise<ReceivedEvent[]> {
  const pass = async (
    known: Pick<Sought, "shared" | "foreign">,
    found: (event: LedgerEvent, seq: number, receivedAt: number) => void = () => undefined,
  ): Promise<Pick<Sought, "shared" | "foreign">> => {
    for (let place: JournalPlace = BEGINNING; ; ) {
      const page = new JournalPass(services, { contacts, names, ...known }, Number.MAX_SAFE_INTEGER, place, found);
      const next = await page.next(false);
      if (next === null) return page.learned(names.browsers);
      place = next;
    }
  };
  let known = await pass({ shared: [], foreign: [] });
  // Who was first on browsers that turned up on the way: their events of before have not been looked at.
  if (known.shared.length > 0) known = await pass({ ...known, foreign: [] });
  const events = new Map<string, ReceivedEvent>();
  // By number: a row can be in archive and journal at once where the process died between writing and deleting.
  await pass(known, (event, seq, receivedAt) => events.set(`${seq}.${event.id}`, { receivedAt, event }));
  return [...events.values()];
}
