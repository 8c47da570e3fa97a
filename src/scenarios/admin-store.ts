import type { ScenarioDefinition } from "./definition";
import type { TakeOverChoice } from "./publishing";
import type { Versus } from "./versus";

export type ScenarioState = "draft" | "active" | "paused" | "archived";

/** A scenario with its draft, as the admin API reads it. Times are epoch ms. */
export interface StoredScenario {
  readonly id: string;
  readonly name: string;
  /** Key of the template that it was made of. */
  readonly template: string | null;
  readonly state: ScenarioState;
  /** The newest version; it is what runs only where `liveVersion` is the same. */
  readonly draftVersion: number;
  readonly liveVersion: number | null;
  /** The version that runs beside the live one as a test. */
  readonly challenger: Versus | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly definition: ScenarioDefinition;
}

interface ScenarioRow {
  id: string;
  name: string;
  template: string | null;
  state: ScenarioState;
  draft_version: number;
  live_version: number | null;
  challenger_version: number | null;
  challenger_share: number | null;
  challenger_since: number | null;
  created_at: number;
  updated_at: number;
  definition: string;
}

const SELECT =
  "SELECT s.id, s.name, s.template, s.state, s.draft_version, s.live_version, s.created_at, s.updated_at, " +
  "s.challenger_version, s.challenger_share, s.challenger_since, v.definition FROM scenarios s JOIN scenario_versions v ON v.scenario = s.id AND v.version = s.draft_version";

function read(row: ScenarioRow): StoredScenario {
  const { challenger_version: version, challenger_share: share, challenger_since: since } = row;
  return {
    id: row.id,
    name: row.name,
    template: row.template,
    state: row.state,
    draftVersion: row.draft_version,
    liveVersion: row.live_version,
    challenger: version === null ? null : { version, share: share ?? 0, since: since ?? 0 },
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    definition: JSON.parse(row.definition) as ScenarioDefinition,
  };
}

/** A scenario with its draft, or null. */
export async function findScenario(db: D1Database, id: string): Promise<StoredScenario | null> {
  const row = await db.prepare(`${SELECT} WHERE s.id = ?1`).bind(id).first<ScenarioRow>();
  return row && read(row);
}

/** Scenarios in the order in which they were made, behind a place in it. */
export async function listScenarios(
  db: D1Database,
  after: { readonly createdAt: number; readonly id: string } | null,
  limit: number,
): Promise<StoredScenario[]> {
  const sql = `${SELECT} WHERE ?1 IS NULL OR (s.created_at, s.id) > (?1, ?2) ORDER BY s.created_at, s.id LIMIT ?3`;
  const { results } = await db
    .prepare(sql)
    .bind(after?.createdAt ?? null, after?.id ?? "", limit)
    .all<ScenarioRow>();
  return results.map(read);
}

/** Stores a new scenario as version 1; one of the same id is left as it is. */
export async function insertScenario(
  db: D1Database,
  id: string,
  template: string | null,
  definition: ScenarioDefinition,
  now: number,
): Promise<void> {
  const scenario =
    "INSERT INTO scenarios (id, name, template, state, draft_version, live_version, created_at, updated_at, " +
    "evaluated_at) VALUES (?1, ?2, ?3, 'draft', 1, NULL, ?4, ?4, NULL) ON CONFLICT DO NOTHING";
  const version =
    "INSERT INTO scenario_versions (scenario, version, definition, created_at) VALUES (?1, 1, ?2, ?3) " +
    "ON CONFLICT DO NOTHING";
  await db.batch([
    db.prepare(scenario).bind(id, definition.name, template, now),
    db.prepare(version).bind(id, JSON.stringify(definition), now),
  ]);
}

/** Stores a definition as the version behind `base`. False where somebody else has written that version. */
export async function insertVersion(
  db: D1Database,
  id: string,
  base: number,
  definition: ScenarioDefinition,
  now: number,
): Promise<boolean> {
  const version =
    "INSERT INTO scenario_versions (scenario, version, definition, created_at) " +
    "SELECT id, ?2 + 1, ?3, ?4 FROM scenarios WHERE id = ?1 AND draft_version = ?2";
  const scenario =
    "UPDATE scenarios SET draft_version = ?2 + 1, name = ?3, updated_at = ?4 WHERE id = ?1 AND draft_version = ?2";
  const [written] = await db.batch([
    db.prepare(version).bind(id, base, JSON.stringify(definition), now),
    db.prepare(scenario).bind(id, base, definition.name, now),
  ]);
  return (written?.meta.changes ?? 0) > 0;
}

/** Makes a draft the version that new runs enter; without effect where the draft is another by now. */
export function activation(db: D1Database, id: string, version: number, now: number): D1PreparedStatement {
  // Another rule finds other contacts: it is evaluated at once, not a day later.
  const sql =
    "UPDATE scenarios SET state = 'active', evaluated_at = CASE WHEN live_version = ?2 THEN evaluated_at END, " +
    "active_since = CASE WHEN state = 'active' THEN active_since ELSE ?3 END, " +
    "live_version = ?2, updated_at = ?3 WHERE id = ?1 AND draft_version = ?2 AND state <> 'archived' " +
    "AND challenger_version IS NULL";
  return db.prepare(sql).bind(id, version, now);
}

/** Lets a version take over the runs of earlier ones, once it is the one that runs. */
export function takingOver(db: D1Database, id: string, version: number, choice: TakeOverChoice): D1PreparedStatement {
  const sql =
    "UPDATE scenario_versions SET takes_over = ?3 WHERE scenario = ?1 AND version = ?2 " +
    "AND EXISTS (SELECT 1 FROM scenarios WHERE id = ?1 AND live_version = ?2)";
  return db.prepare(sql).bind(id, version, JSON.stringify(choice));
}

/** A version of a scenario, or null. */
export async function findVersion(db: D1Database, id: string, version: number): Promise<ScenarioDefinition | null> {
  const sql = "SELECT definition FROM scenario_versions WHERE scenario = ?1 AND version = ?2";
  const row = await db.prepare(sql).bind(id, version).first<{ definition: string }>();
  return row && (JSON.parse(row.definition) as ScenarioDefinition);
}

/** Holds an active scenario: its runs stay where they are and nobody enters. */
export function pausing(db: D1Database, id: string, now: number): D1PreparedStatement {
  return db
    .prepare("UPDATE scenarios SET state = 'paused', updated_at = ?2 WHERE id = ?1 AND state = 'active'")
    .bind(id, now);
}

/** Lets a paused scenario go on in the version that ran, whatever its draft is by now. */
export function resuming(db: D1Database, id: string, now: number): D1PreparedStatement {
  const sql =
    "UPDATE scenarios SET state = 'active', active_since = ?2, updated_at = ?2 " +
    "WHERE id = ?1 AND state = 'paused' AND live_version IS NOT NULL";
  return db.prepare(sql).bind(id, now);
}

/** The kinds of the blocks of a scenario's versions before one, by their names: a name may have stood for several. */
export async function kindsBefore(
  db: D1Database,
  id: string,
  version: number,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const sql =
    "SELECT DISTINCT b.key AS block, b.value ->> '$.type' AS type FROM scenario_versions v, " +
    "json_each(v.definition, '$.blocks') b WHERE v.scenario = ?1 AND v.version < ?2";
  const { results } = await db.prepare(sql).bind(id, version).all<{ block: string; type: string }>();
  const named = Map.groupBy(results, ({ block }) => block);
  return new Map([...named].map(([block, rows]) => [block, rows.map(({ type }) => type)]));
}

/**
 * Ends a scenario for good, with everybody who is in it. The shards forget what is no longer in the playbook, so the
 * runs are closed here, and a stop keeps back what is on its way.
 */
export function archiving(db: D1Database, id: string, now: number): readonly D1PreparedStatement[] {
  const open = "scenario = ?1 AND exited_at IS NULL";
  return [
    db.prepare("UPDATE scenarios SET state = 'archived', updated_at = ?2 WHERE id = ?1").bind(id, now),
    db
      .prepare(
        "INSERT INTO stops (contact, run, reason, at) " +
          `SELECT contact, id, 'scenario_archived', ?2 FROM runs WHERE ${open} ON CONFLICT DO NOTHING`,
      )
      .bind(id, now),
    db
      .prepare(`UPDATE runs SET exited_at = ?2, outcome = 'interrupted', reason = 'scenario_archived' WHERE ${open}`)
      .bind(id, now),
  ];
}
