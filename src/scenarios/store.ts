import { DECISION_COLUMNS } from "../decisions/gate";
import type { BulkTable } from "../platform/d1";
import { bulk, bulkInsert, updateChanged } from "../platform/d1";
import { log } from "../platform/log";
import type { Rule } from "../segments/rule";
import { ruleInput } from "../segments/rule";
import type { Bundle } from "./bundle";
import type { ScenarioDefinition } from "./definition";
import type { Hearing, LiveScenario, Playbook } from "./live";
import { hearingOf, rulesAsked, withDefaults } from "./live";
import type { TakeOver } from "./publishing";
import { takeOverInput } from "./publishing";

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

/** What is written of an act once; the rest says what became of it. */
const ACT_COLUMNS = ["contact", "id", "run", "scenario", "block", "kind", "details", "at", "next_at"];

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
export function selectPlaybook(db: D1Database): readonly [D1PreparedStatement, D1PreparedStatement] {
  const live = "state IN ('active', 'paused')";
  return [
    db.prepare(`SELECT id, state, live_version FROM scenarios WHERE ${live} ORDER BY id`),
    db.prepare(
      `SELECT v.scenario, v.version, v.definition, v.takes_over FROM scenario_versions v JOIN scenarios s ON s.id = v.scenario WHERE s.${live} ORDER BY v.scenario, v.version`,
    ),
  ];
}

/** The playbook out of the rows of `selectPlaybook`. */
export function readPlaybook(scenarios: readonly unknown[], versions: readonly unknown[]): Playbook {
  const definitions = new Map<string, ScenarioDefinition>();
  const takeOvers = new Map<string, TakeOver[]>();
  const asks: Rule[] = [];
  const hears: Hearing[] = [];
  for (const row of versions as {
    scenario: string;
    version: number;
    definition: string;
    takes_over: string | null;
  }[]) {
    try {
      const definition = withDefaults(JSON.parse(row.definition) as ScenarioDefinition);
      definitions.set(`${row.scenario}.${row.version}`, definition);
      if (row.takes_over !== null) {
        const takeOver = { ...takeOverInput.parse(JSON.parse(row.takes_over)), version: row.version };
        takeOvers.set(row.scenario, [...(takeOvers.get(row.scenario) ?? []), takeOver]);
      }
      hears.push(hearingOf(definition));
      asks.push(...rulesAsked(definition).filter((rule) => ruleInput.safeParse(rule).success));
    } catch {
      // One unreadable version must not keep every event and every other scenario from moving.
      log("scenario version not readable", { scenario: row.scenario, version: row.version });
    }
  }
  const live = (scenarios as { id: string; state: LiveScenario["state"]; live_version: number }[]).flatMap((row) => {
    const definition = definitions.get(`${row.id}.${row.live_version}`);
    return definition ? [{ id: row.id, version: row.live_version, state: row.state, definition }] : [];
  });
  const hearing = {
    events: [...new Set(hears.flatMap(({ events }) => events))],
    everything: hears.some(({ everything }) => everything),
  };
  return {
    live,
    definition: (scenario, version) => definitions.get(`${scenario}.${version}`),
    takeOvers: (scenario) => takeOvers.get(scenario) ?? [],
    asks,
    hears: hearing,
  };
}
