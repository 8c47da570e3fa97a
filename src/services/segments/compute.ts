import { levelsOf } from "../../segments/family";
import type { Difference, MemberChange, Scope } from "../../segments/member-store";
import { changeStatements, readDifference, selectDifferences } from "../../segments/member-store";
import { guardVersion, isOvertaken, selectProgress } from "../../segments/progress-store";
import type { Look } from "../../segments/transition";
import { judge, newsAfter } from "../../segments/transition";
import { localDate } from "../../shared/wall-time";
import type { LiveFamily, Snapshot } from "./families";
import { readSnapshot } from "./families";
import type { FamilySource } from "./own-family";

/** What is to be computed. */
export interface Plan {
  readonly families: readonly LiveFamily[];
  readonly scope: Scope;
  /** The moment as of which, epoch ms. */
  readonly at: number;
  readonly lookOf: (contact: number) => Look;
  /** Moves the place of whoever asks; in the batch of the last results, so that none is lost and none is repeated. */
  readonly position: readonly D1PreparedStatement[];
  /** The place moves only together with results. */
  readonly lazy?: boolean;
}

/** What came of it: how many contacts moved or wait to, and whether the place was moved. */
export interface Computed {
  readonly changed: number;
  readonly placed: boolean;
}

/** Where families and members are, and by whose days moves are counted. */
export interface Computing extends FamilySource {
  readonly config: { readonly SHOP_TIMEZONE: string };
}

const TRIES = 8;

/**
 * Computes families for some contacts and writes what changed: rows that are as they were are not touched. Each level
 * of families is one batch that fails as a whole where somebody has written members or changed a definition since the
 * plan was made; then another plan is made. Null where there is none.
 */
export async function compute(
  source: Computing,
  planOf: (snapshot: Snapshot) => Promise<Plan | null>,
): Promise<Computed | null> {
  for (let tries = 1; ; tries++) {
    const snapshot = await readSnapshot(source);
    const plan = await planOf(snapshot);
    if (!plan) return null;
    const computed = await computePlan(source, plan, snapshot.progress.version);
    if (computed) return computed;
    if (tries === TRIES) throw new Error("segments are being written by others all the time");
  }
}

/** Null where somebody was faster. */
async function computePlan(source: Computing, plan: Plan, version: number): Promise<Computed | null> {
  const { DB } = source.env;
  const levels = levelsOf(plan.families);
  let changed = 0;
  let expected = version;
  let placed = false;
  for (const [index, families] of levels.entries()) {
    const changes = await changesOf(DB, { ...plan, families }, expected);
    if (!changes) return null;
    const isLast = index === levels.length - 1;
    placed = isLast && (changes.length > 0 || plan.lazy !== true);
    if (changes.length === 0 && !placed) continue;
    const day = localDate(plan.at, source.config.SHOP_TIMEZONE);
    const position = placed ? plan.position : [];
    try {
      await DB.batch([guardVersion(DB, expected), ...changeStatements(DB, changes, day), ...position]);
    } catch (error) {
      if (isOvertaken(error)) return null;
      throw error;
    }
    expected++;
    changed += changes.length;
  }
  return { changed, placed };
}

/** What is to change; null where the version is another one by now. */
async function changesOf(db: D1Database, plan: Plan, version: number): Promise<MemberChange[] | null> {
  const { families, scope, at } = plan;
  const [progress, ...read] = await db.batch([
    selectProgress(db),
    ...families.map((family) => selectDifferences(db, family, scope, at)),
  ]);
  if ((progress?.results[0] as { version: number } | undefined)?.version !== version) return null;
  return families.flatMap((family, index) =>
    (read[index]?.results ?? []).flatMap((row) => changeOf(plan, family, readDifference(row)) ?? []),
  );
}

/** What a difference comes to; null where nothing is to be written. */
function changeOf({ lookOf, at }: Plan, family: LiveFamily, difference: Difference): MemberChange | null {
  const { contact, standing, to, cause, movedAt, news } = difference;
  const change = { family: family.key, contact, newsBefore: news };
  // Who was merged or emptied did not move: there is nobody any more.
  if (!difference.counts) return standing || news ? { ...change, standing: null, moved: null, news: null } : null;
  const { pass, passAfter } = family.state;
  const look = pass !== null && contact > passAfter ? pass : lookOf(contact);
  // A contact has one move at a time, also where our clock stands still.
  const when = Math.max(at, movedAt === null ? at : movedAt + 1);
  const verdict = judge(family.ranks, standing, { to, cause, look, at: when });
  if (!verdict) return null;
  const { move } = verdict;
  if (!move) return { ...change, standing: verdict.standing, moved: null, news };
  const moved = { ...move, at: when };
  return { ...change, standing: verdict.standing, moved, news: newsAfter(news, move, when) };
}
