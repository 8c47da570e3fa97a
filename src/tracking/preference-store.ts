import { familyOf } from "../contacts/wanted";
import { readSetting } from "../platform/settings";

/** A message that reached somebody, with why it was sent. Times are epoch ms. */
export interface SentMessage {
  readonly id: string;
  readonly channel: string;
  readonly at: number;
  /** What was frozen with the message, as JSON. */
  readonly frozen: string;
  /** What the shop calls the scenario or the campaign that it is of. */
  readonly scenario: string | null;
}

const MOST = 5;

/** The last marketing messages of a contact and of whom it took over, newest first. */
export function selectSent(db: D1Database, contact: number): D1PreparedStatement {
  const sql =
    "SELECT s.id, s.channel, coalesce(s.first_attempt_at, s.created_at) AS at, s.data AS frozen, coalesce(c.name, g.name) AS scenario " +
    `FROM sends s LEFT JOIN scenarios c ON c.id = s.scenario LEFT JOIN campaigns g ON g.id = s.run WHERE s.contact IN (${familyOf("?1")}) AND s.state = 'sent' ` +
    `AND s.class = 'marketing' ORDER BY s.created_at DESC LIMIT ${MOST}`;
  return db.prepare(sql).bind(contact);
}

/** The lines of the last carts of a contact and of whom it took over, as JSON. */
export function selectCartLines(db: D1Database, contact: number): D1PreparedStatement {
  const sql = `SELECT lines FROM carts WHERE contact IN (${familyOf("?1")}) ORDER BY changed_at DESC LIMIT 3`;
  return db.prepare(sql).bind(contact);
}

/** The topics that a shop offers, in its order; none where it named none. */
export async function readTopics(db: D1Database): Promise<readonly { key: string; en: string; fr: string }[]> {
  return JSON.parse((await readSetting(db, "topics")) ?? "[]") as { key: string; en: string; fr: string }[];
}
