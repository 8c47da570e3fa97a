import { familyOf, headOf } from "../contacts/wanted";

/** An audience with how many are in it now. */
export interface AudienceSize {
  readonly audience: string;
  readonly members: number;
}

/** Somebody in an audience, and since when (epoch ms). */
export interface AudienceMember {
  /** The contact with whom the row stays; its place in the list. */
  readonly contact: number;
  /** Whoever stands for that contact by now. */
  readonly head: number;
  readonly since: number;
}

const HEAD = `CASE WHEN c.merged_into IS NULL THEN m.contact ELSE ${headOf("c")} END`;

/** Rows of who is in an audience: of contacts who were merged the one that was said last, so that nobody is in it twice. */
const MEMBERS =
  `SELECT m.audience, m.contact, ${HEAD} AS head, m.at AS since FROM audience_members m ` +
  "LEFT JOIN contacts c ON c.id = m.contact WHERE m.member = 1 AND NOT EXISTS (SELECT 1 FROM audience_members o " +
  `WHERE o.contact IN (${familyOf(`(${HEAD})`)}) AND o.audience = m.audience ` +
  "AND (o.at > m.at OR (o.at = m.at AND o.contact < m.contact)))";

/** Every audience that anybody is in, by name. */
export async function listAudiences(db: D1Database): Promise<AudienceSize[]> {
  const sql = `SELECT audience, count(*) AS members FROM (${MEMBERS}) GROUP BY audience ORDER BY audience`;
  return (await db.prepare(sql).all<AudienceSize>()).results;
}

/** Who is in an audience, by the contact of their row, behind one of them. */
export async function listAudienceMembers(
  db: D1Database,
  audience: string,
  after: number,
  limit: number,
): Promise<AudienceMember[]> {
  const sql =
    `SELECT contact, head, since FROM (${MEMBERS} AND m.audience = ?1 AND m.contact > ?2) ` +
    "ORDER BY contact LIMIT ?3";
  return (await db.prepare(sql).bind(audience, after, limit).all<AudienceMember>()).results;
}
