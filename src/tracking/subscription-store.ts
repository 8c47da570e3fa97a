import { EMPTIED } from "../contacts/profile";
import { OPTIN } from "../contacts/subscription";

/** The message that a confirmation link came with. Times are epoch ms. */
export interface Confirmation {
  readonly address: string;
  readonly channel: "email" | "sms";
  readonly state: string;
  readonly sentAt: number;
}

/** What was sent to a subscriber under this id; null where there is none any more. */
export function selectConfirmation(db: D1Database, contact: number, send: string): D1PreparedStatement {
  const sql =
    "SELECT address, channel, state, coalesce(first_attempt_at, created_at) AS sentAt FROM sends " +
    `WHERE contact = ?1 AND id = ?2 AND run = '${OPTIN}'`;
  return db.prepare(sql).bind(contact, send);
}

/** The last confirmation that left for a subscriber. */
export async function lastConfirmation(
  db: D1Database,
  contact: number,
  channel: string,
): Promise<{ id: string; sentAt: number } | null> {
  const sql =
    "SELECT id, coalesce(first_attempt_at, created_at) AS sentAt FROM sends " +
    `WHERE contact = ?1 AND run = '${OPTIN}' AND channel = ?2 ORDER BY created_at DESC LIMIT 1`;
  return db.prepare(sql).bind(contact, channel).first<{ id: string; sentAt: number }>();
}

/** A contact's consent ledger, oldest first. */
export function selectLedger(db: D1Database, contact: number): D1PreparedStatement {
  const sql =
    "SELECT e.seq, e.position, e.channel, e.purpose, e.action, e.at, e.wording, e.wording_id, e.source, e.form, e.way, " +
    "e.origin, e.agent, w.text FROM consent_events e LEFT JOIN wordings w ON w.id = e.wording_id " +
    "WHERE e.contact = ?1 ORDER BY e.seq, e.position";
  return db.prepare(sql).bind(contact);
}

/** The contact behind an identity; null where there is none. */
export async function contactBehind(db: D1Database, identity: string): Promise<number | null> {
  const sql = "SELECT contact FROM identities WHERE identity = ?1";
  return (await db.prepare(sql).bind(identity).first<{ contact: number }>())?.contact ?? null;
}

/** The contacts behind identities that hold anything. */
export async function livingBehind(db: D1Database, identities: readonly string[]): Promise<readonly number[]> {
  const sql =
    "SELECT c.id FROM identities i JOIN contacts c ON c.id = i.contact " +
    `WHERE i.identity IN (SELECT value FROM json_each(?1)) AND c.status NOT IN ${EMPTIED} ORDER BY c.id`;
  const { results } = await db.prepare(sql).bind(JSON.stringify(identities)).all<{ id: number }>();
  return results.map(({ id }) => id);
}
