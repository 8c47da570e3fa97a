import type { Profile } from "../contacts/profile";
import { familyOf } from "../contacts/wanted";
import type { LedgerEvent } from "../events/event";
import { isTrusted } from "../events/event";
import type { Family } from "./contact-store";
import { readFamily } from "./contact-store";

/** An event of a contact with where it stands in the journal. */
export interface TimelineEvent {
  readonly seq: number;
  readonly key: number;
  readonly receivedAt: number;
  readonly event: LedgerEvent;
}

/** A message of a contact. Times are epoch ms. */
export interface TimelineMessage {
  readonly id: string;
  readonly run: string;
  readonly scenario: string;
  readonly block: string;
  readonly channel: string;
  readonly content: string;
  readonly state: string;
  readonly reason: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A place in the journal: everything before it is still to be looked at. */
export interface Place {
  readonly seq: number;
  readonly key: number;
  /** Messages from before this time are still to be shown. */
  readonly at: number;
}

export const NEWEST: Place = { seq: Number.MAX_SAFE_INTEGER, key: 0, at: Number.MAX_SAFE_INTEGER };

export interface TimelinePage {
  readonly events: readonly TimelineEvent[];
  readonly messages: readonly TimelineMessage[];
  readonly scanned: number;
  /** Where the next page starts; null where the journal's first row was reached. */
  readonly next: Place | null;
}

/** Journal rows looked through for one page. The journal has no index by contact: it would cost a row an event. */
const ROWS = 2_000;

// The first look is at the text alone, so that only rows that may hold the contact are taken apart.
const EVENTS_SQL = `
WITH recent AS (SELECT seq, received_at, body FROM journal WHERE seq <= ?1 ORDER BY seq DESC LIMIT ${ROWS}),
likely AS (
  SELECT seq, received_at, body FROM recent
  WHERE EXISTS (SELECT 1 FROM json_each(?2) n WHERE instr(lower(body), n.value) > 0)
)
SELECT l.seq, e.key, l.received_at AS receivedAt, e.value AS event FROM likely l, json_each(l.body) e
WHERE (l.seq < ?1 OR e.key < ?3) AND (
  e.value ->> 'contact' IN (SELECT value FROM json_each(?4))
  OR e.value ->> 'user' IN (SELECT value FROM json_each(?5))
  OR e.value ->> 'anon' IN (SELECT value FROM json_each(?6))
  OR lower(coalesce(e.value ->> 'email', e.value ->> '$.traits.email')) IN (SELECT value FROM json_each(?7))
)
ORDER BY l.seq DESC, e.key DESC LIMIT ?8`;

const BOUND_SQL =
  "SELECT count(*) AS rows, min(seq) AS seq, min(received_at) AS at FROM " +
  `(SELECT seq, received_at FROM journal WHERE seq <= ?1 ORDER BY seq DESC LIMIT ${ROWS})`;

interface Bound {
  readonly rows: number;
  readonly seq: number | null;
  readonly at: number | null;
}

/** One page of what a contact did and was sent, going back from a place in the journal. */
export async function readTimeline(
  db: D1Database,
  contact: number,
  profile: Profile,
  from: Place,
  limit: number,
): Promise<TimelinePage> {
  const family = await readFamily(db, contact);
  const [found, bounds] = await db.batch([eventsOf(db, family, profile, from, limit), boundOf(db, from)]);
  const rows = (found?.results ?? []) as (Omit<TimelineEvent, "event"> & { event: string })[];
  const bound = bounds?.results[0] as Bound;
  const cut = rows.length === limit ? rows.at(-1) : undefined;
  const next = cut ? { seq: cut.seq, key: cut.key, at: Math.min(from.at, cut.receivedAt) } : placeBehind(bound, from);
  const events = rows
    .map((row): TimelineEvent => ({ ...row, event: JSON.parse(row.event) as LedgerEvent }))
    .filter(({ event }) => isAbout(event, profile, family));
  const messages = await messagesOf(db, contact, next?.at ?? 0, from.at);
  return { events, messages, scanned: bound.rows, next };
}

function placeBehind({ rows, seq, at }: Bound, from: Place): Place | null {
  if (rows < ROWS || seq === null || at === null) return null;
  return { seq: seq - 1, key: Number.MAX_SAFE_INTEGER, at: Math.min(from.at, at) };
}

function boundOf(db: D1Database, from: Place): D1PreparedStatement {
  return db.prepare(BOUND_SQL).bind(from.seq);
}

function eventsOf(
  db: D1Database,
  { contacts, identities }: Family,
  profile: Profile,
  from: Place,
  limit: number,
): D1PreparedStatement {
  const named = (kind: string): string[] =>
    [...identities].flatMap((identity) => (identity.startsWith(`${kind}:`) ? [identity.slice(2)] : []));
  const claims = named("x").map((claim) => claim.slice(claim.indexOf("|") + 1));
  const users = [...named("u"), ...named("c"), ...claims];
  const browsers = named("a");
  const emails = [...new Set([...named("e"), ...(profile.email === null ? [] : [profile.email])])];
  const texts = [...users, ...browsers, ...emails].map((text) => JSON.stringify(text).toLowerCase());
  const needles = [...texts, ...contacts.map((contact) => `"contact":${contact}`)];
  const lists = [contacts, users, browsers, emails].map((list) => JSON.stringify(list));
  return db.prepare(EVENTS_SQL).bind(from.seq, JSON.stringify(needles), from.key, ...lists, limit);
}

/** Whether an event is this contact's, by the identities that it has now (see contacts/identity.ts). */
function isAbout(
  event: LedgerEvent,
  { status, externalId, email }: Profile,
  { contacts, identities }: Family,
): boolean {
  if (event.contact !== undefined) return contacts.includes(event.contact);
  const { user, anon } = event;
  const browser = anon !== undefined && identities.has(`a:${anon}`);
  if (isTrusted(event)) {
    if (user !== undefined) return identities.has(`u:${user}`);
    const stated = event.email ?? event.traits?.["email"];
    const address = typeof stated === "string" ? stated.toLowerCase() : null;
    return (address !== null && (address === email || identities.has(`e:${address}`))) || browser;
  }
  if (anon === undefined) return identities.has(`c:${user}`);
  const claimedByAnother = user !== undefined && status === "verified" && externalId !== null && externalId !== user;
  return identities.has(`x:${anon}|${user}`) || (browser && !claimedByAnother);
}

async function messagesOf(db: D1Database, contact: number, from: number, to: number): Promise<TimelineMessage[]> {
  const sql =
    "SELECT id, run, scenario, block, channel, content, state, reason, created_at AS createdAt, " +
    `updated_at AS updatedAt FROM sends WHERE contact IN (${familyOf("?1")}) AND created_at >= ?2 AND created_at < ?3 ORDER BY created_at DESC LIMIT 500`;
  return (await db.prepare(sql).bind(contact, from, to).all<TimelineMessage>()).results;
}
