import type { StoredScenario } from "../scenarios/admin-store";
import { findVersion } from "../scenarios/admin-store";
import type { Versus } from "../scenarios/versus";
import { differencesOf } from "../scenarios/versus";
import type { VersionFigures } from "../scenarios/versus-store";
import { challenging, keeping, lastTest, readVersionFigures } from "../scenarios/versus-store";
import type { Services } from "../services";
import { changeSettings } from "../services/revision";
import { Fault } from "../shared/fault";
import { runnableDraft, scenarioOf, stale } from "./scenario-actions";

/**
 * Lets the draft run beside the live version for a share of contacts. The same call again changes nothing. Throws conflict
 * where there is nothing to run beside or another test runs, unprocessable where the two cannot be compared.
 */
export async function activateBeside(
  services: Services,
  id: string,
  base: number | null,
  share: number,
): Promise<StoredScenario> {
  const known = await runnableDraft(services, id, base);
  const { draftVersion, liveVersion, challenger, state } = known;
  const { DB } = services.env;
  if (challenger?.version === draftVersion && challenger.share === share && state === "active") return known;
  if (challenger) throw running(id, liveVersion, challenger);
  const live = liveVersion === null ? null : await findVersion(DB, id, liveVersion);
  if (!live || liveVersion === draftVersion) {
    throw new Fault("conflict", "A test needs a version that runs, and a draft that is another one.");
  }
  const differences = differencesOf(live, known.definition);
  if (differences.length > 0) {
    throw new Fault("unprocessable", "The two versions cannot be compared.", differences);
  }
  const [begun] = await changeSettings(services, [challenging(DB, id, draftVersion, share, services.clock.now())]);
  if (begun?.meta.changes === 0) throw stale();
  return scenarioOf(services, id);
}

function running(id: string, live: number | null, { version, share }: Versus): Fault {
  return new Fault(
    "conflict",
    `Versions ${live ?? "–"} and ${version} run side by side already, for a share of ${share}. Keep one of them first: ` +
      `POST /api/scenarios/${id}/versions/{version}/keep`,
  );
}

/**
 * Ends a test: one version is for everybody who comes from now on. The same call again changes nothing. Throws conflict
 * where no test runs in which the version takes part, or another one was kept at the same moment.
 */
export async function keepVersion(services: Services, id: string, version: number): Promise<StoredScenario> {
  const { challenger, liveVersion, state } = await scenarioOf(services, id);
  if (state === "archived") throw new Fault("conflict", "The scenario is archived. Make a new one.");
  const versions = [liveVersion, challenger?.version];
  if (!versions.includes(version)) {
    throw new Fault("conflict", `Version ${version} does not run: there is no test of it that could end.`);
  }
  if (!challenger) return scenarioOf(services, id);
  const [, kept] = await changeSettings(services, keeping(services.env.DB, id, version, services.clock.now()));
  const after = await scenarioOf(services, id);
  // Somebody ended the test at the same moment: with the same version it is the same call, else they have decided.
  const isKept = (kept?.meta.changes ?? 0) > 0 || (after.challenger === null && after.liveVersion === version);
  if (!isKept) throw new Fault("conflict", `The test was ended meanwhile, and version ${version} was not kept.`);
  return after;
}

/** One side of a test. */
export interface Contender extends VersionFigures {
  readonly role: "live" | "challenger";
  /** Of contacts that it is for, 0 to 1. */
  readonly share: number;
  /** Of runs, those that reached the goal, 0 to 1; null without a run. */
  readonly goalShare: number | null;
}

/** What two versions came to side by side, the one that was live at the beginning first. Times are epoch ms. */
export interface Contest {
  readonly since: number;
  /** When it ended, and the version that was kept; null while it goes on. */
  readonly ended: { readonly at: number; readonly kept: number } | null;
  readonly sides: readonly Contender[];
}

/** The test that runs; null where none does. */
export async function readVersus(
  { env }: Services,
  { id, liveVersion, challenger }: Pick<StoredScenario, "id" | "liveVersion" | "challenger">,
): Promise<Contest | null> {
  if (liveVersion === null || challenger === null) return null;
  const { since, share, version } = challenger;
  const figures = await readVersionFigures(env.DB, id, since);
  return { since, ended: null, sides: sidesOf({ live: liveVersion, challenger: version, share }, figures) };
}

/** The last test that has ended: what came of those who came in while it ran, to this day. Null where there was none. */
export async function readLastVersus({ env }: Services, id: string): Promise<Contest | null> {
  const test = await lastTest(env.DB, id);
  if (!test) return null;
  const { since, until, kept } = test;
  const figures = await readVersionFigures(env.DB, id, since, until);
  return { since, ended: { at: until, kept }, sides: sidesOf(test, figures) };
}

function sidesOf(
  { live, challenger, share }: { readonly live: number; readonly challenger: number; readonly share: number },
  figures: readonly VersionFigures[],
): readonly Contender[] {
  const sideOf = (version: number, role: Contender["role"], part: number): Contender => {
    const none = { version, entered: 0, running: 0, goals: 0, sent: 0 };
    const known = figures.find((one) => one.version === version) ?? none;
    return { ...known, role, share: part, goalShare: known.entered > 0 ? known.goals / known.entered : null };
  };
  return [sideOf(live, "live", 1 - share), sideOf(challenger, "challenger", share)];
}
