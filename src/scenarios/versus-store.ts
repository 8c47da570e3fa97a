/** Where a state that was paused becomes active, as of ?3. */
const GOES_ON =
  "state = 'active', active_since = CASE WHEN state = 'active' THEN active_since ELSE ?3 END, updated_at = ?3";

/** Lets the draft run beside the live version for a share of contacts; without effect where that is not possible any more. */
export function challenging(
  db: D1Database,
  id: string,
  version: number,
  share: number,
  now: number,
): D1PreparedStatement {
  const sql =
    `UPDATE scenarios SET ${GOES_ON}, challenger_version = ?2, challenger_share = ?4, challenger_since = ?3 ` +
    "WHERE id = ?1 AND draft_version = ?2 AND live_version <> ?2 AND challenger_version IS NULL " +
    "AND state IN ('active', 'paused')";
  return db.prepare(sql).bind(id, version, now, share);
}

/** Lets a paused scenario go on with both of its versions. */
export function goingOn(db: D1Database, id: string, challenger: number, now: number): D1PreparedStatement {
  const sql = `UPDATE scenarios SET ${GOES_ON} WHERE id = ?1 AND challenger_version = ?2 AND state <> 'archived'`;
  return db.prepare(sql).bind(id, challenger, now);
}

/** Whether a test runs in which a version takes part, of a scenario that can still be changed; ?1 and ?2. */
const MAY_BE_KEPT =
  "id = ?1 AND challenger_version IS NOT NULL AND ?2 IN (live_version, challenger_version) AND state <> 'archived'";

/**
 * Ends a test: all who come from now on go by the version that is kept, and runs of the other go on in theirs. Without effect
 * where no test runs in which the version takes part.
 */
export function keeping(db: D1Database, id: string, version: number, now: number): D1PreparedStatement[] {
  const note =
    "INSERT INTO version_tests (scenario, since, live, challenger, share, until, kept) SELECT id, challenger_since, " +
    `live_version, challenger_version, challenger_share, ?3, ?2 FROM scenarios WHERE ${MAY_BE_KEPT} ON CONFLICT DO NOTHING`;
  // Another rule finds other contacts: it is evaluated at once, not a day later.
  const sql =
    "UPDATE scenarios SET evaluated_at = CASE WHEN live_version = ?2 THEN evaluated_at END, live_version = ?2, " +
    `challenger_version = NULL, challenger_share = NULL, challenger_since = NULL, updated_at = ?3 WHERE ${MAY_BE_KEPT}`;
  return [note, sql].map((each) => db.prepare(each).bind(id, version, now));
}

/** A test that has ended. Times are epoch ms. */
export interface EndedTest {
  readonly since: number;
  readonly until: number;
  readonly live: number;
  readonly challenger: number;
  /** Of contacts that went the challenger's way, 0 to 1. */
  readonly share: number;
  readonly kept: number;
}

/** The last test of a scenario that has ended; null without one. */
export async function lastTest(db: D1Database, id: string): Promise<EndedTest | null> {
  const sql =
    "SELECT since, until, live, challenger, share, kept FROM version_tests WHERE scenario = ?1 ORDER BY since DESC LIMIT 1";
  return db.prepare(sql).bind(id).first<EndedTest>();
}

/** What came of those who entered by one version. */
export interface VersionFigures {
  readonly version: number;
  /** Runs, those who are only measured included. */
  readonly entered: number;
  /** Of them, runs that are on their way. */
  readonly running: number;
  /** Runs that ended with the goal. */
  readonly goals: number;
  /** Messages that the provider took. */
  readonly sent: number;
}

/** Figures of the runs that began since a time and before another, by the version that they came in with or were taken over by. */
export async function readVersionFigures(
  db: D1Database,
  id: string,
  since: number,
  until = Number.MAX_SAFE_INTEGER,
): Promise<VersionFigures[]> {
  const sql =
    "WITH entered AS (SELECT contact, id, version, outcome FROM runs WHERE scenario = ?1 AND entered_at >= ?2 AND entered_at < ?3 " +
    "AND outcome IS NOT 'refused'), letters AS (SELECT e.version, count(*) AS sent FROM entered e " +
    // A contact's sends lie together, and are few.
    "JOIN sends s ON s.contact = e.contact AND s.run = e.id AND s.state = 'sent' GROUP BY 1) " +
    "SELECT e.version, count(*) AS entered, sum(e.outcome IS NULL) AS running, sum(e.outcome IS 'goal') AS goals, " +
    "coalesce(l.sent, 0) AS sent FROM entered e LEFT JOIN letters l ON l.version = e.version GROUP BY 1 ORDER BY 1";
  return (await db.prepare(sql).bind(id, since, until).all<VersionFigures>()).results;
}
