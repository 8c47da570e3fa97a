/**
 * The keys of segments that a part of a scenario speaks of, wherever in it: conditions of type `segment`, and starts on
 * a move between segments.
 */
export function mentionsOf(part: unknown): string[] {
  if (Array.isArray(part)) return part.flatMap(mentionsOf);
  if (typeof part !== "object" || part === null) return [];
  const { type, segment, family, params } = part as Readonly<Record<string, unknown>>;
  const own = type === "segment" ? (family ?? segment) : type === "start.segment" ? familyOf(params) : undefined;
  return [...(typeof own === "string" ? [own] : []), ...Object.values(part).flatMap(mentionsOf)];
}

function familyOf(params: unknown): unknown {
  return (Object(params) as { readonly family?: unknown }).family;
}
