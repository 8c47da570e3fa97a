import type { Names } from "../contacts/names";
import { barredNames, provenEmails } from "../contacts/names";
import type { StoredTable } from "../contacts/stored-table";
import { belongsWhere } from "../contacts/stored-table";
import { noteLost } from "../sends/batch-store";
import type { Services } from "../services";
import { byShard } from "../shared/ids";
import { ARCHIVE_PREFIX, archivedTable, keyAfter, rewriteArchive } from "./archive";
import { emptyContacts, relativesOf } from "./erase-begin";
import type { JournalPlace, Sought } from "./erase-journal";
import { BEGINNING, JournalPass } from "./erase-journal";
import { gatherNames } from "./erase-names";
import { clearParted } from "./erase-parted";
import { mentioning } from "./mentions";
import { resumeMerges } from "./merges";
import { putTombstones } from "./seal";
import { storedTables } from "./stored-tables";
import { isSubscriber } from "./subscriber";
import { Subscriptions } from "./subscriptions";

/** An erasure under way: everything but `step` and `place` is the same for all of its steps. */
export interface Erasure extends Sought {
  readonly request: string;
  /** When the contacts were emptied, epoch ms, and the journal's number of that. */
  readonly at: number;
  readonly seq: number;
  /** False where the data went because of its age: then the person may come back by any way. */
  readonly bars: boolean;
  /** What each contact's row said when it was emptied. */
  readonly noted: readonly Names[];
}

/** What a step comes to: `wait` leaves the erasure where it is until the next sweep. */
export type Progress =
  | "done"
  | "wait"
  | { readonly place: unknown }
  | { readonly names: Names }
  | Pick<Sought, "shared" | "foreign">;

type Step = (erasure: Erasure, place: unknown, services: Services) => Promise<Progress>;

const TABLES_AT_ONCE = 8;
/** Where the list of erasures lies that a restored database repeats. */
export const ERASURES_PREFIX = "erasures/";

/** What lies outside the database of one erasure. `at`: when it was first carried out, epoch ms. */
export interface NotedErasure {
  readonly request: string;
  readonly at: number;
  readonly bars: boolean;
  readonly hashes: readonly string[];
}

/** Whoever was taken over while the request was on its way. */
const family: Step = async ({ request, contacts, bars }, _place, services) => {
  const members = await relativesOf(services.env.DB, contacts);
  if (members.length === 0) return "done";
  await emptyContacts(services, request, members, bars);
  // Stored beside the ledger, which cannot be reached: it is theirs when it is back.
  return (await relativesOf(services.env.DB, contacts)).length === 0 ? { place: null } : "wait";
};

/** What was said in forms for their addresses, which is kept under contacts of its own. */
const subscribers: Step = async ({ request, contacts, noted }, _place, services) => {
  const known = await gatherNames(services.env.DB, contacts, noted);
  const find = () => new Subscriptions(services).livingOf([...provenEmails(known), ...known.phones]);
  const found = await find();
  if (found.length === 0) return "done";
  // Whoever fills a form in again is a person who asks for it.
  await emptyContacts(services, request, found, false);
  return (await find()).length === 0 ? { place: null } : "wait";
};

/** A merge that is not done holds scenario state on its way, which another contact may wait for. */
const merges: Step = async ({ contacts }, _place, services) => {
  const sql =
    "SELECT 1 FROM merges WHERE step <> 'done' AND (winner IN (SELECT value FROM json_each(?1)) " +
    "OR loser IN (SELECT value FROM json_each(?1))) LIMIT 1";
  const isOpen = () => services.env.DB.prepare(sql).bind(JSON.stringify(contacts)).first();
  if ((await isOpen()) === null) return "done";
  await resumeMerges(services);
  return (await isOpen()) === null ? "done" : "wait";
};

/** Scenario state, timers, parked events and what is owed to D1. */
const shards: Step = async ({ contacts }, _place, services) => {
  // A wake that was made before the contact was emptied must have been answered: it would bring state back.
  await services.ledger.settled();
  for (const [shard, some] of byShard(contacts, services.config.CONTACT_SHARDS)) {
    await services.shard(shard).forget(some);
  }
  return "done";
};

/** A message that is being handed over cannot be called back: its row is needed until it is settled. */
const inFlight: Step = async ({ contacts }, _place, { env, clock }) => {
  const sql =
    "SELECT 1 FROM sends WHERE contact IN (SELECT value FROM json_each(?1)) AND state = 'claimed' AND lease_until > ?2 LIMIT 1";
  const row = await env.DB.prepare(sql).bind(JSON.stringify(contacts), clock.now()).first();
  // A batch whose outcome is not known holds their letters until it is, a day at most.
  const kept =
    "SELECT 1 FROM send_batches b, json_each(b.members) m WHERE m.value ->> 0 IN (SELECT value FROM json_each(?1)) LIMIT 1";
  await noteLost(env, clock.now());
  const frozen = row ?? (await env.DB.prepare(kept).bind(JSON.stringify(contacts)).first());
  return frozen === null ? "done" : "wait";
};

const names: Step = async ({ contacts, noted }, _place, { env }) => ({
  names: await gatherNames(env.DB, contacts, noted),
});

/** Which browsers were theirs for a time, by the events that say so. */
const trace: Step = async (erasure, place, services) => {
  const pass = passOf(erasure, place, services);
  const next = await pass.next(false);
  if (next !== null) return { place: next };
  return pass.learned(erasure.names.browsers);
};

/** Who was first on the browsers that turned up on the way: their events of before have not been looked at. */
const owners: Step = async (erasure, place, services) =>
  erasure.shared.length === 0 ? "done" : trace(erasure, place, services);

/** Keyed hashes: outside the database first, so that no restore forgets them, then where the ledger asks. */
const bars: Step = async ({ request, at, bars: barring, names: known }, _place, services) => {
  const key = `${ERASURES_PREFIX}${request}.json`;
  const before = await (await services.env.ARCHIVE.get(key))?.json<NotedErasure>();
  // Carried out once more, as after a restore, it may know fewer names: what was noted stays.
  const barred = barredNames(known).filter((name) => !isSubscriber(name));
  const hashes = [...new Set([...barred.map(services.seal), ...(before?.hashes ?? [])])];
  const noted: NotedErasure = { request, at: before?.at ?? at, bars: barring, hashes };
  await services.env.ARCHIVE.put(key, JSON.stringify(noted));
  if (!barring) return "done";
  await putTombstones(
    services.env.DB,
    hashes.map((hash) => [hash, at]),
  );
  // From now on the ledger hashes what it does not know.
  await services.ledger.refresh();
  return "done";
};

/** What to ask each channel's provider to delete: its own ids of the messages that it took. */
const providers: Step = async ({ request, contacts }, _place, { env, clock }) => {
  const sql =
    "INSERT INTO provider_deletions (request, channel, messages, asked_at) " +
    "SELECT ?1, channel, json_group_array(provider_id), ?3 FROM sends WHERE provider_id IS NOT NULL " +
    "AND contact IN (SELECT value FROM json_each(?2)) GROUP BY channel ON CONFLICT DO NOTHING";
  await env.DB.prepare(sql).bind(request, JSON.stringify(contacts), clock.now()).run();
  return "done";
};

/** What others were told in these people's place; told from the merges, which go with the rows. */
const parted: Step = ({ contacts, names: known }, place, services) => clearParted(services, contacts, known, place);

/** Rows by contact, table after table. */
const rows: Step = async ({ contacts }, place, { env }) => {
  const all = Object.entries(await storedTables(env.DB)).filter(
    ([name, table]) => isDeleted(name, table) || table.unlinked !== undefined,
  );
  const from = typeof place === "string" ? all.findIndex(([name]) => name === place) + 1 : 0;
  const some = all.slice(from, from + TABLES_AT_ONCE);
  if (some.length === 0) return "done";
  const family = JSON.stringify(contacts);
  await env.DB.batch(
    some.flatMap(([name, table]) => {
      const { besides } = table;
      const left = besides && `UPDATE ${name} SET ${besides.overwrite} WHERE ${besides.where}`;
      const where = belongsWhere(table);
      const gone = table.unlinked
        ? `UPDATE ${name} SET ${table.unlinked} WHERE ${where}`
        : `DELETE FROM ${name} WHERE ${where}`;
      return [gone, ...(left ? [left] : [])].map((sql) => env.DB.prepare(sql).bind(family));
    }),
  );
  return { place: some.at(-1)?.[0] };
};

function isDeleted(name: string, table: StoredTable): boolean {
  // What the erasure itself is made of goes with its last step.
  return table.fate === "deleted" && belongsWhere(table) !== null && name !== "erased_contacts";
}

/** The events themselves, in archive and journal. */
const journal: Step = async (erasure, place, services) => {
  const next = await passOf(erasure, place, services).next(true);
  return next === null ? "done" : { place: next };
};

/** Archived rows of other tables. */
const archived: Step = async ({ contacts }, place, { env }) => {
  const key = await keyAfter(env.ARCHIVE, ARCHIVE_PREFIX, typeof place === "string" ? place : "");
  if (key === null) return "done";
  const gone = new Set<unknown>(contacts);
  if (archivedTable(key) !== "journal") {
    await rewriteArchive(env.ARCHIVE, key, (line) =>
      gone.has((JSON.parse(line) as { contact: unknown }).contact) ? null : line,
    );
  }
  return { place: key };
};

/** Rows that tell of many and name them in a text. */
const mentions: Step = async ({ names: known, contacts }, _place, { env }) => {
  const found = await mentioning(env.DB, known, contacts);
  const statements = found.map(({ name, column, rows: named }) => {
    const bodies = JSON.stringify(named.map((row) => row[column]));
    return env.DB.prepare(`DELETE FROM ${name} WHERE ${column} IN (SELECT value FROM json_each(?1))`).bind(bodies);
  });
  if (statements.length > 0) await env.DB.batch(statements);
  return "done";
};

/** Files of imports and rehearsals that came before hold everybody's lines until they are read: their deletion is waited for. */
const files: Step = async ({ at }, _place, { env }) => {
  const open = (table: string) => `SELECT 1 FROM ${table} WHERE step IS NOT NULL AND created_at <= ?1`;
  const sql = `${open("imports")} UNION ALL ${open("rehearsals")} LIMIT 1`;
  return (await env.DB.prepare(sql).bind(at).first()) === null ? "done" : "wait";
};

/** What is left: the contacts' empty rows, the hashes, and that it was asked and done. */
const finish: Step = async ({ request, contacts }, _place, { env, clock }) => {
  const { DB } = env;
  await DB.batch([
    DB.prepare("DELETE FROM erased_contacts WHERE request = ?1").bind(request),
    DB.prepare("DELETE FROM erasures WHERE request = ?1").bind(request),
    DB.prepare(
      "UPDATE privacy_requests SET done_at = ?2 WHERE done_at IS NULL AND contact IN (SELECT value FROM json_each(?1))",
    ).bind(JSON.stringify(contacts), clock.now()),
  ]);
  return "done";
};

function passOf(erasure: Erasure, place: unknown, services: Services): JournalPass {
  return new JournalPass(services, erasure, erasure.seq, (place as JournalPlace | null) ?? BEGINNING);
}

/** The steps in their order. Each can be repeated, as a whole or from any place of it, and changes nothing then. */
export const ERASURE_STEPS = {
  family,
  subscribers,
  merges,
  shards,
  in_flight: inFlight,
  names,
  trace,
  owners,
  bars,
  providers,
  parted,
  rows,
  journal,
  archived,
  mentions,
  files,
  finish,
} satisfies Record<string, Step>;
