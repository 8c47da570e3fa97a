import { log } from "../platform/log";
import type { Services } from "../services";

/** Moves the number that tells ledger and shards to read scenarios, contents and switches anew. */
function bumpRevision(db: D1Database): D1PreparedStatement {
  return db.prepare(
    "INSERT INTO settings (key, value) VALUES ('revision', '1') " +
      "ON CONFLICT (key) DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) RETURNING value",
  );
}

/**
 * Makes a change in one batch with the revision and tells everybody of it. What a crash or an unreachable object
 * leaves untold is found by the sweep.
 */
export async function changeSettings(
  services: Services,
  statements: readonly D1PreparedStatement[],
): Promise<D1Result<unknown>[]> {
  const { DB } = services.env;
  const results = await DB.batch([...statements, bumpRevision(DB)]);
  const revision = Number((results.at(-1)?.results[0] as { value: string } | undefined)?.value ?? 0);
  const told = await Promise.allSettled([
    services.ledger.refresh(),
    ...services.shards().map((shard) => shard.refresh(revision)),
  ]);
  const failed = told.filter(({ status }) => status === "rejected").length;
  if (failed > 0) log("change not told to everybody", { revision, failed });
  return results;
}
