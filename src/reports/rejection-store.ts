/** Refusals of one kind that were kept and not replayed yet, with the newest of them. Times are epoch ms. */
export interface KeptRefusals {
  readonly source: string;
  readonly code: string;
  readonly kept: number;
  /** Ids of rejected events, the newest first, some hundreds at most. */
  readonly ids: readonly number[];
  readonly example: {
    readonly id: number;
    readonly at: number;
    readonly messageId: string;
    readonly reason: string;
    readonly body: string;
  };
}

/** Refusals looked through: the newest ones say what is wrong now. */
const NEWEST = 1_000;

const SQL = `
SELECT g.source, g.code, g.kept, g.ids, e.id, e.received_at AS at, e.message_id AS messageId, e.reason, e.body
FROM (
  SELECT source, code, count(*) AS kept, max(id) AS newest, json_group_array(id) AS ids FROM (
    SELECT id, source, code, received_at, replayed_at FROM rejected_events ORDER BY id DESC LIMIT ${NEWEST}
  ) WHERE replayed_at IS NULL AND received_at >= ?1 AND source IS NOT NULL AND (?2 IS NULL OR source = ?2)
  GROUP BY source, code
) g JOIN rejected_events e ON e.id = g.newest`;

/** What was refused since a time and kept, by source and kind of reason; of one source where it is named. */
export async function readKeptRefusals(db: D1Database, since: number, source: string | null): Promise<KeptRefusals[]> {
  interface Row {
    readonly source: string;
    readonly code: string | null;
    readonly kept: number;
    readonly ids: string;
    readonly id: number;
    readonly at: number;
    readonly messageId: string;
    readonly reason: string;
    readonly body: string;
  }
  const { results } = await db.prepare(SQL).bind(since, source).all<Row>();
  return results.map(({ source: of, code, kept, ids, ...example }) => ({
    source: of,
    code: code ?? "invalid-input",
    kept,
    ids: (JSON.parse(ids) as number[]).sort((left, right) => right - left),
    example,
  }));
}
