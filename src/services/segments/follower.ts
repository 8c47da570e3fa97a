import { MERGED, UNMERGED } from "../../contacts/merge-events";
import type { LedgerEvent } from "../../events/event";
import type { Touched } from "../../events/touched";
import { bulk } from "../../platform/d1";
import { log } from "../../platform/log";
import { moveFollowed } from "../../segments/progress-store";
import type { Look } from "../../segments/transition";
import type { Services } from "../../services";
import { compute } from "./compute";
import type { LiveFamily } from "./families";
import { readSnapshot } from "./families";
import type { Missed } from "./follow";
import { SegmentFollower } from "./follow";
import { computable, refreshOne } from "./isolate";
import { tellNews } from "./news";

const PAGE = 1_000;
/** Of the journal, what is read at once: the object that reads it is the one that takes events in. */
const JOURNAL_PAGE = 200;
const JOURNAL_BYTES = 1_000_000;

/** By these we learn who is whom, and nothing happens. */
const PARTING: ReadonlySet<string> = new Set([MERGED, UNMERGED]);

/** Names that an event goes by, as the ledger looks them up. */
type KeysOf = (event: LedgerEvent) => readonly string[];

/** The follower of one ledger object. */
export function segmentFollower(services: Services, keysOf: KeysOf): SegmentFollower {
  const { DB } = services.env;
  return new SegmentFollower({
    any: async () => (await readSnapshot(services)).families.length > 0,
    missed: () => missed(DB, keysOf),
    async compute(contacts, to) {
      const at = services.clock.now();
      const lookOf = (contact: number): Look => {
        const touch = contacts.get(contact);
        // Whom others brought along has only grown older.
        return touch ? (touch.acted ? "act" : "import") : "time";
      };
      const position = to === null ? [] : [moveFollowed(DB, to)];
      const computed = await compute(services, async (snapshot) => {
        const families = computable(snapshot.families);
        if (families.length === 0) return null;
        const scope = { contacts: await refreshed(families, contacts, at) };
        return { families, scope, at, lookOf, touched: contacts, position, lazy: true };
      });
      return { moved: (computed?.changed ?? 0) > 0, placed: computed?.placed === true };
    },
    async move(to) {
      await moveFollowed(DB, to).run();
    },
    async tell() {
      while (await tellNews(services));
    },
    later: (ms, run) => void setTimeout(run, ms),
    realNow: () => Date.now(),
    log,
  });
}

/** These contacts, and whoever may have moved because what families are computed from changed with them. */
async function refreshed(families: readonly LiveFamily[], contacts: Touched, at: number): Promise<number[]> {
  const all = new Set(contacts.keys());
  for (const family of families) {
    for (const other of await refreshOne(family, at, [...contacts.keys()])) all.add(other);
  }
  return [...all];
}

/** Who changed behind the place that was written: a contact's row has the number of the last request that changed it. */
async function missed(db: D1Database, keysOf: KeysOf): Promise<Missed> {
  const place =
    "SELECT p.followed, c.applied AS upTo, (SELECT j.received_at FROM journal j WHERE j.seq > p.followed ORDER BY j.seq LIMIT 1) AS since " +
    "FROM segment_progress p JOIN cursor c ON c.id = 1 WHERE p.id = 1";
  const row = await db.prepare(place).first<{ followed: number; upTo: number; since: number | null }>();
  const { followed, upTo, since } = row ?? { followed: 0, upTo: 0, since: null };
  if (upTo <= followed) return { upTo, acting: new Set(), since: 0, page: async () => [] };
  const acting = await actingSince(db, followed, upTo, keysOf);
  const sql = "SELECT id FROM contacts WHERE id > ?1 AND seq > ?2 ORDER BY id LIMIT ?3";
  return {
    upTo,
    acting,
    since: since ?? 0,
    async page(after) {
      const { results } = await db.prepare(sql).bind(after, followed, PAGE).all<{ id: number }>();
      return results.map(({ id }) => id);
    },
  };
}

/** For whom something happened in a part of the journal, history left out. */
async function actingSince(db: D1Database, after: number, upTo: number, keysOf: KeysOf): Promise<Set<number>> {
  const acting = new Set<number>();
  const sql =
    "SELECT max(seq) AS seq FROM (SELECT seq, sum(octet_length(body)) OVER (ORDER BY seq) - octet_length(body) AS bytes " +
    "FROM (SELECT seq, body FROM journal WHERE seq > ?1 AND seq <= ?2 ORDER BY seq LIMIT ?3)) WHERE bytes < ?4";
  const eventsSql =
    "SELECT e.value AS event FROM journal j, json_each(j.body) AS e WHERE j.seq > ?1 AND j.seq <= ?2 " +
    "AND e.value ->> 'trust' <> 'import' AND e.value ->> 'past' IS NULL";
  for (let from = after; from < upTo; ) {
    const last = await db.prepare(sql).bind(from, upTo, JOURNAL_PAGE, JOURNAL_BYTES).first<{ seq: number | null }>();
    const to = last?.seq ?? upTo;
    const { results } = await db.prepare(eventsSql).bind(from, to).all<{ event: string }>();
    const events = results
      .map(({ event }) => JSON.parse(event) as LedgerEvent)
      .filter((event) => !PARTING.has(event.name));
    for (const contact of await ownersOf(db, events, keysOf)) acting.add(contact);
    from = to;
  }
  // Of a login that made two contacts one the journal does not say so; where in doubt, nothing is told.
  const merged = await db.prepare("SELECT winner FROM merges WHERE seq > ?1").bind(after).all<{ winner: number }>();
  for (const { winner } of merged.results) acting.delete(winner);
  return acting;
}

async function ownersOf(db: D1Database, events: readonly LedgerEvent[], keysOf: KeysOf): Promise<number[]> {
  const named = [...new Set(events.flatMap(({ contact }) => contact ?? []))];
  const keys = [...new Set(events.flatMap((event) => keysOf(event)))];
  const sql = "SELECT coalesce(c.merged_into, c.id) AS id FROM contacts c WHERE c.id IN";
  const statements = [
    ...bulk(db, `${sql} (SELECT value FROM json_each(?1))`, named),
    ...bulk(db, `${sql} (SELECT contact FROM identities WHERE identity IN (SELECT value FROM json_each(?1)))`, keys),
  ];
  if (statements.length === 0) return [];
  return (await db.batch<{ id: number }>(statements)).flatMap(({ results }) => results.map(({ id }) => id));
}
