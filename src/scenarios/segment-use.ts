type Node = Readonly<Record<string, unknown>>;

/** One segment of a family, as a condition or a start speaks of it; a simple segment is its own family. */
export interface SegmentPlace {
  readonly family: string;
  readonly segment: string;
}

/**
 * The keys of segments that a part of a scenario speaks of, wherever in it: conditions of type `segment`, starts on
 * a move between segments, and paths that are chosen by them.
 */
export function mentionsOf(part: unknown): string[] {
  return foundIn(part, (node) => texts(isBlock(node) ? paramsOf(node)["family"] : familyOf(node)));
}

/** The segments themselves: what a condition asks for, what a start comes from and goes to, what a path is chosen by. */
export function placesIn(part: unknown): SegmentPlace[] {
  return foundIn(part, (node) => {
    const { family, from, to, segments } = paramsOf(node);
    const own = isBlock(node) ? texts(from, to, ...[segments].flat()) : texts(familyOf(node) && node["segment"]);
    const [of] = texts(isBlock(node) ? family : familyOf(node));
    return of === undefined ? [] : own.map((segment) => ({ family: of, segment }));
  });
}

/** The tables that a scenario or a segment asks about, or starts on. */
export function tablesIn(part: unknown): string[] {
  return foundIn(part, ({ type, table, params }) => {
    if (type === "start.interaction") return texts(paramsOf({ params })["table"]);
    return type === "table" ? texts(table) : [];
  });
}

function foundIn<T>(part: unknown, own: (node: Node) => readonly T[]): T[] {
  if (Array.isArray(part)) return part.flatMap((one) => foundIn(one, own));
  if (typeof part !== "object" || part === null) return [];
  return [...own(part as Node), ...Object.values(part).flatMap((one) => foundIn(one, own))];
}

function familyOf({ type, family, segment }: Node): unknown {
  return type === "segment" ? (family ?? segment) : undefined;
}

function isBlock({ type }: Node): boolean {
  return type === "start.segment" || type === "switch.segment";
}

function paramsOf({ params }: Node): Node {
  return Object(params) as Node;
}

function texts(...values: readonly unknown[]): string[] {
  return values.filter((value) => typeof value === "string");
}
