import { bulk } from "../platform/d1";
import { hex, keyedBytes } from "../shared/mac";

/** Turns what somebody was known by into what is kept of it: 128 bits of a keyed hash. */
export type Seal = (name: string) => string;

/** A seal under a secret that lies outside the database, so that a copy of its hashes cannot be guessed through. */
export function sealUnder(secret: string): Seal {
  return (name) => hex(keyedBytes(secret, `tombstone.${name}`, 16));
}

/** Selects which of some hashes are those of erased people, and since when. */
export function selectTombstones(db: D1Database, hashes: readonly string[]): D1PreparedStatement {
  const sql = "SELECT hash, at FROM tombstones WHERE hash IN (SELECT value FROM json_each(?1))";
  return db.prepare(sql).bind(JSON.stringify(hashes));
}

/** Notes the hashes of erased people, each with when that was (epoch ms); of two times the later counts. */
export async function putTombstones(db: D1Database, hashes: readonly (readonly [string, number])[]): Promise<void> {
  const sql =
    "INSERT INTO tombstones (hash, at) SELECT value ->> 0, value ->> 1 FROM json_each(?1) WHERE true " +
    "ON CONFLICT (hash) DO UPDATE SET at = max(at, excluded.at)";
  for (const statement of bulk(db, sql, hashes)) await statement.run();
}

/** Whether anybody was ever erased: until then nobody's identity needs to be hashed. */
export async function hasTombstones(db: D1Database): Promise<boolean> {
  return (await db.prepare("SELECT 1 FROM tombstones LIMIT 1").first()) !== null;
}
