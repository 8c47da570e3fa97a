import type { Family } from "../../segments/family";
import { dependentsOf } from "../../segments/family";
import { beginPass } from "../../segments/progress-store";
import { rulesOf, segmentsIn } from "../../segments/segment";
import { listSegments } from "../../segments/segment-store";

/** Has a family computed over everybody, and those that look at it: what follows for them is nobody's doing. */
export function passesOf(
  db: D1Database,
  families: readonly Pick<Family, "key" | "dependsOn">[],
  key: string,
  pass: "first" | "rule",
  at: number,
): D1PreparedStatement[] {
  const dependents = dependentsOf(families, [key]);
  return [...beginPass(db, key, pass, at), ...dependents.flatMap((one) => beginPass(db, one, "rule", at))];
}

/** The same of a family of the product's own, over the segments that are stored. */
export async function ownPasses(
  db: D1Database,
  key: string,
  pass: "first" | "rule",
  at: number,
): Promise<D1PreparedStatement[]> {
  const segments = (await listSegments(db)).map((one) => ({
    key: one.key,
    dependsOn: one.state === "ready" ? rulesOf(one.definition).flatMap(({ rule }) => segmentsIn(rule)) : [],
  }));
  return passesOf(db, segments, key, pass, at);
}
