import { levelsOf } from "../../segments/family";
import type { Difference, MemberChange, Scope } from "../../segments/member-store";
import { changeStatements, readDifference } from "../../segments/member-store";
import { guardVersion, isOvertaken } from "../../segments/progress-store";
import type { Look } from "../../segments/transition";
import { judge, newsAfter } from "../../segments/transition";
import { localDate } from "../../shared/wall-time";
import type { LiveFamily, Snapshot } from "./families";
import { readSnapshot } from "./families";
import { noting, readLevel, writeAlone } from "./isolate";
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
  readonly clock: { readonly now: () => number };
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
      return writeAlone(DB, changes, expected, day, error);
    }
    expected++;
    changed += changes.length;
  }
  return { changed, placed };
}

/** What is to change; null where the version is another one by now. */
async function changesOf(db: D1Database, plan: Plan, version: number): Promise<MemberChange[] | null> {
  const { families, scope, at } = plan;
  const [progress, ...read] = await readLevel(db, families, scope, at);
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
