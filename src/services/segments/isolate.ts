import { isTransient } from "../../platform/d1";
import { log } from "../../platform/log";
import type { FailureCode } from "../../segments/failure";
import { failureOf } from "../../segments/failure";
import { dependentsOf } from "../../segments/family";
import type { MemberChange, Scope } from "../../segments/member-store";
import { changeStatements, selectDifferences } from "../../segments/member-store";
import { guardVersion, isOvertaken, noteFailures, selectProgress } from "../../segments/progress-store";
import { isOutrun } from "../../segments/rfm/rfm-store";
import type { LiveFamily } from "./families";
import { readSnapshot } from "./families";
import type { FamilySource } from "./own-family";

/** Thrown where families fail by themselves, however often they are tried. */
class FamiliesFail extends Error {
  constructor(readonly failures: ReadonlyMap<string, FailureCode>) {
    super(`families cannot be computed: ${[...failures.keys()].join(", ")}`);
  }
}

/** Families that can be computed now: none that fails, and none that looks at one. */
export function computable(families: readonly LiveFamily[]): LiveFamily[] {
  const failed = families.flatMap(({ key, state }) => (state.failure === null ? [] : [key]));
  const out = new Set([...failed, ...dependentsOf(families, failed)]);
  return families.filter(({ key }) => !out.has(key));
}

/** Whether a family waits for one that it looks at and that fails. */
export function isBlocked({ dependsOn }: LiveFamily, families: readonly LiveFamily[]): boolean {
  return families.some(({ key, state }) => state.failure !== null && dependsOn.includes(key));
}

/** Where the progress stands, and what each family says that its rows do not, in one batch. Throws `FamiliesFail`. */
export async function readLevel(
  db: D1Database,
  families: readonly LiveFamily[],
  scope: Scope,
  at: number,
): Promise<D1Result<unknown>[]> {
  const select = (family: LiveFamily) => selectDifferences(db, family, scope, at);
  try {
    return await db.batch([selectProgress(db), ...families.map(select)]);
  } catch (error) {
    if (isMomentary(error)) throw error;
    // Where nothing can be read at all, it is not the families' fault.
    await selectProgress(db).all();
    const failures = new Map<string, FailureCode>();
    for (const family of families) await trying(failures, family.key, () => select(family).all());
    throw failures.size > 0 ? new FamiliesFail(failures) : error;
  }
}

/**
 * Writes changes that were refused together family by family, so that one alone fails. Throws `FamiliesFail`, the error where
 * it is nobody's; null where all are written or somebody was faster.
 */
export async function writeAlone(
  db: D1Database,
  changes: readonly MemberChange[],
  version: number,
  day: string,
  error: unknown,
): Promise<null> {
  if (isMomentary(error)) throw error;
  const failures = new Map<string, FailureCode>();
  let expected = version;
  for (const [family, some] of Map.groupBy(changes, (change) => change.family)) {
    try {
      await db.batch([guardVersion(db, expected), ...changeStatements(db, some, day)]);
      expected++;
    } catch (one) {
      if (isOvertaken(one)) return null;
      if (isMomentary(one)) throw one;
      fail(failures, family, one);
    }
  }
  if (failures.size > 0) throw new FamiliesFail(failures);
  return null;
}

/** Brings up to date what a family is computed from. Throws `FamiliesFail`. */
export async function refreshOne(
  { key, refresh }: LiveFamily,
  at: number,
  contacts: readonly number[] | null,
): Promise<readonly number[]> {
  let others: readonly number[] = [];
  const failures = new Map<string, FailureCode>();
  await trying(failures, key, async () => {
    others = (await refresh?.(at, contacts)) ?? [];
  });
  if (failures.size > 0) throw new FamiliesFail(failures);
  return others;
}

/** Whether the database takes what a family is computed by. */
export async function isTaken(db: D1Database, family: Parameters<typeof selectDifferences>[1]): Promise<boolean> {
  const failures = new Map<string, FailureCode>();
  await trying(failures, family.key, () => selectDifferences(db, family, { contacts: [] }, 0).all());
  return failures.size === 0;
}

/**
 * Runs something that may find that families fail. Of those it is noted, and of whoever looks at them: they are left out
 * until they have been computed over everybody. Null in their place.
 */
export async function noting<T>(source: FamilySource, now: number, run: () => Promise<T>): Promise<T | null> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof FamiliesFail)) throw error;
    await note(source, error.failures, now);
    return null;
  }
}

async function note(source: FamilySource, failures: ReadonlyMap<string, FailureCode>, now: number): Promise<void> {
  const { DB } = source.env;
  const { families, progress } = await readSnapshot(source);
  const keys = [...failures.keys()];
  const noted = new Map<string, FailureCode>(failures);
  for (const key of dependentsOf(families, keys)) noted.set(key, "looks_at_failed");
  const known = [...noted].filter(([noting]) => families.some(({ key }) => key === noting));
  try {
    await DB.batch([guardVersion(DB, progress.version), noteFailures(DB, known, now)]);
  } catch (error) {
    // Whoever was faster may have mended it. Else it is found again.
    if (!isOvertaken(error)) throw error;
  }
}

async function trying(failures: Map<string, FailureCode>, key: string, run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (isMomentary(error)) throw error;
    fail(failures, key, error);
  }
}

function fail(failures: Map<string, FailureCode>, family: string, error: unknown): void {
  log("segment not computed", { family, error: String(error) });
  failures.set(family, failureOf(error));
}

/**
 * True for errors that say nothing about a family: the database is not well, or somebody else was faster. What takes more time
 * or memory than the database gives does say something, though the same might pass in a better hour: tried for ever it
 * stops all the others.
 */
function isMomentary(error: unknown): boolean {
  return (isTransient(error) && !/exceeded/i.test(String(error))) || isOutrun(error);
}
