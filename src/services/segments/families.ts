import { BEHAVIOUR_FAMILIES } from "../../segments/behaviour/families";
import { levelsOf } from "../../segments/family";
import type { FamilyState, Progress } from "../../segments/progress-store";
import { readFamilyStates, selectFamilyStates, selectProgress } from "../../segments/progress-store";
import { familyOfSegment, partsOf } from "../../segments/segment";
import { readSegments, selectSegments } from "../../segments/segment-store";
import { behaviourFamilies } from "./behaviour-families";
import type { FamilySource, OwnFamily } from "./own-family";
import { rfmFamily, rfmParts } from "./rfm-family";

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

/** Families of the product's own. They are read anew, and none where there is nothing of it. Adding one is a line here. */
const OWN_FAMILIES: readonly ((source: FamilySource) => Promise<readonly OwnFamily[]>)[] = [
  rfmFamily,
  behaviourFamilies,
];

type PartsOf = (source: FamilySource) => Promise<readonly string[]>;

/** The segments of each family of the product's own, which rules may look at before it is computed first. */
const OWN_PARTS: Readonly<Record<string, PartsOf>> = {
  rfm: rfmParts,
  ...Object.fromEntries(BEHAVIOUR_FAMILIES.map(({ key, levels }) => [key, async () => levels.map((one) => one.key)])),
};

/** Keys that no segment of the shop may have. */
export const OWN_KEYS: ReadonlySet<string> = new Set(Object.keys(OWN_PARTS));

/** The keys of all segments that a rule can look at, by family: of the product's own, those that its next run has. */
export async function readParts(source: FamilySource, { families }: Snapshot): Promise<Map<string, Set<string>>> {
  const parts = new Map(families.map(({ key, ranks }) => [key, new Set(ranks)]));
  for (const [key, read] of Object.entries(OWN_PARTS)) parts.set(key, new Set(await read(source)));
  return parts;
}

/** Not met before: it is to be computed for the first time. */
export const UNKNOWN: FamilyState = {
  computedAt: null,
  pass: "first",
  passAt: 0,
  passAfter: 0,
  failure: null,
  failedAt: null,
};

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
  const all = [...own.flat(), ...defined];
  const families = levelsOf(all)
    .flat()
    .map((family) => ({ ...family, state: known.get(family.key) ?? UNKNOWN }));
  return { progress: progress?.results[0] as Progress, families };
}
