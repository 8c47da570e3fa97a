import type { Contest } from "./block";
import type { ArmCount, Winner } from "./winner";

/** The runs that a split's figures are taken of. */
export interface CountedSplit {
  readonly scenario: string;
  readonly version: number;
  readonly block: string;
  readonly contest: Contest;
  /** Blocks whose messages count. */
  readonly behind: readonly string[];
}

/** What a run reached, by the figure. */
const REACHED: Readonly<Record<Contest["figure"], string>> = {
  goal: "r.outcome = 'goal'",
  clicked:
    "EXISTS (SELECT 1 FROM sends s JOIN message_acts m ON m.contact = s.contact AND m.send = s.id AND m.kind = 'clicked' " +
    "WHERE s.contact = r.contact AND s.run = r.id AND s.block IN (SELECT value FROM json_each(?4)))",
};

// Of a run that is on its way nobody knows what it will reach.
const OPEN =
  "SELECT min(o.entered_at) FROM runs o WHERE o.scenario = ?1 AND o.version = ?2 AND o.exited_at IS NULL " +
  "AND o.contact NOT IN (SELECT contact FROM parked_contacts)";

/**
 * Counts by arm, in the order of the arms. `settled` takes only who came before the first that is still on the way, or an
 * arm that ends sooner would be ahead; `runs` takes who came until the last arm had so many of those.
 */
export async function countArms(
  db: D1Database,
  { scenario, version, block, contest, behind }: CountedSplit,
  { settled = true, runs = null }: { readonly settled?: boolean; readonly runs?: number | null },
): Promise<readonly ArmCount[]> {
  const sql =
    "WITH gone AS (SELECT r.id, r.entered_at, " +
    "(SELECT json_extract(p.value, '$[2]') FROM json_each(r.path) p WHERE json_extract(p.value, '$[0]') = ?3 LIMIT 1) AS arm, " +
    `CASE WHEN ?4 IS NOT NULL AND ${REACHED[contest.figure]} THEN 1 ELSE 0 END AS reached ` +
    "FROM runs r WHERE r.scenario = ?1 AND r.version = ?2 AND r.path IS NOT NULL " +
    `${settled ? `AND r.entered_at < coalesce((${OPEN}), 9e18)` : ""}), ` +
    "numbered AS (SELECT *, row_number() OVER (PARTITION BY arm ORDER BY entered_at, id) AS place FROM gone " +
    "WHERE arm IN (SELECT value FROM json_each(?5))) " +
    "SELECT arm, count(*) AS runs, sum(reached) AS reached FROM numbered " +
    "WHERE ?6 IS NULL OR entered_at <= (SELECT max(entered_at) FROM numbered WHERE place = ?6) GROUP BY arm";
  const { results } = await db
    .prepare(sql)
    .bind(scenario, version, block, JSON.stringify(behind), JSON.stringify(contest.arms), runs)
    .all<ArmCount>();
  return contest.arms.map((arm) => results.find((row) => row.arm === arm) ?? { arm, runs: 0, reached: 0 });
}

/** When the first run entered a version, epoch ms; null before it. */
export async function firstEntry(db: D1Database, scenario: string, version: number): Promise<number | null> {
  const sql =
    "SELECT entered_at FROM runs WHERE scenario = ?1 AND version = ?2 AND outcome IS NOT 'refused' ORDER BY entered_at LIMIT 1";
  return db.prepare(sql).bind(scenario, version).first<number>("entered_at");
}

/** Stores a winner; the first one of a split stays. */
export function winning(db: D1Database, winner: Winner): D1PreparedStatement {
  const { scenario, version, block, arm, at, figure, cause, counts } = winner;
  return db
    .prepare(
      "INSERT INTO split_winners (scenario, version, block, arm, at, figure, cause, counts) " +
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING",
    )
    .bind(scenario, version, block, arm, at, figure, cause, JSON.stringify(counts));
}

/** The winners of a scenario's splits, the newest version first. */
export async function listWinners(db: D1Database, scenario: string): Promise<readonly Winner[]> {
  const sql =
    "SELECT scenario, version, block, arm, at, figure, cause, counts FROM split_winners WHERE scenario = ?1 " +
    "ORDER BY version DESC, block";
  const { results } = await db.prepare(sql).bind(scenario).all<Omit<Winner, "counts"> & { counts: string }>();
  return results.map((row) => ({ ...row, counts: JSON.parse(row.counts) as ArmCount[] }));
}
