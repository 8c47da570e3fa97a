/** A request under data protection law. Times are epoch ms. */
export interface PrivacyRequest {
  readonly id: string;
  /** 0 where it hangs on nobody. */
  readonly contact: number;
  /** `shop`: a shop's platform asks that the whole shop be forgotten. */
  readonly kind: "erasure" | "access" | "shop";
  readonly askedAt: number;
  readonly dueAt: number;
  readonly doneAt: number | null;
  readonly askedBy: string;
  readonly confirmedAt: number | null;
}

/** What a provider is asked to delete for a request. */
export interface ProviderDeletion {
  readonly request: string;
  readonly channel: string;
  readonly messages: string;
  readonly askedAt: number;
  readonly doneAt: number | null;
}

/** Where a page ends. */
export interface RequestPlace {
  readonly done: number;
  readonly dueAt: number;
  readonly id: string;
}

const COLUMNS =
  "id, contact, kind, asked_at AS askedAt, due_at AS dueAt, done_at AS doneAt, asked_by AS askedBy, confirmed_at AS confirmedAt";

/** Open requests first, the one that is due first before the others; then those that are done. */
export async function listRequests(
  db: D1Database,
  after: RequestPlace | null,
  limit: number,
): Promise<PrivacyRequest[]> {
  const order = "(done_at IS NOT NULL), due_at, id";
  const sql = `SELECT ${COLUMNS} FROM privacy_requests WHERE (${order}) > (?1, ?2, ?3) ORDER BY ${order} LIMIT ?4`;
  const { done, dueAt, id } = after ?? { done: -1, dueAt: 0, id: "" };
  return (await db.prepare(sql).bind(done, dueAt, id, limit).all<PrivacyRequest>()).results;
}

/** One request, or null. */
export async function findRequest(db: D1Database, id: string): Promise<PrivacyRequest | null> {
  return db.prepare(`SELECT ${COLUMNS} FROM privacy_requests WHERE id = ?1`).bind(id).first<PrivacyRequest>();
}

/** The request by which a contact was erased, or null. */
export async function erasureOf(db: D1Database, contact: number): Promise<string | null> {
  const sql = "SELECT id FROM privacy_requests WHERE contact = ?1 AND kind = 'erasure' ORDER BY asked_at LIMIT 1";
  return (await db.prepare(sql).bind(contact).first<{ id: string }>())?.id ?? null;
}

/** Notes that the person asked for it themselves; the first time stays. */
export async function markConfirmed(db: D1Database, id: string, at: number): Promise<void> {
  const sql = "UPDATE privacy_requests SET confirmed_at = ?2 WHERE id = ?1 AND confirmed_at IS NULL";
  await db.prepare(sql).bind(id, at).run();
}

/** Marks a request as answered; the first time stays. */
export async function markDone(db: D1Database, id: string, at: number): Promise<void> {
  await db.prepare("UPDATE privacy_requests SET done_at = ?2 WHERE id = ?1 AND done_at IS NULL").bind(id, at).run();
}

/** What providers are asked to delete for these requests. */
export async function deletionsOf(db: D1Database, requests: readonly string[]): Promise<ProviderDeletion[]> {
  const sql =
    "SELECT request, channel, messages, asked_at AS askedAt, done_at AS doneAt FROM provider_deletions " +
    "WHERE request IN (SELECT value FROM json_each(?1)) ORDER BY request, channel";
  return (await db.prepare(sql).bind(JSON.stringify(requests)).all<ProviderDeletion>()).results;
}

/** Notes that a provider has deleted what it was asked to; the first time stays. False where nothing was asked. */
export async function markDeleted(db: D1Database, request: string, channel: string, at: number): Promise<boolean> {
  const sql =
    "UPDATE provider_deletions SET done_at = coalesce(done_at, ?3) WHERE request = ?1 AND channel = ?2 RETURNING channel";
  return (await db.prepare(sql).bind(request, channel, at).first()) !== null;
}

/** The reports of the monthly hygiene, newest first. */
export async function hygieneReports(db: D1Database): Promise<{ month: string; report: string; at: number }[]> {
  const sql = "SELECT month, report, at FROM hygiene_reports ORDER BY month DESC LIMIT 24";
  return (await db.prepare(sql).all<{ month: string; report: string; at: number }>()).results;
}
