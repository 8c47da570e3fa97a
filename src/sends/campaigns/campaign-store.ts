import type { SendKey } from "../../decisions/permit";
import type { ArmCount } from "../../scenarios/winner";
import type { CampaignDefinition } from "./definition";
import type { Bucket } from "./plan";

export type CampaignState = "draft" | "confirmed" | "paused" | "cancelled" | "done";

/** The content that a test ended with. Times are epoch ms. */
export interface CampaignWinner {
  readonly arm: string;
  readonly cause: "figures" | "time";
  readonly at: number;
  readonly counts: readonly ArmCount[];
}

/** A campaign as it stands. Times are epoch ms. */
export interface Campaign {
  readonly id: string;
  readonly name: string;
  readonly definition: CampaignDefinition;
  readonly state: CampaignState;
  readonly reason: string | null;
  /** How many it was confirmed for. */
  readonly audience: number | null;
  readonly frozen: number;
  readonly createdAt: number;
  readonly confirmedAt: number | null;
  readonly startsAt: number | null;
  readonly freezeAfter: number;
  readonly frozenAt: number | null;
  readonly versions: Readonly<Record<string, number>>;
  readonly winner: CampaignWinner | null;
  readonly endedAt: number | null;
}

type Json = "definition" | "versions" | "winner";
type Stored = Omit<Campaign, Json> & Record<Json, string | null>;

const SELECT =
  "SELECT id, name, definition, state, reason, audience, frozen, created_at AS createdAt, confirmed_at AS confirmedAt, " +
  "starts_at AS startsAt, freeze_after AS freezeAfter, frozen_at AS frozenAt, versions, winner, ended_at AS endedAt FROM campaigns";

function read(row: Stored): Campaign {
  const parsed = <T>(text: string | null): T => JSON.parse(text ?? "null") as T;
  return {
    ...row,
    definition: parsed(row.definition),
    versions: parsed<Record<string, number> | null>(row.versions) ?? {},
    winner: parsed(row.winner),
  };
}

export async function findCampaign(db: D1Database, id: string): Promise<Campaign | null> {
  const row = await db.prepare(`${SELECT} WHERE id = ?1`).bind(id).first<Stored>();
  return row && read(row);
}

/** Campaigns, the newest first. */
export async function listCampaigns(
  db: D1Database,
  after: { readonly createdAt: number; readonly id: string } | null,
  limit: number,
): Promise<Campaign[]> {
  const sql = `${SELECT} WHERE ?1 IS NULL OR (created_at, id) < (?1, ?2) ORDER BY created_at DESC, id DESC LIMIT ?3`;
  const { results } = await db
    .prepare(sql)
    .bind(after?.createdAt ?? null, after?.id ?? "", limit)
    .all<Stored>();
  return results.map(read);
}

/** Campaigns that are on their way and that nobody has touched since a moment. */
export async function openCampaigns(db: D1Database, untouchedSince: number): Promise<string[]> {
  const sql =
    "SELECT id FROM campaigns INDEXED BY campaigns_open WHERE confirmed_at IS NOT NULL AND ended_at IS NULL " +
    "AND touched_at <= ?1 AND state <> 'paused' ORDER BY touched_at";
  return (await db.prepare(sql).bind(untouchedSince).all<{ id: string }>()).results.map(({ id }) => id);
}

/** Writes a draft down; one that is there already stays as it is. */
export async function putDraft(
  db: D1Database,
  { id, name, definition }: Pick<Campaign, "id" | "name" | "definition">,
  now: number,
): Promise<void> {
  const sql =
    "INSERT INTO campaigns (id, name, definition, state, frozen, created_at, freeze_after, touched_at) " +
    "VALUES (?1, ?2, ?3, 'draft', 0, ?4, 0, ?4) ON CONFLICT DO NOTHING";
  await db.prepare(sql).bind(id, name, JSON.stringify(definition), now).run();
}

/** Confirms a draft, once; false where it is none any more. */
export async function confirmDraft(
  db: D1Database,
  id: string,
  { audience, startsAt, versions }: Pick<Campaign, "audience" | "startsAt" | "versions">,
  now: number,
): Promise<boolean> {
  const sql =
    "UPDATE campaigns SET state = 'confirmed', audience = ?2, starts_at = ?3, versions = ?4, confirmed_at = ?5, touched_at = ?5 " +
    "WHERE id = ?1 AND state = 'draft'";
  const done = await db.prepare(sql).bind(id, audience, startsAt, JSON.stringify(versions), now).run();
  return done.meta.changes > 0;
}

/** Moves a campaign from one of some states to another; false where it is in none of them. */
export function moveCampaign(
  db: D1Database,
  id: string,
  from: readonly CampaignState[],
  to: CampaignState,
  reason: string | null,
  now: number,
): D1PreparedStatement {
  const sql =
    "UPDATE campaigns SET state = ?3, reason = ?4, touched_at = ?5, " +
    // A draft that is given up, and one whose work is over, are at their end at once.
    "ended_at = CASE WHEN ?3 = 'done' OR (?3 = 'cancelled' AND confirmed_at IS NULL) THEN ?5 ELSE ended_at END " +
    "WHERE id = ?1 AND state IN (SELECT value FROM json_each(?2))";
  return db.prepare(sql).bind(id, JSON.stringify(from), to, reason, now);
}

/** Goes on with a paused campaign, whose messages are late from a moment (epoch ms) on, however long it was paused. */
export async function goOn(db: D1Database, { id, reason }: Campaign, lateFrom: number, now: number): Promise<void> {
  await db.batch([
    db.prepare("UPDATE campaigns SET late_from = ?2 WHERE id = ?1 AND state = 'paused'").bind(id, lateFrom),
    // Why it had paused itself stays: somebody has seen it, and it does not stop for that again.
    moveCampaign(db, id, ["paused"], "confirmed", reason, now),
  ]);
}

export async function touchCampaign(db: D1Database, id: string, now: number): Promise<void> {
  await db.prepare("UPDATE campaigns SET touched_at = ?2 WHERE id = ?1 AND touched_at < ?2").bind(id, now).run();
}

export async function endCampaign(db: D1Database, id: string, now: number): Promise<void> {
  const sql =
    "UPDATE campaigns SET ended_at = ?2, state = CASE state WHEN 'confirmed' THEN 'done' ELSE state END " +
    "WHERE id = ?1 AND ended_at IS NULL";
  await db.prepare(sql).bind(id, now).run();
}

export async function putWinner(db: D1Database, id: string, winner: CampaignWinner): Promise<void> {
  const sql = "UPDATE campaigns SET winner = ?2 WHERE id = ?1 AND winner IS NULL";
  await db.prepare(sql).bind(id, JSON.stringify(winner)).run();
}

const PAGE_SQL =
  "INSERT INTO campaign_pages (campaign, page, state, arm, stage, planned_at, due_at, withheld, contacts, control) " +
  "SELECT ?1, (SELECT coalesce(max(page), 0) + 1 FROM campaign_pages WHERE campaign = ?1), 'frozen', ?2, ?3, ?4, ?5, '{}', ?6, '[]'";

/**
 * Freezes contacts up to one: their pages and the place behind them, all or nothing. Whoever froze the same ones first has
 * moved the place, and then nothing is written.
 */
export async function freeze(
  db: D1Database,
  { id, freezeAfter }: Pick<Campaign, "id" | "freezeAfter">,
  buckets: readonly (Bucket & { readonly dueAt: number | null })[],
  upTo: number | null,
  now: number,
): Promise<void> {
  const guard =
    "WHERE EXISTS (SELECT 1 FROM campaigns WHERE id = ?1 AND freeze_after = ?7 AND frozen_at IS NULL AND state = 'confirmed')";
  const pages = buckets.map(({ arm, stage, plannedAt, dueAt, contacts }) =>
    db.prepare(`${PAGE_SQL} ${guard}`).bind(id, arm, stage, plannedAt, dueAt, JSON.stringify(contacts), freezeAfter),
  );
  const found = buckets.reduce((sum, { contacts }) => sum + contacts.length, 0);
  const place = db
    .prepare(
      "UPDATE campaigns SET frozen = frozen + ?2, freeze_after = coalesce(?3, freeze_after), frozen_at = ?4 " +
        "WHERE id = ?1 AND freeze_after = ?5 AND frozen_at IS NULL AND state = 'confirmed'",
    )
    .bind(id, found, upTo, upTo === null ? now : null, freezeAfter);
  await db.batch([...pages, place]);
}

/** A page of the frozen audience. Times are epoch ms. */
export interface CampaignPage {
  readonly page: number;
  readonly state: "frozen" | "prepared" | "released" | "done";
  readonly arm: string | null;
  readonly stage: number;
  readonly plannedAt: number;
  readonly dueAt: number | null;
  readonly releasedAt: number | null;
}

/** Pages that are not at their end, in the order in which they are due. */
export async function openPages(db: D1Database, id: string): Promise<CampaignPage[]> {
  const sql =
    "SELECT page, state, arm, stage, planned_at AS plannedAt, due_at AS dueAt, released_at AS releasedAt FROM campaign_pages " +
    "WHERE campaign = ?1 AND state <> 'done' ORDER BY due_at IS NULL, due_at, page";
  return (await db.prepare(sql).bind(id).all<CampaignPage>()).results;
}

export async function contactsOf(db: D1Database, id: string, page: number): Promise<number[]> {
  const sql = "SELECT contacts FROM campaign_pages WHERE campaign = ?1 AND page = ?2 AND state = 'frozen'";
  const text = await db.prepare(sql).bind(id, page).first<string>("contacts");
  return JSON.parse(text ?? "[]") as number[];
}

/** What became of a page when its messages were made. */
export interface Prepared {
  readonly contacts: readonly number[];
  readonly control: readonly number[];
  readonly withheld: Readonly<Record<string, number>>;
  /** Contacts to be asked about again, by when. */
  readonly held: ReadonlyMap<number, readonly number[]>;
}

/** Statements that note a page as prepared; behind them it is not `frozen` any more, so they count once. */
export function notePrepared(
  db: D1Database,
  id: string,
  page: CampaignPage,
  { contacts, control, withheld, held }: Prepared,
  now: number,
): D1PreparedStatement[] {
  const { page: number, arm, stage, plannedAt } = page;
  const again = [...held].map(([until, some]) =>
    db
      .prepare(
        `${PAGE_SQL} WHERE EXISTS (SELECT 1 FROM campaign_pages WHERE campaign = ?1 AND page = ?7 AND state = 'frozen')`,
      )
      .bind(id, arm, stage, plannedAt, until, JSON.stringify(some), number),
  );
  const sql =
    "UPDATE campaign_pages SET state = ?3, withheld = ?4, contacts = ?5, control = ?6, arm = ?7, made_at = ?8 " +
    "WHERE campaign = ?1 AND page = ?2 AND state = 'frozen'";
  const state = contacts.length === 0 ? "done" : "prepared";
  const texts = [withheld, contacts, control].map((part) => JSON.stringify(part));
  return [...again, db.prepare(sql).bind(id, number, state, ...texts, arm, now)];
}

export const OF_PAGES =
  "campaign_pages p, json_each(p.contacts) e JOIN sends s ON s.contact = e.value AND s.run = p.campaign";

/** Messages of a page that nobody is working on. */
export async function waitingSends(
  db: D1Database,
  id: string,
  page: number,
  now: number,
): Promise<(SendKey & { readonly channel: string })[]> {
  const sql =
    `SELECT s.contact, s.id, s.channel FROM ${OF_PAGES} WHERE p.campaign = ?1 AND p.page = ?2 AND s.open > 0 ` +
    "AND s.next_at <= ?3 AND (s.state = 'queued' OR s.lease_until <= ?3)";
  return (await db.prepare(sql).bind(id, page, now).all<SendKey & { channel: string }>()).results;
}

/** Gives a page another time; from then on its lateness counts. */
export async function moveDue(db: D1Database, id: string, page: number, dueAt: number): Promise<void> {
  const sql =
    "UPDATE campaign_pages SET due_at = ?3, planned_at = ?3 WHERE campaign = ?1 AND page = ?2 AND state IN ('frozen', 'prepared')";
  await db.prepare(sql).bind(id, page, dueAt).run();
}

export async function noteReleased(db: D1Database, id: string, page: number, now: number): Promise<void> {
  const sql =
    "UPDATE campaign_pages SET state = 'released', released_at = ?3 WHERE campaign = ?1 AND page = ?2 AND state IN ('prepared', 'released')";
  await db.prepare(sql).bind(id, page, now).run();
}

/** How far a campaign has come: a text that changes whenever something of it does. */
export async function placeOf(db: D1Database, id: string): Promise<string> {
  const sql =
    `SELECT count(*) || '.' || coalesce(sum(s.attempts), 0) || '.' || (SELECT group_concat(state) FROM campaign_pages WHERE campaign = ?1) ` +
    `AS place FROM ${OF_PAGES} WHERE p.campaign = ?1 AND s.open > 0`;
  return (await db.prepare(sql).bind(id).first<string>("place")) ?? "";
}

/** Which of these messages are there already. */
export async function knownSends(db: D1Database, keys: readonly SendKey[]): Promise<ReadonlySet<string>> {
  const sql = "SELECT s.id FROM json_each(?1) e JOIN sends s ON s.contact = e.value ->> 0 AND s.id = e.value ->> 1";
  const { results } = await db
    .prepare(sql)
    .bind(JSON.stringify(keys.map(({ contact, id }) => [contact, id])))
    .all<{ id: string }>();
  return new Set(results.map(({ id }) => id));
}
