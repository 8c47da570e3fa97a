import { DECISION_COLUMNS } from "../decisions/gate";
import type { BulkTable } from "../platform/d1";
import { bulk, bulkInsert, updateChanged } from "../platform/d1";
import { log } from "../platform/log";
import type { Rule } from "../segments/rule";
import { ruleInput } from "../segments/rule";
import type { Bundle } from "./bundle";
import type { ScenarioDefinition } from "./definition";
import type { Hearing, LiveScenario, Playbook } from "./live";
import { hearingOf, rulesAsked, triggerOf, withDefaults } from "./live";
import type { TakeOver } from "./publishing";
import { takeOverInput } from "./publishing";
import type { Winner } from "./winner";
import { withWinners } from "./winner";

const RUN_COLUMNS = [
  "contact",
  "id",
  "scenario",
  "version",
  "entry_key",
  "entered_at",
  "block",
  "exited_at",
  "outcome",
  "reason",
  "path",
];

/** What is written of an act as its run comes to it; what becomes of one that is pending is written later. */
const ACT_COLUMNS = [
  "contact",
  "id",
  "run",
  "scenario",
  "block",
  "kind",
  "details",
  "at",
  "next_at",
  "state",
  "result",
  "done_at",
];

const TABLES: Readonly<Record<"runs" | "stops" | "decisions" | "acts" | "parked", BulkTable>> = {
  runs: {
    name: "runs",
    columns: RUN_COLUMNS,
    // An exit is final: a copy of the entry that comes late changes nothing, nor does an earlier version. A refusal is
    // not: who was refused may come again under the same key.
    conflict:
      "ON CONFLICT (contact, id) DO UPDATE SET version = excluded.version, entered_at = excluded.entered_at, " +
      "block = excluded.block, exited_at = excluded.exited_at, outcome = excluded.outcome, reason = excluded.reason, " +
      "path = excluded.path " +
      "WHERE (runs.exited_at IS NULL AND (excluded.exited_at IS NOT NULL OR excluded.version > runs.version)) OR " +
      "(runs.outcome = 'refused' AND excluded.entered_at > runs.entered_at)",
  },
  stops: { name: "stops", columns: ["contact", "run", "reason", "at"], conflict: "ON CONFLICT DO NOTHING" },
  decisions: {
    name: "decisions",
    columns: DECISION_COLUMNS,
    conflict: "ON CONFLICT DO NOTHING",
  },
  acts: { name: "acts", columns: ACT_COLUMNS, conflict: "ON CONFLICT DO NOTHING" },
  parked: {
    name: "parked_contacts",
    columns: ["contact", "reason", "at"],
    conflict: updateChanged(["contact"], ["contact", "reason", "at"], "parked_contacts"),
  },
};

/**
 * Closes runs that reach D1 behind the archiving of their scenario, which closed only those that were there. It belongs
 * to the batch that writes them: D1 has either all of that before the archiving, or the archiving before it.
 */
const CLOSE_SQL =
  "UPDATE runs SET exited_at = max(s.updated_at, runs.entered_at), outcome = 'interrupted', reason = 'scenario_archived' " +
  "FROM json_each(?1) AS j JOIN scenarios AS s ON s.id = j.value ->> 2 AND s.state = 'archived' " +
  "WHERE runs.contact = j.value ->> 0 AND runs.id = j.value ->> 1 AND runs.exited_at IS NULL";
const EXITED_AT = RUN_COLUMNS.indexOf("exited_at");

const UNPARK_SQL = "DELETE FROM parked_contacts WHERE contact IN (SELECT value FROM json_each(?1))";

type BundleTable = keyof typeof TABLES | "sends";

/** Makes the copier of bundles to D1; `sends` has the statement for rows of sends, which scenarios only carry. */
export function bundleWriter(db: D1Database, sends: string): (bundles: readonly Bundle[]) => Promise<void> {
  const statements = new Map<BundleTable, string>([["sends", sends]]);
  for (const [key, table] of Object.entries(TABLES)) statements.set(key as BundleTable, bulkInsert(table));
  return async (bundles) => {
    const { parked, unparked } = lastOfParked(bundles);
    const batch = [...statements].flatMap(([key, sql]) => {
      const rows = key === "parked" ? parked : bundles.flatMap((bundle) => bundle[key]);
      return bulk(db, sql, rows);
    });
    batch.push(...bulk(db, UNPARK_SQL, unparked));
    const open = bundles.flatMap(({ runs }) => runs.filter((row) => row[EXITED_AT] === null));
    const keys = open.map((row) => row.slice(0, 3));
    batch.push(...bulk(db, CLOSE_SQL, keys));
    if (batch.length > 0) await db.batch(batch);
  };
}

/** The last word on each contact that was parked or freed: their statements do not follow the order of the bundles. */
function lastOfParked(bundles: readonly Bundle[]): { readonly parked: unknown[][]; readonly unparked: unknown[] } {
  const last = new Map<unknown, unknown[] | null>();
  for (const { parked, unparked } of bundles) {
    for (const contact of unparked) last.set(contact, null);
    for (const row of parked) last.set(row[0], row);
  }
  const words = [...last];
  return {
    parked: words.flatMap(([, row]) => (row ? [row] : [])),
    unparked: words.flatMap(([contact, row]) => (row ? [] : [contact])),
  };
}

/** The statements that a playbook is read with, for a batch of the caller's. */
export function selectPlaybook(db: D1Database): readonly D1PreparedStatement[] {
  const live = "state IN ('active', 'paused')";
  return [
    db.prepare(
      `SELECT id, state, live_version, challenger_version, challenger_share FROM scenarios WHERE ${live} ORDER BY id`,
    ),
    db.prepare(
      `SELECT v.scenario, v.version, v.definition, v.takes_over FROM scenario_versions v JOIN scenarios s ON s.id = v.scenario WHERE s.${live} ORDER BY v.scenario, v.version`,
    ),
    db.prepare(
      `SELECT w.scenario, w.version, w.block, w.arm FROM split_winners w JOIN scenarios s ON s.id = w.scenario WHERE s.${live}`,
    ),
  ];
}

interface Version {
  readonly definition: ScenarioDefinition;
  readonly hearing: Hearing;
  readonly rules: readonly Rule[];
}

/** Versions never change, and every object of the process reads all of them whenever one is added. */
const versions = new Map<string, Version>();
const VERSIONS_KEPT = 500;

function versionOf(text: string): Version {
  const known = versions.get(text);
  if (known) return known;
  const definition = withDefaults(JSON.parse(text) as ScenarioDefinition);
  // One whose start says nothing that is understood would be asked for it at every event.
  triggerOf(definition);
  const rules = rulesAsked(definition).filter((rule) => ruleInput.safeParse(rule).success);
  const version = { definition, hearing: hearingOf(definition), rules };
  if (versions.size >= VERSIONS_KEPT) versions.clear();
  versions.set(text, version);
  return version;
}

type WinnerRow = Pick<Winner, "scenario" | "version" | "block" | "arm">;

/** The playbook out of the rows of `selectPlaybook`. Splits that are decided have their winner as a parameter. */
export function readPlaybook(
  scenarios: readonly unknown[],
  rows: readonly unknown[],
  winners: readonly unknown[] = [],
): Playbook {
  const won = Map.groupBy(winners as readonly WinnerRow[], ({ scenario, version }) => `${scenario}.${version}`);
  const definitions = new Map<string, ScenarioDefinition>();
  const takeOvers = new Map<string, TakeOver[]>();
  const asks: Rule[] = [];
  const hears: Hearing[] = [];
  for (const row of rows as {
    scenario: string;
    version: number;
    definition: string;
    takes_over: string | null;
  }[]) {
    try {
      const { definition, hearing, rules } = versionOf(row.definition);
      const name = `${row.scenario}.${row.version}`;
      definitions.set(name, withWinners(definition, won.get(name) ?? []));
      if (row.takes_over !== null) {
        const takeOver = { ...takeOverInput.parse(JSON.parse(row.takes_over)), version: row.version };
        takeOvers.set(row.scenario, [...(takeOvers.get(row.scenario) ?? []), takeOver]);
      }
      hears.push(hearing);
      asks.push(...rules);
    } catch {
      // One unreadable version must not keep every event and every other scenario from moving.
      log("scenario version not readable", { scenario: row.scenario, version: row.version });
    }
  }
  const live = (scenarios as ScenarioRow[]).flatMap((row) => liveOf(row, definitions));
  const hearing = {
    events: [...new Set(hears.flatMap(({ events }) => events))],
    everything: hears.some(({ everything }) => everything),
    visits: hears.some(({ visits }) => visits === true),
  };
  return {
    live,
    definition: (scenario, version) => definitions.get(`${scenario}.${version}`),
    takeOvers: (scenario) => takeOvers.get(scenario) ?? [],
    asks,
    hears: hearing,
  };
}

interface ScenarioRow {
  readonly id: string;
  readonly state: LiveScenario["state"];
  readonly live_version: number;
  readonly challenger_version: number | null;
  readonly challenger_share: number | null;
}

/** A challenger that cannot be read leaves everybody to the version that runs. */
function liveOf(row: ScenarioRow, definitions: ReadonlyMap<string, ScenarioDefinition>): LiveScenario[] {
  const { id, state, live_version: version, challenger_version: other, challenger_share: share } = row;
  const definition = definitions.get(`${id}.${version}`);
  if (!definition) return [];
  const beside = other === null || share === null ? undefined : definitions.get(`${id}.${other}`);
  const challenger = beside && other !== null && share !== null && { version: other, share, definition: beside };
  return [{ id, version, state, definition, ...(challenger && { challenger }) }];
}
