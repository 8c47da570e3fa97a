import type { PermitRow } from "../decisions/permit";
import { SEND_HEAD_JOIN } from "../decisions/permit";
import type { Hit } from "./machine";
import { tailOf } from "./short";

/** A row of `sends`, whatever its state. */
export type StoredSend = Omit<PermitRow, "state"> & { readonly state: string };

/** A message as a link of it is judged by. */
export interface LinkedSend extends StoredSend {
  /** When the provider said that it was delivered; epoch ms, null where it has not. */
  readonly delivered_at: number | null;
  readonly updated_at: number;
  /** The consents of whoever stands for its contact now, as JSON; null for an erased one. */
  readonly consents: string | null;
}

/** A message that links lead to, with what was followed of it before; null where it is gone. */
export async function readLinked(
  db: D1Database,
  contact: number,
  send: string,
): Promise<{ readonly row: LinkedSend; readonly hits: readonly Hit[] } | null> {
  const sql =
    "SELECT s.*, c.consents, (SELECT at FROM message_acts a WHERE a.contact = s.contact AND a.send = s.id " +
    `AND a.kind = 'delivered') AS delivered_at FROM sends s ${SEND_HEAD_JOIN} WHERE s.contact = ?1 AND s.id = ?2`;
  const [found, hits] = await db.batch([db.prepare(sql).bind(contact, send), selectHits(db, contact, send)]);
  const row = found?.results[0] as LinkedSend | undefined;
  return row ? { row, hits: (hits?.results ?? []) as Hit[] } : null;
}

/** What is known by now of what was done about a message. */
export interface Heard {
  readonly hits: readonly Hit[];
  /** When the provider said that it was delivered; epoch ms, null where it has not. */
  readonly deliveredAt: number | null;
}

export async function readHeard(db: D1Database, contact: number, send: string): Promise<Heard> {
  const sql = "SELECT at FROM message_acts WHERE contact = ?1 AND send = ?2 AND kind = 'delivered'";
  const [hits, delivered] = await db.batch([selectHits(db, contact, send), db.prepare(sql).bind(contact, send)]);
  const [told] = (delivered?.results ?? []) as { at: number }[];
  return { hits: (hits?.results ?? []) as Hit[], deliveredAt: told?.at ?? null };
}

/** What was followed of a message. */
export async function readHits(db: D1Database, contact: number, send: string): Promise<readonly Hit[]> {
  return (await selectHits(db, contact, send).all<Hit>()).results;
}

function selectHits(db: D1Database, contact: number, send: string): D1PreparedStatement {
  return db.prepare("SELECT place, at, machine FROM message_hits WHERE contact = ?1 AND send = ?2").bind(contact, send);
}

/** The id of the message that a short code names; null where the contact has none such any more. */
export async function findByTail(db: D1Database, contact: number, tail: number): Promise<string | null> {
  const sql = "SELECT id FROM sends WHERE contact = ?1 AND channel = 'sms'";
  const { results } = await db.prepare(sql).bind(contact).all<{ id: string }>();
  return results.find(({ id }) => tailOf(id) === tail)?.id ?? null;
}
