import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";

/** Turns what somebody was known by into what is kept of it: 128 bits of a keyed hash. */
export type Seal = (name: string) => string;

/** A seal under a secret that lies outside the database, so that a copy of its hashes cannot be guessed through. */
export function sealUnder(secret: string): Seal {
  const encoder = new TextEncoder();
  const key = encoder.encode(secret);
  return (name) => {
    const digest = hmac(sha256, key, encoder.encode(`tombstone.${name}`));
    return Array.from(digest.slice(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
  };
}

/** Selects which of some hashes are those of erased people, and since when. */
export function selectTombstones(db: D1Database, hashes: readonly string[]): D1PreparedStatement {
  const sql = "SELECT hash, at FROM tombstones WHERE hash IN (SELECT value FROM json_each(?1))";
  return db.prepare(sql).bind(JSON.stringify(hashes));
}

/** Whether anybody was ever erased: until then nobody's identity needs to be hashed. */
export async function hasTombstones(db: D1Database): Promise<boolean> {
  return (await db.prepare("SELECT 1 FROM tombstones LIMIT 1").first()) !== null;
}
