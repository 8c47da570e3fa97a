import { bulkInsert } from "../platform/d1";
import type { Counts, SourceHour } from "./tally";

const COLUMNS = ["hour", "source", "life", "events", "refused", "last_event_at", "last_at", "counts"];
// The values of a life only grow: a repeat writes nothing, and an answer that was lost does no harm.
const CONFLICT =
  "ON CONFLICT (hour, source, life) DO UPDATE SET events = excluded.events, refused = excluded.refused, " +
  "last_event_at = excluded.last_event_at, last_at = excluded.last_at, counts = excluded.counts " +
  "WHERE source_hours.counts <> excluded.counts";
const SQL = bulkInsert({ name: "source_hours", columns: COLUMNS, conflict: CONFLICT });

/** Writes what one life of the ledger counted; one row for each source and hour. */
export async function writeSourceHours(db: D1Database, life: string, hours: readonly SourceHour[]): Promise<void> {
  const rows = hours.map(({ hour, source, events, refused, lastEventAt, lastAt, counts }) => [
    hour,
    source,
    life,
    events,
    refused,
    lastEventAt,
    lastAt,
    JSON.stringify(counts),
  ]);
  await db.prepare(SQL).bind(JSON.stringify(rows)).run();
}

interface Row extends Omit<SourceHour, "counts"> {
  readonly counts: string;
}

/** What was counted from an hour on, one entry for each life, the oldest first. */
export async function readSourceHours(db: D1Database, from: number): Promise<SourceHour[]> {
  const sql =
    "SELECT hour, source, events, refused, last_event_at AS lastEventAt, last_at AS lastAt, counts " +
    "FROM source_hours WHERE hour >= ?1 ORDER BY hour";
  const { results } = await db.prepare(sql).bind(from).all<Row>();
  return results.map((row) => ({ ...row, counts: JSON.parse(row.counts) as Counts }));
}

/** When something of a source was taken last, and the time of its latest event; epoch ms. */
export interface LastSeen {
  readonly source: string;
  readonly lastAt: number | null;
  readonly lastEventAt: number | null;
}

/** When each source was last heard of, however long ago. */
export async function readLastSeen(db: D1Database): Promise<LastSeen[]> {
  const sql =
    "SELECT source, max(last_at) AS lastAt, max(last_event_at) AS lastEventAt FROM source_hours GROUP BY source ORDER BY source";
  return (await db.prepare(sql).all<LastSeen>()).results;
}
