import { EMPTIED } from "../../contacts/profile";
import { SEND_HEAD_JOIN, waitsSql } from "../../decisions/permit";
import { refusedSql } from "../../decisions/refusal";

import { OF_PAGES } from "./campaign-store";

/** Messages of a page that are not settled, by what else is true of them. */
const OPEN =
  "SELECT 1 FROM json_each(campaign_pages.contacts) e JOIN sends s ON s.contact = e.value AND s.run = ?1 WHERE s.open > 0";

/** Closes released pages whose messages are all settled. */
export async function closePages(db: D1Database, id: string): Promise<void> {
  const sql = `UPDATE campaign_pages SET state = 'done' WHERE campaign = ?1 AND state = 'released' AND NOT EXISTS (${OPEN})`;
  await db.prepare(sql).bind(id).run();
}

/**
 * Takes released pages of which everything left was put off by the permit back to where they wait for a time: the first of
 * those of their messages. They keep no others from their turn, and nobody looks at them until then.
 */
export async function setAside(db: D1Database, id: string, now: number): Promise<void> {
  const first = OPEN.replace("SELECT 1", "SELECT min(s.next_at)");
  const sql =
    `UPDATE campaign_pages SET state = 'prepared', due_at = (${first}) WHERE campaign = ?1 AND state = 'released' ` +
    `AND EXISTS (${OPEN}) AND NOT EXISTS (${OPEN} AND NOT (s.open = 2 AND s.state = 'queued' AND s.next_at > ?2))`;
  await db.prepare(sql).bind(id, now).run();
}

/** Whether messages of released pages are on their way: not those that somebody or something keeps waiting. */
export async function areLeaving(db: D1Database, id: string, now: number): Promise<boolean> {
  const sql =
    `SELECT 1 AS found FROM campaign_pages p CROSS JOIN json_each(p.contacts) e CROSS JOIN sends s ON s.contact = e.value AND s.run = ?1 ` +
    `${SEND_HEAD_JOIN} WHERE p.campaign = ?1 AND p.state = 'released' AND s.open > 0 AND s.next_at <= ?2 AND NOT ${waitsSql("?2")} LIMIT 1`;
  return (await db.prepare(sql).bind(id, now).first()) !== null;
}

const REFUSED_SQL = refusedSql(`(SELECT s.* FROM ${OF_PAGES} WHERE p.campaign = ?1) s`);

/** Settles what a cancelled campaign has not handed to anybody; what is in flight settles itself. */
export async function withdraw(db: D1Database, id: string, now: number): Promise<void> {
  await db.batch([
    db
      .prepare(
        "UPDATE sends SET state = 'suppressed', reason = 'campaign_cancelled', open = 0, updated_at = ?2 " +
          "WHERE run = ?1 AND state = 'queued' AND open > 0 AND contact IN (SELECT e.value FROM campaign_pages p, " +
          "json_each(p.contacts) e WHERE p.campaign = ?1 AND p.state IN ('prepared', 'released'))",
      )
      .bind(id, now),
    db.prepare(REFUSED_SQL).bind(id, now, "[]", "[]"),
    db
      .prepare(
        "UPDATE campaign_pages SET state = 'released', released_at = ?2 WHERE campaign = ?1 AND state = 'prepared'",
      )
      .bind(id, now),
    // Of whom nothing was decided there is nothing to settle.
    db.prepare("UPDATE campaign_pages SET state = 'done' WHERE campaign = ?1 AND state = 'frozen'").bind(id),
  ]);
}

/** Takes back what was made for contacts that are empty by now: whoever made it had read them before. */
export function forgetEmptied(db: D1Database, id: string, contacts: readonly number[]): D1PreparedStatement[] {
  const emptied = `SELECT c.id FROM json_each(?2) e JOIN contacts c ON c.id = e.value WHERE c.status IN ${EMPTIED}`;
  return ["sends", "decisions"].map((table) =>
    db.prepare(`DELETE FROM ${table} WHERE contact IN (${emptied}) AND run = ?1`).bind(id, JSON.stringify(contacts)),
  );
}
