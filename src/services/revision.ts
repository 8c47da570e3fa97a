import { log } from "../platform/log";

/** The setting that says what scenarios earned of late. */
export const EARNINGS = "earnings";

const SETTINGS_SQL = `SELECT key, value FROM settings WHERE key IN ('revision', 'kill', 'sending', 'brakes', 'mailboxes', '${EARNINGS}')`;

/** The number that moves whenever scenarios, contents or switches change. */
export function revisionOf(rows: readonly unknown[]): number {
  const row = (rows as { key: string; value: string }[]).find(({ key }) => key === "revision");
  return row ? Number(row.value) : 0;
}

/** Selects the revision and what is switched off. */
export function selectSettings(db: D1Database): D1PreparedStatement {
  return db.prepare(SETTINGS_SQL);
}

/** Moves the number that tells ledger and shards to read scenarios, contents and switches anew. */
function bumpRevision(db: D1Database): D1PreparedStatement {
  return db.prepare(
    "INSERT INTO settings (key, value) VALUES ('revision', '1') " +
      "ON CONFLICT (key) DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) RETURNING value",
  );
}

/** Whom a change is told to. */
interface Told {
  readonly env: { readonly DB: D1Database };
  readonly ledger: { readonly refresh: () => Promise<unknown> };
  readonly shards: () => readonly { readonly refresh: (revision: number) => Promise<unknown> }[];
}

/**
 * Makes a change in one batch with the revision and tells everybody of it. What a crash or an unreachable object
 * leaves untold is found by the sweep.
 */
export async function changeSettings(
  services: Told,
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
