import type { Names } from "../contacts/names";
import type { Services } from "../services";
import { archivePrefix, keyAfter, rewriteArchive } from "./archive";

/** Whoever stood for people by mistake, and for how long: epoch ms. */
interface PartedTime {
  readonly contact: number;
  readonly from: number;
  readonly until: number;
}

/** The times in which some people were taken for others, by every contact that spoke for them then. */
async function partedTimes(db: D1Database, contacts: readonly number[]): Promise<PartedTime[]> {
  const sql =
    "WITH RECURSIVE up (contact, since, until) AS (SELECT winner, at, undone_at FROM merges WHERE undone_at IS NOT NULL " +
    "AND loser IN (SELECT value FROM json_each(?1)) UNION SELECT m.winner, max(u.since, m.at), " +
    "min(u.until, coalesce(m.undone_at, u.until)) FROM up u JOIN merges m ON m.loser = u.contact " +
    "AND m.at < u.until AND coalesce(m.undone_at, u.until) > u.since) " +
    'SELECT contact, since AS "from", until FROM up WHERE contact NOT IN (SELECT value FROM json_each(?1))';
  return (await db.prepare(sql).bind(JSON.stringify(contacts)).all<PartedTime>()).results;
}

const IN_TIME =
  "EXISTS (SELECT 1 FROM json_each(?1) t WHERE sends.contact = t.value ->> 'contact' " +
  "AND sends.created_at BETWEEN t.value ->> 'from' AND t.value ->> 'until')";
const SOME_CONTACTS = "contact IN (SELECT t.value ->> 'contact' FROM json_each(?1) t)";

type ArchivedSend = Readonly<Record<string, unknown>> & { readonly contact: number; readonly created_at: number };

/**
 * What was said to somebody else while these people were taken for them prints what was known of both: only that it was
 * sent stays, without its words, and what was not sent yet is not sent. Returns the place to go on from, `done` at the
 * end, `wait` while one of the messages is being handed over.
 */
export async function clearParted(
  { env, clock }: Services,
  contacts: readonly number[],
  names: Names,
  place: unknown,
): Promise<{ place: string } | "done" | "wait"> {
  const times = await partedTimes(env.DB, contacts);
  if (times.length === 0) return "done";
  const addresses = [...names.emails, ...names.phones];
  if (typeof place !== "string") {
    const claimed = `SELECT 1 FROM sends WHERE ${SOME_CONTACTS} AND ${IN_TIME} AND state = 'claimed' AND lease_until > ?2 LIMIT 1`;
    const [packed, now] = [JSON.stringify(times), clock.now()];
    if ((await env.DB.prepare(claimed).bind(packed, now).first()) !== null) return "wait";
    const sql =
      "UPDATE sends SET data = '{}', address = CASE WHEN address IN (SELECT value FROM json_each(?2)) THEN '' ELSE address END, " +
      "state = CASE open WHEN 1 THEN 'suppressed' ELSE state END, reason = CASE open WHEN 1 THEN 'erased' ELSE reason END, " +
      `open = 0, updated_at = ?3 WHERE ${SOME_CONTACTS} AND ${IN_TIME} AND data <> '{}'`;
    await env.DB.prepare(sql).bind(packed, JSON.stringify(addresses), now).run();
  }
  const prefix = archivePrefix("sends");
  const key = await keyAfter(env.ARCHIVE, prefix, typeof place === "string" ? place : "");
  if (key === null) return "done";
  await rewriteArchive(env.ARCHIVE, key, (line) => {
    const send = JSON.parse(line) as ArchivedSend;
    const isMixed = times.some(
      ({ contact, from, until }) => send.contact === contact && send.created_at >= from && send.created_at <= until,
    );
    if (!isMixed) return line;
    const address = addresses.includes(String(send["address"])) ? "" : send["address"];
    return JSON.stringify({ ...send, data: "{}", address });
  });
  return { place: key };
}
