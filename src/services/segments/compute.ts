import { levelsOf } from "../../segments/family";
import type { MemberChange, Scope } from "../../segments/member-store";
import { changeStatements, readDifference } from "../../segments/member-store";
import type { Progress } from "../../segments/progress-store";
import { guardVersion, isOvertaken } from "../../segments/progress-store";
import { judge, newsAfter } from "../../segments/transition";
import { localDate } from "../../shared/wall-time";
import type { Case, Glance } from "./causes";
import { causesOf } from "./causes";
import type { LiveFamily, Snapshot } from "./families";
import { readSnapshot } from "./families";
import { noting, readLevel, writeAlone } from "./isolate";
import type { Telling } from "./news";
import { tellNews } from "./news";
import type { FamilySource } from "./own-family";

/** What is to be computed. */
export interface Plan extends Glance {
  readonly families: readonly LiveFamily[];
  readonly scope: Scope;
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

/** Where families and members are, by whose days moves are counted, and who is told of them. */
export interface Computing extends FamilySource, Telling {
  readonly config: { readonly SHOP_TIMEZONE: string };
}

const TRIES = 8;

/** Thrown where others wrote members between each reading and writing: a later time is as good. */
export class Busy extends Error {}

/**
 * Computes families for some contacts and writes what changed: rows that are as they were are not touched. Each level
 * of families is one batch that fails as a whole where somebody has written members or changed a definition since the
 * plan was made; then another plan is made. Null where there is none. A family that fails is noted, and the next plan is
 * made without it. Throws `Busy`.
 */
export async function compute(
  source: Computing,
  planOf: (snapshot: Snapshot) => Promise<Plan | null>,
): Promise<Computed | null> {
  for (let tries = 1; tries <= TRIES; tries++) {
    const done = await noting(source, source.clock.now(), async () => {
      const snapshot = await readSnapshot(source);
      const plan = await planOf(snapshot);
      if (!plan) return { computed: null };
      const computed = await computePlan(source, plan, snapshot.progress.version);
      return computed && { computed };
    });
    if (done) return done.computed;
  }
  throw new Busy("segments are being written by others all the time");
}

/** Null where somebody was faster. */
async function computePlan(source: Computing, plan: Plan, version: number): Promise<Computed | null> {
  const { DB } = source.env;
  const levels = levelsOf(plan.families);
  let changed = 0;
  let expected = version;
  let placed = false;
  for (const [index, families] of levels.entries()) {
    const changes = await changesOf(source, { ...plan, families }, expected);
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
      return writeAlone(DB, changes, expected, day, error);
    }
    expected++;
    changed += changes.length;
  }
  return { changed, placed };
}

/** What is to change; null where the version is another one by now. */
async function changesOf(source: Computing, plan: Plan, version: number): Promise<MemberChange[] | null> {
  const db = source.env.DB;
  const { families, scope, at } = plan;
  const [progress, ...read] = await readLevel(db, families, scope, at);
  const standing = progress?.results[0] as Progress | undefined;
  if (standing?.version !== version) return null;
  const found = families.flatMap((family, index) =>
    (read[index]?.results ?? []).map((row) => [family, readDifference(row)] as const),
  );
  if (found.some(([, { isBeingTold }]) => isBeingTold)) {
    // Whoever began to may have died, and what comes now takes the place of what they were to tell.
    while (await tellNews(source));
    return null;
  }
  return (await causesOf(db, plan, standing, found)).flatMap((one) => changeOf(at, one) ?? []);
}

/** What a difference comes to; null where nothing is to be written. */
function changeOf(at: number, { family, difference, look, cause }: Case): MemberChange | null {
  const { contact, standing, to, movedAt, news } = difference;
  const change = { family: family.key, contact, newsBefore: news };
  // Who was merged or emptied did not move: there is nobody any more.
  if (!difference.counts) return standing || news ? { ...change, standing: null, moved: null, news: null } : null;
  // A contact has one move at a time, also where our clock stands still.
  const when = Math.max(at, movedAt === null ? at : movedAt + 1);
  const verdict = judge(family.ranks, standing, { to, cause, look, at: when });
  if (!verdict) return null;
  const { move } = verdict;
  if (!move) return { ...change, standing: verdict.standing, moved: null, news };
  const moved = { ...move, at: when };
  return { ...change, standing: verdict.standing, moved, news: newsAfter(news, move, when) };
}
