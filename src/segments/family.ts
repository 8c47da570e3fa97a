/** SQL that takes at most one parameter, whose number it was told. */
export interface FamilySql {
  readonly text: string;
  readonly values: readonly string[];
}

/**
 * One partition of the contacts: a simple segment, or several of which a contact is in one at most. Simple segments
 * have their own key as their family's.
 */
export interface Family {
  readonly key: string;
  /** Its segments, best first: moving towards the first is a rise, towards the last, or out, a fall. */
  readonly ranks: readonly string[];
  /** Families that its rules look at: they are computed before it. */
  readonly dependsOn: readonly string[];
  /** Rows `contact, segment, cause` of contacts that stand for themselves; cause and segment may be NULL. */
  readonly sql: (now: number, parameter: number) => FamilySql;
}

/** Whoever was merged into another or emptied is in no segment; `c` is the contact. */
export const HEADS = "c.status NOT IN ('merged', 'erased', 'expired')";

/**
 * Families in the order of their computation: each level only looks at those before it. What looks at itself by way of
 * others is left out, as is whoever looks at those.
 */
export function levelsOf<One extends Pick<Family, "key" | "dependsOn">>(families: readonly One[]): One[][] {
  const levels: One[][] = [];
  const known = new Set(families.map(({ key }) => key));
  const done = new Set<string>();
  for (let left = families; left.length > 0; ) {
    const ready = left.filter(({ dependsOn }) => dependsOn.every((key) => done.has(key) || !known.has(key)));
    if (ready.length === 0) return levels;
    levels.push(ready);
    for (const { key } of ready) done.add(key);
    left = left.filter(({ key }) => !done.has(key));
  }
  return levels;
}

/** The way on which a family comes to look at itself, from its key to its key; null where it does not. */
export function cycleOf(families: readonly Pick<Family, "key" | "dependsOn">[], from: string): string[] | null {
  const by = new Map(families.map((family) => [family.key, family.dependsOn]));
  const seen = new Set<string>();
  const search = (key: string, way: readonly string[]): string[] | null => {
    for (const next of by.get(key) ?? []) {
      if (next === from) return [...way, next];
      if (seen.has(next)) continue;
      seen.add(next);
      const found = search(next, [...way, next]);
      if (found) return found;
    }
    return null;
  };
  return search(from, [from]);
}

/** The families that look at one of these, directly or by way of others; these themselves left out. */
export function dependentsOf(
  families: readonly Pick<Family, "key" | "dependsOn">[],
  keys: readonly string[],
): string[] {
  const found = new Set(keys);
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const { key, dependsOn } of families) if (dependsOn.some((one) => found.has(one))) found.add(key);
  }
  return [...found].filter((key) => !keys.includes(key));
}
