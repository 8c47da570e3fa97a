import type { LedgerEvent } from "../events/event";
import type { JournalPoint } from "../scenarios/rehearsal-plan";
import { BEGINNING } from "../scenarios/rehearsal-plan";
import type { Services } from "../services";
import { archivePrefix, readArchive } from "./archive";

const PAGE = 5_000;
/** Bytes of one page: a row holds a whole request. */
const PAGE_SIZE = 2_000_000;
/** Archived parts of a page, and their bytes as they are packed. */
const PARTS = 8;
const PACKED_SIZE = 200_000;

/** One row of the journal, as archived. Times are epoch ms. */
export interface ArchivedRow {
  readonly seq: number;
  readonly received_at: number;
  readonly events: readonly LedgerEvent[];
}

/** Rows of the journal behind a point, and the point behind them. */
export interface JournalPage {
  readonly rows: readonly ArchivedRow[];
  readonly point: JournalPoint;
}

/** The next page of the journal up to a row: what was archived, then what was not yet. Null behind the last. */
export async function readPage(
  { env }: Pick<Services, "env">,
  point: JournalPoint,
  until = Number.MAX_SAFE_INTEGER,
): Promise<JournalPage | null> {
  const archived = point.isLive ? null : await archivedPage(env.ARCHIVE, point, until);
  if (archived) return archived;
  const sql =
    "SELECT seq, received_at, body FROM (SELECT seq, received_at, body, sum(octet_length(body)) OVER (ORDER BY seq) - " +
    "octet_length(body) AS ahead FROM (SELECT seq, received_at, body FROM journal WHERE seq > ?1 AND seq <= ?2 ORDER BY seq " +
    "LIMIT ?3)) WHERE ahead < ?4 ORDER BY seq";
  const { results } = await env.DB.prepare(sql)
    .bind(point.seq, until, PAGE, PAGE_SIZE)
    .all<{ seq: number; received_at: number; body: string }>();
  // What was archived meanwhile is not among these.
  const late = await archivedPage(env.ARCHIVE, point, until);
  if (late) return late;
  if (results.length === 0) return null;
  const rows = results.map(({ seq, received_at, body }) => {
    return { seq, received_at, events: JSON.parse(body) as LedgerEvent[] };
  });
  return pageOf(rows, { ...point, isLive: true }, until);
}

/** The next archived parts, as many as are no more than a page. */
async function archivedPage(bucket: R2Bucket, point: JournalPoint, until: number): Promise<JournalPage | null> {
  const after = point.key === "" ? {} : { startAfter: point.key };
  const { objects } = await bucket.list({ prefix: archivePrefix("journal"), limit: PARTS, ...after });
  const ends = objects.map((_, index) => objects.slice(0, index + 1).reduce((sum, { size }) => sum + size, 0));
  const keys = objects.filter((_, index) => index === 0 || (ends[index] ?? 0) <= PACKED_SIZE).map(({ key }) => key);
  const last = keys.at(-1);
  if (last === undefined) return null;
  const parts = await Promise.all(keys.map((key) => readArchive(bucket, key)));
  const rows = parts.flatMap((lines) => lines.map((line) => JSON.parse(line) as ArchivedRow));
  return pageOf(rows, { ...point, key: last }, until);
}

/** Parts overlap, and rows are in both places, where the process died between writing and deleting. */
function pageOf(rows: readonly ArchivedRow[], point: JournalPoint, until: number): JournalPage {
  let last = point.seq;
  const fresh = rows.filter(({ seq }) => {
    if (seq <= last || seq > until) return false;
    last = seq;
    return true;
  });
  return { rows: fresh, point: { ...point, seq: last } };
}

/** Every row of the journal in order, page by page; none of them twice. */
export async function* readJournal(services: Services): AsyncGenerator<readonly ArchivedRow[]> {
  for (let page = await readPage(services, BEGINNING); page; page = await readPage(services, page.point)) {
    yield page.rows;
  }
}

/** The last row of the journal by now. */
export async function lastRow(db: D1Database): Promise<number> {
  const sql = "SELECT max(applied, coalesce((SELECT max(seq) FROM journal), 0)) AS seq FROM cursor";
  return (await db.prepare(sql).first<number>("seq")) ?? 0;
}
