import type { Terms } from "../../segments/compile";
import type { Family } from "../../segments/family";
import { levelsOf } from "../../segments/family";
import type { FamilyState, Progress } from "../../segments/progress-store";
import { readFamilyStates, selectFamilyStates, selectProgress } from "../../segments/progress-store";
import type { SegmentDefinition } from "../../segments/segment";
import { familyOfSegment, partsOf } from "../../segments/segment";
import { readSegments, selectSegments } from "../../segments/segment-store";

/** What families are read from. */
export interface FamilySource {
  readonly env: { readonly DB: D1Database };
  readonly terms: Terms;
  readonly tables: { readonly read: () => Promise<unknown> };
}

/** One segment of a family. */
export interface FamilyPart {
  readonly key: string;
  readonly name: string;
}

/** A family that the product makes itself, over rows that it keeps. */
export interface OwnFamily extends Family {
  readonly name: string;
  readonly parts: readonly FamilyPart[];
  /** What a shop defined, and when. */
  readonly definition?: SegmentDefinition;
  readonly createdAt?: number;
  readonly updatedAt?: number;
  /**
   * Brings the rows that it is computed from up to date, for some contacts or (null) for all, and tells who else may
   * have moved by it. It can be run twice.
   */
  readonly refresh?: (at: number, contacts: readonly number[] | null) => Promise<readonly number[]>;
}

/** A family as it is computed now. */
export interface LiveFamily extends OwnFamily {
  readonly state: FamilyState;
}

/** Families and progress as of one moment. */
export interface Snapshot {
  readonly progress: Progress;
  /** In the order in which they are computed. */
  readonly families: readonly LiveFamily[];
}

/** Families of the product's own. Each is read anew, and null where the shop does not use it. Adding one is a line here. */
const OWN_FAMILIES: readonly ((source: FamilySource) => Promise<OwnFamily | null>)[] = [];

/** Keys that no segment of the shop may have. */
export const OWN_KEYS: ReadonlySet<string> = new Set(["rfm", "engagement", "email_activity"]);

/** Not met before: it is to be computed for the first time. */
const UNKNOWN: FamilyState = { computedAt: null, pass: "first", passAt: 0, passAfter: 0 };

/** Every family as it is now, with the version that whoever writes members must find unchanged. */
export async function readSnapshot(source: FamilySource): Promise<Snapshot> {
  const { DB } = source.env;
  await source.tables.read();
  const own = await Promise.all(OWN_FAMILIES.map((read) => read(source)));
  const [progress, stored, states] = await DB.batch([selectProgress(DB), selectSegments(DB), selectFamilyStates(DB)]);
  const known = readFamilyStates(states?.results ?? []);
  const defined = readSegments(stored?.results ?? []).flatMap(({ state, ...segment }): OwnFamily[] => {
    if (state === "removing") return [];
    const { key, name, definition } = segment;
    return [{ ...familyOfSegment(key, definition, source.terms), ...segment, parts: partsOf(key, name, definition) }];
  });
  const all = [...own.flatMap((family) => family ?? []), ...defined];
  const families = levelsOf(all)
    .flat()
    .map((family) => ({ ...family, state: known.get(family.key) ?? UNKNOWN }));
  return { progress: progress?.results[0] as Progress, families };
}
