/** One run with whose it is. Times are epoch ms. */
export interface RunRow {
  readonly contact: number;
  readonly id: string;
  readonly version: number;
  readonly entryKey: string;
  readonly enteredAt: number;
  readonly block: string | null;
  readonly exitedAt: number | null;
  readonly outcome: string | null;
  readonly reason: string | null;
  /** JSON of `[block, left at, way out]`; null until it ends. */
  readonly path: string | null;
  readonly externalId: string | null;
  readonly anonymousId: string | null;
}

/** One message that a run wanted to send, with the latest decision about it. */
export interface RunMessage {
  readonly contact: number;
  readonly run: string;
  readonly send: string;
  readonly block: string;
  readonly channel: string;
  readonly decision: string;
  readonly reason: string;
  readonly decidedAt: number;
  readonly plannedAt: number | null;
  /** What became of a permitted message; null where it was not permitted. */
  readonly state: string | null;
  readonly stateReason: string | null;
  /** JSON of all that the gate looked at. */
  readonly inputs: string;
}

export interface RunFilter {
  readonly outcome: string | null;
  readonly after: { readonly enteredAt: number; readonly contact: number; readonly id: string } | null;
}

/** Runs of a scenario, the latest entries first. `running` as an outcome means none yet. */
export async function listRuns(
  db: D1Database,
  scenario: string,
  { outcome, after }: RunFilter,
  limit: number,
): Promise<RunRow[]> {
  const sql =
    "SELECT r.contact, r.id, r.version, r.entry_key AS entryKey, r.entered_at AS enteredAt, r.block, " +
    "r.exited_at AS exitedAt, r.outcome, r.reason, r.path, c.external_id AS externalId, c.anonymous_id AS anonymousId " +
    "FROM runs r LEFT JOIN contacts c ON c.id = r.contact WHERE r.scenario = ?1 " +
    "AND (?2 IS NULL OR coalesce(r.outcome, 'running') = ?2) " +
    "AND (?3 IS NULL OR (r.entered_at, r.contact, r.id) < (?3, ?4, ?5)) " +
    "ORDER BY r.entered_at DESC, r.contact DESC, r.id DESC LIMIT ?6";
  const values = [scenario, outcome, after?.enteredAt ?? null, after?.contact ?? 0, after?.id ?? "", limit];
  return (
    await db
      .prepare(sql)
      .bind(...values)
      .all<RunRow>()
  ).results;
}

// A bare column beside max() comes from the row of the maximum: the latest decision about a send.
const LATEST =
  "SELECT d.contact, d.run, d.send, d.block, d.channel, d.outcome, d.reason, d.inputs, max(d.at) AS at " +
  "FROM decisions d";
// What was held when its run was stopped never leaves.
const DECISION = "CASE WHEN l.outcome = 'held' AND x.run IS NOT NULL THEN 'suppressed' ELSE l.outcome END";
const REASON = "CASE WHEN l.outcome = 'held' AND x.run IS NOT NULL THEN 'run_stopped' ELSE l.reason END";
const JOINS =
  "LEFT JOIN sends s ON s.contact = l.contact AND s.id = l.send " +
  "LEFT JOIN stops x ON x.contact = l.contact AND x.run = l.run";

/** The messages of some runs, in the order in which they were decided. */
export async function listRunMessages(
  db: D1Database,
  runs: readonly { readonly contact: number; readonly id: string }[],
): Promise<RunMessage[]> {
  const sql =
    `WITH wanted AS (SELECT value ->> 0 AS contact, value ->> 1 AS run FROM json_each(?1)), latest AS (${LATEST} ` +
    "JOIN wanted w ON w.contact = d.contact AND w.run = d.run GROUP BY d.contact, d.send) " +
    `SELECT l.contact, l.run, l.send, l.block, l.channel, ${DECISION} AS decision, ${REASON} AS reason, ` +
    "l.at AS decidedAt, l.inputs ->> 'planned_at' AS plannedAt, s.state, s.reason AS stateReason, l.inputs " +
    `FROM latest l ${JOINS} ORDER BY l.at, l.send`;
  const keys = JSON.stringify(runs.map(({ contact, id }) => [contact, id]));
  return (await db.prepare(sql).bind(keys).all<RunMessage>()).results;
}

/** Messages of one block with one end, counted. */
export interface MessageCount {
  readonly block: string;
  readonly channel: string;
  readonly decision: string;
  readonly state: string | null;
  readonly reason: string;
  readonly count: number;
}

/** Runs with one outcome and reason, counted. */
export interface RunCount {
  readonly outcome: string | null;
  readonly reason: string | null;
  readonly count: number;
}

/** What became of everybody who came to a scenario, and of every message. */
export async function readFunnel(
  db: D1Database,
  scenario: string,
): Promise<{ runs: RunCount[]; messages: MessageCount[] }> {
  // By way of the scenario's runs, as decisions have no index of their own by scenario.
  const messages =
    `WITH latest AS (${LATEST} JOIN runs r ON r.contact = d.contact AND r.id = d.run WHERE r.scenario = ?1 ` +
    `GROUP BY d.contact, d.send) SELECT l.block, l.channel, ${DECISION} AS decision, s.state, ` +
    `coalesce(s.reason, ${REASON}) AS reason, count(*) AS count FROM latest l ${JOINS} GROUP BY 1, 2, 3, 4, 5`;
  const runs = "SELECT outcome, reason, count(*) AS count FROM runs WHERE scenario = ?1 GROUP BY 1, 2";
  const [counted, sent] = await db.batch([db.prepare(runs).bind(scenario), db.prepare(messages).bind(scenario)]);
  return {
    runs: (counted?.results ?? []) as RunCount[],
    messages: (sent?.results ?? []) as MessageCount[],
  };
}
