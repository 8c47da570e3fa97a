import type { PermitRow, SendKey } from "./permit";
import { CLOSE_SQL, PERMIT_SQL, permitValues } from "./permit";

/** Runs the permit's statement. */
export async function permitSends(
  db: D1Database,
  keys: readonly SendKey[],
  owner: string,
  now: number,
): Promise<readonly PermitRow[]> {
  if (keys.length === 0) return [];
  const values = permitValues(keys, owner, now);
  const [permitted] = await db.batch<PermitRow>([
    db.prepare(PERMIT_SQL).bind(...values),
    db.prepare(CLOSE_SQL).bind(values[0]),
  ]);
  return permitted?.results ?? [];
}
