import { dependentsOf } from "../../segments/family";
import { beginPass } from "../../segments/progress-store";
import { rulesOf, segmentsIn } from "../../segments/segment";
import { listSegments } from "../../segments/segment-store";

/**
 * Has a family of the product's own computed over everybody, and whatever segments look at it: what follows for those is
 * nobody's doing either.
 */
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
  const dependents = dependentsOf(segments, [key]);
  return [...beginPass(db, key, pass, at), ...dependents.flatMap((one) => beginPass(db, one, "rule", at))];
}
