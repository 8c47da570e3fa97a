import type { Assumed } from "../../scenarios/rehearsal-assumed";
import type { RehearsalPlan } from "../../scenarios/rehearsal-plan";
import type { RehearsalRow } from "../../scenarios/rehearsal-store";
import { endRehearsal, findRehearsal, noteRehearsal } from "../../scenarios/rehearsal-store";
import type { Services } from "../../services";
import { Fault } from "../../shared/fault";
import { wakeRehearsal } from "./queue";

/** What somebody asks to be rehearsed. Times are epoch ms; a version that is left out is the draft. */
export interface AskedRehearsal {
  readonly scenario: string;
  readonly from: number;
  readonly to: number;
  readonly version?: number | undefined;
  readonly compare?: number | undefined;
  readonly assume?: Assumed | undefined;
}

/** Notes a rehearsal under an id and sets it going. Throws not-found or unprocessable where there is no such scenario or version. */
export async function beginRehearsal(services: Services, id: string, asked: AskedRehearsal): Promise<RehearsalRow> {
  const { DB } = services.env;
  const { scenario, from, to, assume } = asked;
  const version = await versionOf(DB, scenario, asked.version, "/version");
  const compare = asked.compare === undefined ? null : await versionOf(DB, scenario, asked.compare, "/compare");
  const { playbook } = await services.briefings.read();
  const others = playbook.live.filter((live) => live.id !== scenario && live.state === "active");
  const plan: RehearsalPlan = {
    version,
    compare,
    from,
    to,
    assume: assume ?? null,
    others: others.map(({ id: other, version: own, challenger: test }) => {
      return test ? ([other, own, [test.version, test.share]] as const) : ([other, own] as const);
    }),
    isTested: playbook.live.some((live) => live.id === scenario && live.challenger !== undefined),
    until: await lastRow(DB),
  };
  await noteRehearsal(DB, { id, scenario, plan, createdAt: services.clock.now() });
  await wakeRehearsal(services, id);
  return rehearsalOf(services, id);
}

/** A rehearsal; throws not-found. */
export async function rehearsalOf({ env }: Services, id: string): Promise<RehearsalRow> {
  const row = await findRehearsal(env.DB, id);
  if (!row) throw new Fault("not-found", "There is no rehearsal of this id.");
  return row;
}

/** Ends a rehearsal that is under way; one that is over stays as it is. Throws not-found. */
export async function cancelRehearsal(services: Services, id: string): Promise<RehearsalRow> {
  await rehearsalOf(services, id);
  await endRehearsal(services.env.DB, id, "cancelled", null, services.clock.now());
  await wakeRehearsal(services, id);
  return rehearsalOf(services, id);
}

/** The last row of the journal by now. */
async function lastRow(db: D1Database): Promise<number> {
  const sql = "SELECT max(applied, coalesce((SELECT max(seq) FROM journal), 0)) AS seq FROM cursor";
  return (await db.prepare(sql).first<number>("seq")) ?? 0;
}

async function versionOf(
  db: D1Database,
  scenario: string,
  asked: number | undefined,
  pointer: string,
): Promise<number> {
  const sql =
    "SELECT s.draft_version AS draft, v.version FROM scenarios s LEFT JOIN scenario_versions v " +
    "ON v.scenario = s.id AND v.version = coalesce(?2, s.draft_version) WHERE s.id = ?1";
  const row = await db
    .prepare(sql)
    .bind(scenario, asked ?? null)
    .first<{ draft: number | null; version: number | null }>();
  if (!row) throw new Fault("not-found", "There is no scenario of this id.");
  if (row.version === null) {
    const detail = "is no version of this scenario";
    throw new Fault("unprocessable", "There is no such version.", [{ pointer, detail }]);
  }
  return row.version;
}
