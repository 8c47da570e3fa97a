import type { Keeping } from "../contacts/stored-table";
import type { LedgerEvent } from "../events/event";
import { bulk } from "../platform/d1";
import type { Services } from "../services";
import { DAY } from "../shared/clock";
import { archiveKey, writeArchive } from "./archive";
import { storedTables } from "./stored-tables";

const PAGE = 1_000;
/** Characters of one archived part: what it takes to pack and to check it must fit into a Worker's memory. */
const PART = 4_000_000;
/** Pages of one table in one go; the rest waits for the next. */
const PAGES = 50;

/** The keyed hash of a network address stays with the consent that it proves, and in no event for longer than this. */
const ORIGIN_DAYS = 30;
const ORIGIN_PAGE = 100;

type Limited = Extract<Keeping, { days: number }>;

/** Keeps every table to its time. True when nothing was left to do; calling it again goes on or changes nothing. */
export async function retain(services: Services): Promise<boolean> {
  let finished = true;
  for (const [name, { keep }] of Object.entries(await storedTables(services.env.DB))) {
    if (typeof keep === "string") continue;
    const before = services.clock.now() - keep.days * DAY;
    if (name === "journal") finished &&= await dropOrigins(services.env.DB, services.clock.now() - ORIGIN_DAYS * DAY);
    const page = () => {
      if (name === "journal") return archiveJournal(services, before);
      return keep.archived ? archiveRows(services, name, keep, before) : prune(services.env.DB, name, keep, before);
    };
    let more = true;
    for (let count = 0; more && count < PAGES; count++) more = await page();
    finished &&= !more;
  }
  return finished;
}

/** Deletes about a page of rows, oldest first. True if there may be more. */
async function prune(db: D1Database, name: string, keep: Limited, before: number): Promise<boolean> {
  const old = `${keep.from} < ?1 AND (${keep.where ?? "true"})`;
  const nth = `SELECT ${keep.from} AS at FROM ${name} WHERE ${old} ORDER BY ${keep.from} LIMIT 1 OFFSET ${PAGE}`;
  const bound = await db.prepare(nth).bind(before).first<{ at: number }>();
  await db
    .prepare(`DELETE FROM ${name} WHERE ${old} AND ${keep.from} <= ?2`)
    .bind(before, bound?.at ?? before)
    .run();
  return bound !== null;
}

/** Takes the keyed hash of the sender's network address out of events that are older. True when none is left. */
async function dropOrigins(db: D1Database, before: number): Promise<boolean> {
  const old =
    "SELECT seq, body FROM journal WHERE seq > ?1 AND seq <= (SELECT applied FROM cursor) AND received_at < ?2 " +
    "AND instr(body, ',\"origin\":') > 0 ORDER BY seq LIMIT ?3";
  let after = -1;
  for (let page = 0; page < PAGES; page++) {
    const { results } = await db.prepare(old).bind(after, before, ORIGIN_PAGE).all<{ seq: number; body: string }>();
    const changes = results.map(({ seq, body }) => [
      seq,
      JSON.stringify(withoutOrigins(JSON.parse(body) as LedgerEvent[])),
    ]);
    const sql = "UPDATE journal SET body = v.value ->> 1 FROM json_each(?1) AS v WHERE journal.seq = v.value ->> 0";
    for (const statement of bulk(db, sql, changes)) await statement.run();
    const last = results.at(-1);
    if (results.length < ORIGIN_PAGE || !last) return true;
    after = last.seq;
  }
  return false;
}

function withoutOrigins(events: readonly LedgerEvent[]): Omit<LedgerEvent, "origin">[] {
  return events.map(({ origin: _origin, ...event }) => event);
}

interface JournalRow {
  readonly seq: number;
  readonly received_at: number;
  readonly body: string;
}

/** Archives the journal's oldest rows and then deletes them, up to what a shard may not have heard of. */
async function archiveJournal({ env }: Services, before: number): Promise<boolean> {
  const sql =
    "SELECT seq, received_at, body FROM (SELECT seq, received_at, body, sum(length(body)) OVER (ORDER BY seq) - length(body) AS ahead " +
    "FROM (SELECT seq, received_at, body FROM journal WHERE seq <= (SELECT min(applied, woken) FROM cursor) ORDER BY seq LIMIT ?1)) " +
    "WHERE ahead < ?2 ORDER BY seq";
  const { results } = await env.DB.prepare(sql).bind(PAGE, PART).all<JournalRow>();
  const young = results.findIndex(({ received_at: at }) => at >= before);
  const rows = young < 0 ? results : results.slice(0, young);
  const [first, last] = [rows[0], rows.at(-1)];
  if (!first || !last) return false;
  const lines = rows.map(({ seq, received_at, body }) => {
    const events = withoutOrigins(JSON.parse(body) as LedgerEvent[]);
    return JSON.stringify({ seq, received_at, events });
  });
  await writeArchive(env.ARCHIVE, archiveKey("journal", [first.seq]), lines);
  await env.DB.prepare("DELETE FROM journal WHERE seq >= ?1 AND seq <= ?2").bind(first.seq, last.seq).run();
  return young < 0;
}

/** Archives a page of a table's rows, oldest first, and then deletes them. True if there may be more. */
async function archiveRows({ env }: Services, name: string, keep: Limited, before: number): Promise<boolean> {
  const { results: columns } = await env.DB.prepare("SELECT name FROM pragma_table_info(?1) WHERE pk > 0 ORDER BY pk")
    .bind(name)
    .all<{ name: string }>();
  const keys = columns.map((column) => column.name);
  const old = `${keep.from} < ?1 AND (${keep.where ?? "true"})`;
  const order = [keep.from, ...keys].join(", ");
  const { results } = await env.DB.prepare(`SELECT * FROM ${name} WHERE ${old} ORDER BY ${order} LIMIT ?2`)
    .bind(before, PAGE)
    .all<Record<string, string | number>>();
  const [first] = results;
  if (!first) return false;
  const key = archiveKey(
    name,
    [keep.from, ...keys].map((column) => first[column] ?? ""),
  );
  await writeArchive(
    env.ARCHIVE,
    key,
    results.map((row) => JSON.stringify(row)),
  );
  const among = keys.map((_, index) => `value ->> ${index}`).join(", ");
  await env.DB.prepare(
    `DELETE FROM ${name} WHERE (${keys.join(", ")}) IN (SELECT ${among} FROM json_each(?2)) AND ${old}`,
  )
    .bind(before, JSON.stringify(results.map((row) => keys.map((column) => row[column]))))
    .run();
  return results.length === PAGE;
}
