import type { InboxMessage, InboxStore } from "../sends/channels/inbox";

const CREATE =
  "CREATE TABLE IF NOT EXISTS local_inbox (id TEXT PRIMARY KEY, at INTEGER NOT NULL, channel TEXT NOT NULL, address TEXT NOT NULL, message TEXT NOT NULL)";

/** Keeps messages in the local database, once per send. */
export function inboxStore(db: D1Database): InboxStore {
  let created: Promise<unknown> | null = null;
  return async (message) => {
    created ??= db.prepare(CREATE).run();
    await created;
    const sql = "INSERT OR IGNORE INTO local_inbox (id, at, channel, address, message) VALUES (?1, ?2, ?3, ?4, ?5)";
    await db.prepare(sql).bind(message.id, message.sentAt, message.channel, message.to, JSON.stringify(message)).run();
  };
}

/** The newest messages first, of one channel or address where asked. */
export async function readInbox(
  db: D1Database,
  channel: string | null,
  to: string | null,
  limit = 500,
): Promise<InboxMessage[]> {
  await db.prepare(CREATE).run();
  const sql =
    "SELECT message FROM local_inbox WHERE (?1 IS NULL OR channel = ?1) AND (?2 IS NULL OR address = ?2) " +
    "ORDER BY at DESC, rowid DESC LIMIT ?3";
  const { results } = await db.prepare(sql).bind(channel, to, limit).all<{ message: string }>();
  return results.map(({ message }) => JSON.parse(message) as InboxMessage);
}

/** One message by its id, or null. */
export async function readInboxMessage(db: D1Database, id: string): Promise<InboxMessage | null> {
  await db.prepare(CREATE).run();
  const sql = "SELECT message FROM local_inbox WHERE id = ?1";
  const row = await db.prepare(sql).bind(id).first<{ message: string }>();
  return row && (JSON.parse(row.message) as InboxMessage);
}
