import type { SendKey } from "../decisions/permit";
import { OF_CAMPAIGNS } from "../sends/campaigns/kept";

/** A message that was permitted, with how it stands. Times are epoch ms. */
export interface SendRow {
  readonly contact: number;
  readonly id: string;
  readonly run: string;
  readonly scenario: string;
  readonly block: string;
  readonly channel: string;
  readonly class: string;
  readonly content: string;
  readonly contentVersion: number;
  readonly state: string;
  readonly reason: string | null;
  readonly attempts: number;
  readonly nextAt: number;
  readonly firstAttemptAt: number | null;
  readonly providerId: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** The name of the campaign that it is of; null for one of a scenario. */
  readonly campaign: string | null;
  /** What the list is ordered by. */
  readonly place: number;
}

export const SEND_STATES = ["queued", "claimed", "sent", "suppressed", "failed", "unknown"] as const;
export type SendState = (typeof SEND_STATES)[number];

const COLUMNS =
  "s.contact, s.id, s.run, s.scenario, s.block, s.channel, s.class, s.content, s.content_version AS contentVersion, " +
  "s.state, s.reason, s.attempts, s.next_at AS nextAt, s.first_attempt_at AS firstAttemptAt, " +
  "s.provider_id AS providerId, s.created_at AS createdAt, s.updated_at AS updatedAt";

/** With the campaign that a message is of. */
const NAMED = "SELECT m.*, g.name AS campaign";
const CAMPAIGN_JOIN = "LEFT JOIN campaigns g ON g.id = m.run";

const DECIDED = "decisions d JOIN sends s ON s.contact = d.contact AND s.id = d.send WHERE d.outcome = 'send'";

/** Where sends are found, and what they are ordered by there. */
interface Source {
  readonly from: string;
  readonly place: string;
}

/**
 * Where a state's sends are found. Open and stuck ones have an index each; the others are come by through the
 * decisions, as an index over all states would cost three rows a message, and those of campaigns through their pages.
 */
function sourcesOf(state: SendState | undefined): readonly Source[] {
  if (state === "failed" || state === "unknown") {
    return [{ from: "sends s WHERE s.state IN ('failed', 'unknown')", place: "s.updated_at" }];
  }
  if (state === undefined || state === "sent" || state === "suppressed") {
    return [
      { from: DECIDED, place: "d.at" },
      { from: OF_CAMPAIGNS, place: "p.made_at" },
    ];
  }
  const pages = state === "queued" ? "('prepared', 'released')" : "('released')";
  return [
    { from: "sends s WHERE s.open = 1", place: "s.created_at" },
    { from: `${OF_CAMPAIGNS} AND p.state IN ${pages} AND s.open = 2`, place: "p.made_at" },
  ];
}

export interface SendPlace {
  readonly place: number;
  readonly contact: number;
  readonly id: string;
}

/** Sends in one state or in any, newest first. */
export async function listSends(
  db: D1Database,
  state: SendState | undefined,
  after: SendPlace | null,
  limit: number,
): Promise<SendRow[]> {
  // Each source gives no more than the page: which of them come first is seen when they are put together.
  const parts = sourcesOf(state).map(
    ({ from, place }) =>
      `SELECT * FROM (SELECT ${COLUMNS}, ${place} AS place FROM ${from} AND (?1 IS NULL OR s.state = ?1) ` +
      `AND (?2 IS NULL OR (${place}, s.contact, s.id) < (?2, ?3, ?4)) ` +
      `ORDER BY ${place} DESC, s.contact DESC, s.id DESC LIMIT ?5)`,
  );
  const sql = `${NAMED} FROM (${parts.join(" UNION ALL ")}) m ${CAMPAIGN_JOIN} ORDER BY place DESC, contact DESC, id DESC LIMIT ?5`;
  const values = [state ?? null, after?.place ?? null, after?.contact ?? 0, after?.id ?? "", limit];
  return (
    await db
      .prepare(sql)
      .bind(...values)
      .all<SendRow>()
  ).results;
}

/** A send by its id alone; null where there is none. */
export async function findSend(db: D1Database, id: string): Promise<SendRow | null> {
  const by = (condition: string): D1PreparedStatement =>
    db
      .prepare(
        `${NAMED} FROM (SELECT ${COLUMNS}, s.updated_at AS place FROM sends s WHERE ${condition} s.id = ?1 LIMIT 1) m ` +
          CAMPAIGN_JOIN,
      )
      .bind(id);
  // Those that are stuck are the ones that are asked for; only to explain a refusal is the whole table read.
  const stuck = await by("s.state IN ('failed', 'unknown') AND").first<SendRow>();
  return stuck ?? (await by("").first<SendRow>());
}

/**
 * Puts a send that failed, or of which nobody knows, back in line. The count of its first attempt begins anew, as
 * somebody has taken the decision to repeat it. False where it has moved on meanwhile.
 */
export async function requeueSend(db: D1Database, { contact, id }: SendKey, now: number): Promise<boolean> {
  const sql =
    "UPDATE sends SET state = 'queued', open = 1, reason = 'replayed_by_admin', next_at = ?3, lease_until = 0, " +
    "first_attempt_at = NULL, updated_at = ?3 WHERE contact = ?1 AND id = ?2 AND state IN ('failed', 'unknown')";
  const { meta } = await db.prepare(sql).bind(contact, id, now).run();
  return meta.changes > 0;
}
