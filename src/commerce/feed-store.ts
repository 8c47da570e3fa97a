import { bulk } from "../platform/d1";
import type { Feed, FeedDefinition, FeedRun, Rejection } from "./feed";

const FEED_COLUMNS =
  "key, definition, set_at AS setAt, had_at AS hadAt, etag, last_modified AS lastModified, next_at AS nextAt, run";
const RUN_COLUMNS =
  "feed, id, started_at AS startedAt, finished_at AS finishedAt, state, reason, tries, etag, " +
  "last_modified AS lastModified, parts, part, items, changed, gone, rows_written AS rowsWritten, rejected";
const KEPT_RUNS = 20;

type Stored<Row, Texts extends keyof Row> = Omit<Row, Texts> & Readonly<Record<Texts, string>>;

function feedOf(row: Stored<Feed, "definition">): Feed {
  return { ...row, definition: JSON.parse(row.definition) as FeedDefinition };
}

function runOf(row: Stored<FeedRun, "rejected">): FeedRun {
  return { ...row, rejected: JSON.parse(row.rejected) as Rejection[] };
}

/** Writes how a feed is set up. A change of it ends the run under way and makes the next fetch read everything anew. */
export async function putFeed(
  db: D1Database,
  key: string,
  definition: FeedDefinition,
  now: number,
  nextAt: number | null,
): Promise<void> {
  const text = JSON.stringify(definition);
  const ended =
    "UPDATE feed_runs SET state = 'failed', reason = 'was set up anew meanwhile', finished_at = ?3 WHERE feed = ?1 " +
    "AND finished_at IS NULL AND EXISTS (SELECT 1 FROM feeds WHERE key = ?1 AND definition <> ?2)";
  const sql =
    "INSERT INTO feeds (key, definition, created_at, set_at, next_at) VALUES (?1, ?2, ?3, ?3, ?4) " +
    "ON CONFLICT (key) DO UPDATE SET definition = excluded.definition, set_at = excluded.set_at, " +
    "next_at = excluded.next_at, etag = NULL, last_modified = NULL, run = NULL WHERE feeds.definition <> excluded.definition";
  await db.batch([db.prepare(ended).bind(key, text, now), db.prepare(sql).bind(key, text, now, nextAt)]);
}

export async function findFeed(db: D1Database, key: string): Promise<Feed | null> {
  const row = await db
    .prepare(`SELECT ${FEED_COLUMNS} FROM feeds WHERE key = ?1`)
    .bind(key)
    .first<Stored<Feed, "definition">>();
  return row && feedOf(row);
}

/** Every feed, in the order of their keys: a shop has a handful. */
export async function listFeeds(db: D1Database): Promise<Feed[]> {
  const sql = `SELECT ${FEED_COLUMNS} FROM feeds ORDER BY key`;
  return (await db.prepare(sql).all<Stored<Feed, "definition">>()).results.map(feedOf);
}

/** Feeds whose fetch is due or under way, the longest waiting first. */
export async function dueFeeds(db: D1Database, now: number): Promise<Feed[]> {
  const sql = `SELECT ${FEED_COLUMNS} FROM feeds WHERE run IS NOT NULL OR next_at <= ?1 ORDER BY run IS NULL, next_at`;
  return (await db.prepare(sql).bind(now).all<Stored<Feed, "definition">>()).results.map(feedOf);
}

/** When the next feed is due, later than `after`; null where none is. */
export async function nextFeed(db: D1Database, after: number): Promise<number | null> {
  const sql = "SELECT min(next_at) AS at FROM feeds WHERE next_at > ?1";
  return (await db.prepare(sql).bind(Math.max(after, -1)).first<{ at: number | null }>())?.at ?? null;
}

/** Takes a feed away. What it stated stays in the catalogue, and may be listed by another feed. */
export async function deleteFeed(db: D1Database, key: string): Promise<boolean> {
  const [, gone] = await db.batch([
    db.prepare("DELETE FROM feed_runs WHERE feed = ?1").bind(key),
    db.prepare("DELETE FROM feeds WHERE key = ?1").bind(key),
  ]);
  return (gone?.meta.changes ?? 0) > 0;
}

/** Begins a run where none is under way. */
export async function beginRun(
  db: D1Database,
  feed: Feed,
  id: string,
  now: number,
  nextAt: number | null,
): Promise<void> {
  await db.batch([
    db.prepare("UPDATE feeds SET run = ?2, next_at = ?3 WHERE key = ?1 AND run IS NULL").bind(feed.key, id, nextAt),
    db
      .prepare(
        "INSERT INTO feed_runs (feed, id, started_at, state) SELECT key, run, ?3, 'reading' FROM feeds " +
          "WHERE key = ?1 AND run = ?2 ON CONFLICT DO NOTHING",
      )
      .bind(feed.key, id, now),
  ]);
}

export async function findRun(db: D1Database, feed: string, id: string): Promise<FeedRun | null> {
  const sql = `SELECT ${RUN_COLUMNS} FROM feed_runs WHERE feed = ?1 AND id = ?2`;
  const row = await db.prepare(sql).bind(feed, id).first<Stored<FeedRun, "rejected">>();
  return row && runOf(row);
}

/** The last runs of a feed, the latest first. */
export async function listRuns(db: D1Database, feed: string, limit: number): Promise<FeedRun[]> {
  const sql = `SELECT ${RUN_COLUMNS} FROM feed_runs WHERE feed = ?1 ORDER BY id DESC LIMIT ?2`;
  return (await db.prepare(sql).bind(feed, limit).all<Stored<FeedRun, "rejected">>()).results.map(runOf);
}

const SET: Readonly<Partial<Record<keyof FeedRun, string>>> = {
  state: "state",
  reason: "reason",
  tries: "tries",
  etag: "etag",
  lastModified: "last_modified",
  parts: "parts",
  part: "part",
  items: "items",
  changed: "changed",
  gone: "gone",
  rowsWritten: "rows_written",
  rejected: "rejected",
  finishedAt: "finished_at",
};

/** Notes how far a run has come. */
export function runWrite(db: D1Database, run: FeedRun, change: Partial<FeedRun>): D1PreparedStatement {
  const changes = Object.entries(change).map(([name, value]) => [SET[name as keyof FeedRun] ?? "", value] as const);
  const sets = changes.map(([column], index) => `${column} = ?${index + 3}`).join(", ");
  const values = changes.map(([, value]) => (Array.isArray(value) ? JSON.stringify(value) : (value ?? null)));
  return db
    .prepare(`UPDATE feed_runs SET ${sets} WHERE feed = ?1 AND id = ?2`)
    .bind(run.feed, run.id, ...(values as (string | number | null)[]));
}

/** Ends a run: what came of it, what the next fetch may be told that we have, and old runs go. */
export async function endRun(
  db: D1Database,
  run: FeedRun,
  change: Partial<FeedRun>,
  retryAt: number | null,
): Promise<void> {
  const isRead = change.state === "done";
  const hadAt = change.state === "failed" ? null : (change.finishedAt ?? null);
  const freed = isRead
    ? db
        .prepare("UPDATE feeds SET run = NULL, etag = ?3, last_modified = ?4, had_at = ?5 WHERE key = ?1 AND run = ?2")
        .bind(run.feed, run.id, run.etag, run.lastModified, hadAt)
    : db
        .prepare(
          "UPDATE feeds SET run = NULL, next_at = min(next_at, coalesce(?3, next_at)), had_at = coalesce(?4, had_at) " +
            "WHERE key = ?1 AND run = ?2",
        )
        .bind(run.feed, run.id, retryAt, hadAt);
  const old =
    "DELETE FROM feed_runs WHERE feed = ?1 AND id NOT IN (SELECT id FROM feed_runs WHERE feed = ?1 ORDER BY id DESC LIMIT ?2)";
  await db.batch([runWrite(db, run, change), freed, db.prepare(old).bind(run.feed, KEPT_RUNS)]);
}

/** What is known of a variant that a feed names. */
export interface ListedVariant {
  readonly product: string;
  readonly sku: string;
  /** The feed that lists it at present, if any. */
  readonly feed: string | null;
  readonly hash: string | null;
}

/** The first variant of a product by its sku: it speaks for the product. */
export interface Lead {
  readonly product: string;
  readonly sku: string;
}

/** What is known of variants, each as [product, sku], and who speaks for their products. */
export async function selectListed(
  db: D1Database,
  wanted: readonly (readonly [string, string])[],
): Promise<{ listed: ListedVariant[]; leads: Lead[] }> {
  const json = JSON.stringify(wanted);
  const listed =
    "SELECT v.product_id AS product, v.sku, f.key AS feed, CASE WHEN v.left_feed_at IS NULL THEN v.feed_hash END AS hash " +
    "FROM json_each(?1) AS w JOIN variants AS v ON v.product_id = w.value ->> 0 AND v.sku = w.value ->> 1 " +
    "LEFT JOIN feeds AS f ON f.key = v.feed AND v.left_feed_at IS NULL";
  const leads =
    "SELECT v.product_id AS product, min(v.sku) AS sku FROM variants AS v WHERE v.left_feed_at IS NULL " +
    "AND v.product_id IN (SELECT value ->> 0 FROM json_each(?1)) GROUP BY v.product_id";
  const [known, first] = await db.batch([db.prepare(listed).bind(json), db.prepare(leads).bind(json)]);
  return { listed: (known?.results ?? []) as ListedVariant[], leads: (first?.results ?? []) as Lead[] };
}

/** Variants that a feed lists, behind one, in the order of their keys. */
export async function listedBehind(
  db: D1Database,
  feed: string,
  after: readonly [string, string],
  limit: number,
): Promise<Lead[]> {
  const sql =
    "SELECT product_id AS product, sku FROM variants WHERE (product_id, sku) > (?2, ?3) AND feed = ?1 " +
    "AND left_feed_at IS NULL ORDER BY product_id, sku LIMIT ?4";
  return (
    await db
      .prepare(sql)
      .bind(feed, ...after, limit)
      .all<Lead>()
  ).results;
}

/** Notes that variants have left their feed. */
export function leaveWrites(db: D1Database, feed: string, gone: readonly Lead[], now: number): D1PreparedStatement[] {
  const sql =
    "UPDATE variants SET left_feed_at = ?3 WHERE feed = ?2 AND left_feed_at IS NULL " +
    "AND (product_id, sku) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?1))";
  const rows = gone.map(({ product, sku }) => [product, sku]);
  return bulk(db, sql, rows, feed, now);
}
