import type { PermitRow, SendKey } from "./permit";
import { PERMIT_SQL, permitValues } from "./permit";

/** Runs the permit's statement. */
export async function permitSends(
  db: D1Database,
  keys: readonly SendKey[],
  owner: string,
  now: number,
): Promise<readonly PermitRow[]> {
  if (keys.length === 0) return [];
  return (
    await db
      .prepare(PERMIT_SQL)
      .bind(...permitValues(keys, owner, now))
      .all<PermitRow>()
  ).results;
}
