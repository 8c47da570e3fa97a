import type { SendRow } from "../admin/send-store";
import { listSends } from "../admin/send-store";
import { familyOf } from "../contacts/wanted";
import type { ScenarioDefinition } from "../scenarios/definition";
import { KEPT_BY_CAMPAIGNS } from "../sends/campaigns/kept";
import type { FateCount, SlotCount } from "./fates";
import { ALL_FATES_SQL, SLOT_MS } from "./fates";
import type { MessageAct } from "./how-far";

/** A scenario in the list; `definition` is what runs now, or the draft where nothing ever ran. */
export interface ScenarioRow {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly template: string | null;
  readonly draftVersion: number;
  readonly liveVersion: number | null;
  /** The version that runs beside it as a test. */
  readonly challengerVersion: number | null;
  readonly updatedAt: number;
  /** Null where the stored text is not a definition. */
  readonly definition: ScenarioDefinition | null;
}

/** Runs of a scenario with one outcome; `running` has none yet. */
export interface RunCount {
  readonly scenario: string;
  readonly outcome: string;
  readonly count: number;
}

export interface DecisionRow {
  readonly contact: number;
  readonly id: string;
  readonly scenario: string;
  readonly block: string;
  readonly channel: string;
  readonly outcome: string;
  readonly reason: string;
  readonly inputs: string;
  readonly at: number;
  /** What became of a permitted message; null where it was not permitted, or its row is not there yet. */
  readonly sendState: string | null;
  readonly sendReason: string | null;
  /** The name of the campaign that it is about; null where it is a scenario's. */
  readonly campaign: string | null;
}

/** What a list shows of a send. */
export type ShownSend = Pick<
  SendRow,
  | "contact"
  | "id"
  | "scenario"
  | "block"
  | "channel"
  | "content"
  | "contentVersion"
  | "state"
  | "reason"
  | "attempts"
  | "nextAt"
  | "updatedAt"
  | "campaign"
>;

/** A send with what happened to it since it left. */
export type FollowedSend = ShownSend & { readonly acts: readonly MessageAct[] };

/** What needs an operator's eye. */
export interface Standing {
  /** Channels that the kill switch holds. */
  readonly killed: readonly string[];
  readonly parked: number;
  readonly openSends: number;
  readonly sideJournal: number;
  readonly rejected: number;
  readonly contacts: number;
}

const DECISION_COLUMNS =
  "d.contact, d.id, d.scenario, d.block, d.channel, d.outcome, d.reason, d.inputs, d.at, " +
  "s.state AS sendState, s.reason AS sendReason, g.name AS campaign";
const DECISIONS_FROM =
  "FROM decisions d LEFT JOIN sends s ON s.contact = d.contact AND s.id = d.send LEFT JOIN campaigns g ON g.id = d.run";
/** What let a campaign's message through stands in the message's own row. */
const OF_CAMPAIGNS =
  "SELECT s.contact, s.id, s.scenario, s.block, s.channel, 'send' AS outcome, 'permitted' AS reason, " +
  "json_extract(s.data, '$.gate.inputs') AS inputs, s.created_at AS at, s.state AS sendState, s.reason AS sendReason, " +
  "g.name AS campaign FROM sends s JOIN campaigns g ON g.id = s.run";
/** What is held is asked about again every few minutes: of those answers the last one says it all. */
const NOT_REPEATED =
  "(d.outcome <> 'held' OR NOT EXISTS (SELECT 1 FROM decisions n WHERE n.contact = d.contact AND n.id > d.id " +
  "AND n.id < d.send || '/' AND n.send = d.send))";

const SCENARIO_COLUMNS =
  "s.id, s.name, s.state, s.template, s.draft_version AS draftVersion, s.live_version AS liveVersion, " +
  "s.challenger_version AS challengerVersion, " +
  "s.updated_at AS updatedAt, v.definition";

type StoredScenario = Omit<ScenarioRow, "definition"> & { readonly definition: string | null };

/** A stored scenario with its definition read; console pages show even one that is not readable. */
function readScenario({ definition, ...row }: StoredScenario): ScenarioRow {
  try {
    return { ...row, definition: definition === null ? null : (JSON.parse(definition) as ScenarioDefinition) };
  } catch {
    return { ...row, definition: null };
  }
}

/** Every scenario: what runs first, what is archived last. */
export async function listScenarios(db: D1Database): Promise<ScenarioRow[]> {
  const sql =
    `SELECT ${SCENARIO_COLUMNS} FROM scenarios s LEFT JOIN scenario_versions v ON v.scenario = s.id ` +
    "AND v.version = coalesce(s.live_version, s.draft_version) " +
    "ORDER BY CASE s.state WHEN 'active' THEN 0 WHEN 'paused' THEN 1 WHEN 'draft' THEN 2 ELSE 3 END, s.name, s.id LIMIT 200";
  return (await db.prepare(sql).all<StoredScenario>()).results.map(readScenario);
}

/** A scenario with one of its versions; null where there is none. Without a version: what runs, or the draft. */
export async function findScenario(db: D1Database, id: string, version: number | null): Promise<ScenarioRow | null> {
  const sql =
    `SELECT ${SCENARIO_COLUMNS} FROM scenarios s LEFT JOIN scenario_versions v ON v.scenario = s.id ` +
    "AND v.version = coalesce(?2, s.live_version, s.draft_version) WHERE s.id = ?1";
  const row = await db.prepare(sql).bind(id, version).first<StoredScenario>();
  return row && readScenario(row);
}

/** How the deployment stands. */
export async function readStanding(db: D1Database): Promise<Standing> {
  const sql =
    "SELECT (SELECT value FROM settings WHERE key = 'kill') AS killed, (SELECT count(*) FROM parked_contacts) AS parked, " +
    `((SELECT count(*) FROM sends WHERE open = 1) + (SELECT count(*) FROM ${KEPT_BY_CAMPAIGNS})) AS openSends, ` +
    "(SELECT count(*) FROM side_journal) AS sideJournal, " +
    "(SELECT count(*) FROM rejected_events WHERE replayed_at IS NULL) AS rejected, " +
    "(SELECT count(*) FROM contacts WHERE status NOT IN ('merged', 'erased', 'expired')) AS contacts";
  const row = await db.prepare(sql).first<Omit<Standing, "killed"> & { killed: string | null }>();
  if (!row) throw new Error("a query of counts gave no row");
  return { ...row, killed: row.killed === null ? [] : (JSON.parse(row.killed) as string[]) };
}

/** The largest holdout of what runs now, 0 to 0.5. */
export async function largestHoldout(db: D1Database): Promise<number> {
  const sql =
    "SELECT max(v.definition ->> 'holdout') AS holdout FROM scenarios s JOIN scenario_versions v ON v.scenario = s.id " +
    "AND v.version = s.live_version WHERE s.state = 'active' AND json_valid(v.definition)";
  return Number((await db.prepare(sql).first<{ holdout: number | null }>())?.holdout ?? 0);
}

/** Figures of a period: messages by scenario, fate and reason; messages by time; runs by scenario and outcome. */
export async function readFigures(
  db: D1Database,
  since: number,
): Promise<{ fates: (FateCount & { scenario: string })[]; slots: SlotCount[]; runs: RunCount[] }> {
  const [fates, slots, runs] = await db.batch([
    db
      .prepare(`${ALL_FATES_SQL} SELECT scenario, fate, reason, count(*) AS count FROM fates GROUP BY 1, 2, 3`)
      .bind(since),
    db
      .prepare(`${ALL_FATES_SQL} SELECT at / ${SLOT_MS} AS slot, fate, count(*) AS count FROM fates GROUP BY 1, 2`)
      .bind(since),
    db
      .prepare(
        "SELECT r.scenario, coalesce(r.outcome, 'running') AS outcome, count(*) AS count FROM scenarios s " +
          "JOIN runs r ON r.scenario = s.id AND r.entered_at >= ?1 GROUP BY 1, 2",
      )
      .bind(since),
  ]);
  return {
    fates: (fates?.results ?? []) as (FateCount & { scenario: string })[],
    slots: (slots?.results ?? []) as SlotCount[],
    runs: (runs?.results ?? []) as RunCount[],
  };
}

/** Where a list goes on: behind the row of that time, contact and id. */
export interface After {
  readonly at: number;
  readonly contact: number;
  readonly id: string;
}

/** The latest decisions, newest first. */
export async function listDecisions(
  db: D1Database,
  filter: { readonly outcome: string | null; readonly scenario: string | null; readonly after: After | null },
  limit: number,
): Promise<DecisionRow[]> {
  const sql =
    `SELECT ${DECISION_COLUMNS} ${DECISIONS_FROM} WHERE (?1 IS NULL OR d.outcome = ?1) AND (?2 IS NULL OR d.scenario = ?2) ` +
    "AND (?3 IS NULL OR (d.at, d.contact, d.id) < (?3, ?4, ?5)) " +
    `AND ${NOT_REPEATED} ORDER BY d.at DESC, d.contact DESC, d.id DESC LIMIT ?6`;
  const { after, outcome, scenario } = filter;
  const values = [outcome, scenario, after?.at ?? null, after?.contact ?? 0, after?.id ?? "", limit];
  return (
    await db
      .prepare(sql)
      .bind(...values)
      .all<DecisionRow>()
  ).results;
}

/** A contact's decisions, newest first. */
export function selectDecisionsOf(db: D1Database, contact: number, limit: number): D1PreparedStatement {
  const sql =
    `SELECT * FROM (SELECT ${DECISION_COLUMNS} ${DECISIONS_FROM} WHERE d.contact IN (${familyOf("?1")}) AND ${NOT_REPEATED} ` +
    `UNION ALL ${OF_CAMPAIGNS} WHERE s.contact IN (${familyOf("?1")}) AND json_extract(s.data, '$.gate') IS NOT NULL) ` +
    "ORDER BY at DESC, id DESC LIMIT ?2";
  return db.prepare(sql).bind(contact, limit);
}

/** Sends that wait, failed, or may or may not have arrived, the newest change first. */
export async function listStuckSends(db: D1Database, limit: number): Promise<SendRow[]> {
  const states = ["queued", "claimed", "failed", "unknown"] as const;
  const found = await Promise.all(states.map((state) => listSends(db, state, null, limit)));
  return found
    .flat()
    .sort((left, right) => right.updatedAt - left.updatedAt)
    .slice(0, limit);
}
