import type { FateCount } from "./fates";
import { FATES_SQL } from "./fates";

/** Runs of one scenario that ended at one block in one way. `block` is null for those that were refused. */
export interface EndCount {
  readonly outcome: string;
  readonly reason: string | null;
  readonly block: string | null;
  readonly count: number;
}

export interface RunRow {
  readonly contact: number;
  readonly id: string;
  readonly scenario: string;
  readonly version: number;
  readonly entryKey: string;
  readonly enteredAt: number;
  readonly exitedAt: number | null;
  readonly outcome: string | null;
  readonly reason: string | null;
}

export const RUN_COLUMNS =
  "contact, id, scenario, version, entry_key AS entryKey, entered_at AS enteredAt, exited_at AS exitedAt, outcome, reason";

/** What happened in one scenario. */
export interface ScenarioFigures {
  readonly fates: readonly (FateCount & { readonly block: string })[];
  readonly ends: readonly EndCount[];
  readonly lastRuns: readonly RunRow[];
  readonly versions: readonly { readonly version: number; readonly createdAt: number }[];
}

/** Figures of a scenario since a time, and its latest runs. */
export async function readScenarioFigures(
  db: D1Database,
  id: string,
  since: number,
  lastRuns: number,
): Promise<ScenarioFigures> {
  const [fates, ends, runs, versions] = await db.batch([
    db
      .prepare(
        `${FATES_SQL} SELECT block, fate, reason, count(*) AS count FROM fates WHERE scenario = ?2 GROUP BY 1, 2, 3`,
      )
      .bind(since, id),
    db
      .prepare(
        "SELECT coalesce(outcome, 'running') AS outcome, reason, CASE outcome WHEN 'refused' THEN NULL ELSE block END AS block, " +
          "count(*) AS count FROM runs WHERE scenario = ?1 AND entered_at >= ?2 GROUP BY 1, 2, 3 ORDER BY count(*) DESC",
      )
      .bind(id, since),
    db
      .prepare(`SELECT ${RUN_COLUMNS} FROM runs WHERE scenario = ?1 ORDER BY entered_at DESC LIMIT ?2`)
      .bind(id, lastRuns),
    db
      .prepare(
        "SELECT version, created_at AS createdAt FROM scenario_versions WHERE scenario = ?1 ORDER BY version DESC LIMIT 20",
      )
      .bind(id),
  ]);
  return {
    fates: (fates?.results ?? []) as ScenarioFigures["fates"],
    ends: (ends?.results ?? []) as EndCount[],
    lastRuns: (runs?.results ?? []) as RunRow[],
    versions: (versions?.results ?? []) as ScenarioFigures["versions"],
  };
}
