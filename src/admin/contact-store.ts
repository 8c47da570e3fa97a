import { normaliseEmail } from "../contacts/address";
import type { Profile } from "../contacts/profile";
import type { Visit } from "../contacts/star/visit";
import { readContact, selectContacts } from "../contacts/store";
import { familyOf, headOf } from "../contacts/wanted";
import type { ScoreRow } from "../segments/rfm/read-store";
import { selectScores } from "../segments/rfm/read-store";

/** A contact as the admin API reads it. Times are epoch ms, money minor units of the shop's currency. */
export interface ContactRow {
  readonly id: number;
  readonly profile: Profile;
  /** The last visit, which may still go on. */
  readonly visit: Visit | null;
  readonly seenAt: number;
  readonly orders: number;
  readonly netTotal: number;
  readonly firstOrderAt: number | null;
  readonly lastOrderAt: number | null;
  /** The live scores; null for whoever has no valid order, or before the first run. */
  readonly rfm: ScoreRow | null;
  /** Keys of simple segments, and of exclusive ones behind that of their family and a colon. */
  readonly segments: readonly string[];
}

interface MetricsRow {
  readonly contact: number;
  readonly orders: number;
  readonly netTotal: number;
  readonly firstOrderAt: number | null;
  readonly lastOrderAt: number | null;
}

/** Contacts by their rows, in the order of the rows asked for. */
export async function readContacts(db: D1Database, ids: readonly number[]): Promise<ContactRow[]> {
  if (ids.length === 0) return [];
  const json = JSON.stringify(ids);
  const figures =
    "SELECT contact, orders, net_total AS netTotal, first_order_at AS firstOrderAt, last_order_at AS lastOrderAt " +
    "FROM contact_metrics WHERE contact IN (SELECT value FROM json_each(?1))";
  const inside =
    "SELECT m.contact, CASE WHEN m.segment = m.family THEN m.segment ELSE m.family || ':' || m.segment END AS segment " +
    "FROM segment_families AS f JOIN segment_members AS m ON m.family = f.family " +
    "AND m.contact IN (SELECT value FROM json_each(?1)) ORDER BY segment";
  const [people, metrics, members, scores] = await db.batch([
    selectContacts(db, json),
    db.prepare(figures).bind(json),
    db.prepare(inside).bind(json),
    selectScores(db, json),
  ]);
  const among = Map.groupBy((members?.results ?? []) as { contact: number; segment: string }[], (row) => row.contact);
  const scored = new Map(((scores?.results ?? []) as ScoreRow[]).map((row) => [row.contact, row]));
  const byContact = new Map(((metrics?.results ?? []) as MetricsRow[]).map((row) => [row.contact, row]));
  const none = { orders: 0, netTotal: 0, firstOrderAt: null, lastOrderAt: null };
  const rows = (people?.results ?? []).map((row): ContactRow => {
    const { base, profile, star } = readContact(row);
    const { contact: _contact, ...known } = byContact.get(base.id) ?? { contact: base.id, ...none };
    const segments = (among.get(base.id) ?? []).map(({ segment }) => segment);
    const rfm = scored.get(base.id) ?? null;
    return { id: base.id, profile, visit: star.visit, seenAt: base.seenAt, ...known, rfm, segments };
  });
  return rows.sort((left, right) => ids.indexOf(left.id) - ids.indexOf(right.id));
}

/** How contacts are looked for; what is stated must all hold. */
export interface ContactSearch {
  readonly email?: string | undefined;
  readonly externalId?: string | undefined;
  readonly anonymousId?: string | undefined;
}

/** Rows of the contacts that are neither merged into others nor empty, newest first, below a row where one is given. */
export async function findContacts(
  db: D1Database,
  { email, externalId, anonymousId }: ContactSearch,
  below: number | null,
  limit: number,
): Promise<number[]> {
  const values: (string | number)[] = [];
  const put = (value: string | number): string => `?${values.push(value)}`;
  const conditions = ["c.status NOT IN ('merged', 'erased', 'expired')"];
  if (below !== null) conditions.push(`c.id < ${put(below)}`);
  if (email !== undefined) {
    const address = put(normaliseEmail(email) ?? "");
    const claimed = `SELECT id FROM contacts WHERE claimed_email = ${address}`;
    const verified = `SELECT ${headOf("o")} FROM contacts o WHERE o.email = ${address}`;
    conditions.push(`c.id IN (${verified} UNION ALL ${claimed})`);
  }
  if (externalId !== undefined) {
    // The last kind is a browser on which somebody else's number was claimed; there are few of them.
    const among = `i.identity IN (${put(`u:${externalId}`)}, ${put(`c:${externalId}`)})`;
    const claim = put(`|${externalId}`);
    const claimed = `i.identity >= 'x:' AND i.identity < 'x;' AND substr(i.identity, -length(${claim})) = ${claim}`;
    conditions.push(`c.id IN (${ownersWhere(among)} UNION ALL ${ownersWhere(claimed)})`);
  }
  if (anonymousId !== undefined) {
    const among = `i.identity = ${put(`a:${anonymousId}`)}`;
    const from = put(`x:${anonymousId}|`);
    const claimed = `i.identity >= ${from} AND i.identity < ${put(`x:${anonymousId}}`)}`;
    conditions.push(`c.id IN (${ownersWhere(among)} UNION ALL ${ownersWhere(claimed)})`);
  }
  const sql = `SELECT c.id FROM contacts c WHERE ${conditions.join(" AND ")} ORDER BY c.id DESC LIMIT ${put(limit)}`;
  const { results } = await db
    .prepare(sql)
    .bind(...values)
    .all<{ id: number }>();
  return results.map(({ id }) => id);
}

/** The contacts behind identities; whoever was taken over counts as who took them over. */
function ownersWhere(condition: string): string {
  return `SELECT ${headOf("o")} FROM identities i JOIN contacts o ON o.id = i.contact WHERE ${condition}`;
}

/** A contact with whoever was merged into it, and every identity of theirs, as contacts/identity.ts writes them. */
export interface Family {
  readonly contacts: readonly number[];
  readonly identities: ReadonlySet<string>;
}

export async function readFamily(db: D1Database, contact: number): Promise<Family> {
  const ids = familyOf("?1");
  const [members, named] = await db.batch([
    db.prepare(ids).bind(contact),
    db.prepare(`SELECT identity FROM identities WHERE contact IN (${ids})`).bind(contact),
  ]);
  return {
    contacts: ((members?.results ?? []) as { id: number }[]).map(({ id }) => id),
    identities: new Set(((named?.results ?? []) as { identity: string }[]).map(({ identity }) => identity)),
  };
}
