import { EMPTIED } from "../contacts/profile";
import { SUBSCRIPTION_DAYS } from "../contacts/subscription";
import type { Services } from "../services";
import { DAY } from "../shared/clock";
import { contactId, derivedId } from "../shared/ids";
import { archiveKey, writeArchive } from "./archive";
import { emptyContacts } from "./erase-begin";

/** After this long without a click, a visit, an order or a new consent a contact is emptied. An open does not count. */
export const PROSPECT_YEARS = 3;
/** A claim that nobody confirmed is kept no longer than this. */
export const UNCONFIRMED_DAYS = 30;
/**
 * Contacts that were told of a moment ago are left until the next month: of history that is being loaded the contacts
 * come first, and their orders later.
 */
const SETTLING = 2 * DAY;
/** Contacts emptied under one erasure: it looks through the journal once for all of them. */
const TOGETHER = 100;
const LISTED = 200;
/** Lines of one archived part. */
const CONSENTS = 5_000;
/** Addresses that belong to a desk rather than to a person. */
const ROLES = [
  "abuse",
  "accounting",
  "admin",
  "administrator",
  "billing",
  "contact",
  "help",
  "hostmaster",
  "info",
  "mailer-daemon",
  "marketing",
  "no-reply",
  "noreply",
  "office",
  "postmaster",
  "root",
  "sales",
  "security",
  "support",
  "webmaster",
];

const LAST_CONTACT = "max(c.created_at, c.seen_at, coalesce(m.last_order_at, 0), coalesce(k.at, 0))";

const EXPIRED_SQL = `
SELECT c.id FROM contacts c
LEFT JOIN contact_metrics m ON m.contact = c.id
LEFT JOIN last_clicks k ON k.contact = c.id
WHERE c.id > ?1 AND c.status IN ('anonymous', 'verified') AND ${LAST_CONTACT} BETWEEN 1 AND ?3 AND c.seq < ?4
  AND NOT EXISTS (
    SELECT 1 FROM consent_events e WHERE e.contact = c.id AND e.action IN ('grant', 'confirm', 'confirm_doi') AND e.at > ?3
  )
ORDER BY c.id LIMIT ?2`;

const UNCONFIRMED_SQL = `
SELECT c.id FROM contacts c
WHERE c.id > ?1 AND c.status = 'anonymous' AND c.claimed_email IS NOT NULL
  AND EXISTS (SELECT 1 FROM json_each(c.consents) s WHERE s.value ->> 'state' = 'claimed')
  AND NOT EXISTS (SELECT 1 FROM json_each(c.consents) s WHERE s.value ->> 'state' = 'claimed' AND s.value ->> 'at' > ?3)
ORDER BY c.id LIMIT ?2`;

/** Their identities stand together in the key: first, so that nobody else is read. */
const SILENT_SQL = `
SELECT c.id FROM identities i CROSS JOIN contacts c ON c.id = i.contact
WHERE i.identity >= 'a:sub_' AND i.identity < 'a:sub\`' AND c.id > ?1 AND c.status NOT IN ${EMPTIED}
  AND (SELECT max(e.recorded_at) FROM consent_events e WHERE e.contact = c.id) < ?3
ORDER BY c.id LIMIT ?2`;

/** What one month's hygiene found and did. Ids are as the API writes them. */
export interface HygieneReport {
  readonly expired: number;
  readonly unconfirmed: number;
  /** Words on consent of the month before that were copied to the archive. */
  readonly consents_copied: number;
  /** Contacts of whom no date is known: nobody can say how long ago they were there. */
  readonly undated: number;
  readonly role_addresses: readonly string[];
  /** Contacts with an address or a number that another has too, next to each other. */
  readonly duplicates: readonly (readonly string[])[];
}

/** The monthly hygiene (SC-30). Running it again finds what is left. */
export async function runHygiene(services: Services, month: string): Promise<HygieneReport> {
  const { env, clock } = services;
  const now = clock.now();
  const from = new Date(now);
  from.setUTCFullYear(from.getUTCFullYear() - PROSPECT_YEARS);
  const report: HygieneReport = {
    expired: await emptyMatching(services, "expired", EXPIRED_SQL, [from.getTime(), await settledBefore(services)]),
    unconfirmed: await emptyMatching(services, "unconfirmed", UNCONFIRMED_SQL, [now - UNCONFIRMED_DAYS * DAY]),
    consents_copied: await copyConsents(services, month),
    undated: await undated(env.DB),
    role_addresses: await roleAddresses(env.DB),
    duplicates: await duplicates(env.DB),
  };
  const sql =
    "INSERT INTO hygiene_reports (month, report, at) VALUES (?1, ?2, ?3) ON CONFLICT (month) DO UPDATE SET " +
    "report = excluded.report, at = excluded.at";
  await env.DB.prepare(sql).bind(month, JSON.stringify(report), now).run();
  return report;
}

/**
 * Begins to erase subscribers that were silent for 30 days, with what journal and archive say of them: nobody
 * confirmed them, or who did has a contact of their own. Returns how many.
 */
export function expireSubscribers(services: Services): Promise<number> {
  const before = services.clock.now() - SUBSCRIPTION_DAYS * DAY;
  return emptyMatching(services, "subscriptions", SILENT_SQL, [before]);
}

/**
 * Copies what was said on consent in the month before to the archive: a proof that outlives the database. An erasure
 * takes the contact's lines out of it as out of any archived part.
 */
async function copyConsents({ env }: Services, month: string): Promise<number> {
  const to = Date.parse(`${month}-01T00:00:00Z`);
  const from = new Date(to);
  from.setUTCMonth(from.getUTCMonth() - 1);
  const key = "contact, seq, position, channel, purpose, action";
  const sql =
    `SELECT * FROM consent_events WHERE recorded_at >= ?1 AND recorded_at < ?2 AND (${key}) > (?3, ?4, ?5, ?6, ?7, ?8) ` +
    `ORDER BY ${key} LIMIT ${CONSENTS}`;
  let count = 0;
  for (let after: ConsentRow = { contact: 0, seq: 0, position: 0, channel: "", purpose: "", action: "" }; ; ) {
    const { contact, seq, position, channel, purpose, action } = after;
    const { results } = await env.DB.prepare(sql)
      .bind(from.getTime(), to, contact, seq, position, channel, purpose, action)
      .all<ConsentRow>();
    const [first, last] = [results[0], results.at(-1)];
    if (!first || !last) return count;
    const rest = [first.channel, first.purpose, first.action];
    const part = archiveKey("consent_events", [month, first.contact, first.seq, first.position, ...rest]);
    await writeArchive(
      env.ARCHIVE,
      part,
      results.map((row) => JSON.stringify(row)),
    );
    count += results.length;
    after = last;
  }
}

interface ConsentRow {
  readonly contact: number;
  readonly seq: number;
  readonly position: number;
  readonly channel: string;
  readonly purpose: string;
  readonly action: string;
}

async function emptyMatching(services: Services, why: string, sql: string, values: readonly number[]): Promise<number> {
  let count = 0;
  for (let after = 0; ; ) {
    const { results } = await services.env.DB.prepare(sql)
      .bind(after, TOGETHER, ...values)
      .all<{ id: number }>();
    const last = results.at(-1);
    if (!last) return count;
    const ids = results.map(({ id }) => id);
    await emptyContacts(services, derivedId("prv", why, services.clock.now(), last.id), ids, false);
    count += ids.length;
    after = last.id;
  }
}

/** The journal's number from which on rows are too young. */
async function settledBefore({ env, clock }: Services): Promise<number> {
  const sql =
    "SELECT coalesce((SELECT min(seq) FROM journal WHERE received_at > ?1), applied + 1) AS seq FROM cursor WHERE id = 1";
  return (
    (await env.DB.prepare(sql)
      .bind(clock.now() - SETTLING)
      .first<number>("seq")) ?? 0
  );
}

async function undated(db: D1Database): Promise<number> {
  const sql =
    "SELECT count(*) AS n FROM contacts c LEFT JOIN contact_metrics m ON m.contact = c.id " +
    `LEFT JOIN last_clicks k ON k.contact = c.id WHERE c.status IN ('anonymous', 'verified') AND ${LAST_CONTACT} = 0`;
  return (await db.prepare(sql).first<{ n: number }>())?.n ?? 0;
}

async function roleAddresses(db: D1Database): Promise<string[]> {
  const sql =
    "SELECT id FROM contacts WHERE email IS NOT NULL AND " +
    "substr(email, 1, instr(email, '@') - 1) IN (SELECT value FROM json_each(?1)) ORDER BY id LIMIT ?2";
  const { results } = await db.prepare(sql).bind(JSON.stringify(ROLES), LISTED).all<{ id: number }>();
  return results.map(({ id }) => contactId(id));
}

async function duplicates(db: D1Database): Promise<string[][]> {
  const same = (column: string) =>
    `SELECT group_concat(id) AS ids FROM contacts WHERE ${column} IS NOT NULL AND status NOT IN ${EMPTIED} ` +
    `AND status <> 'merged' GROUP BY ${column} HAVING count(*) > 1`;
  const sql = `${same("email")} UNION ALL ${same("phone")} LIMIT ?1`;
  const { results } = await db.prepare(sql).bind(LISTED).all<{ ids: string }>();
  return results.map(({ ids }) => ids.split(",").map((id) => contactId(Number(id))));
}
