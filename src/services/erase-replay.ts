import { EMPTIED } from "../contacts/profile";
import { keysUnder } from "../platform/bucket";
import { putSetting } from "../platform/settings";
import type { Services } from "../services";
import { emptyContacts, wholeFamily } from "./erase-begin";
import type { NotedErasure } from "./erase-steps";
import { ERASURES_PREFIX } from "./erase-steps";
import { putTombstones } from "./seal";

const PAGE = 2_000;
const OBJECTS = 200;
const KEY = "erasures_replayed";

/**
 * Repeats every erasure on a database that was restored to a time before it: whoever is known again by what an erasure
 * left as hashes, and was known before it, is emptied again. Restores move the epoch, which is how one is noticed.
 */
export async function replayAfterRestore(services: Services): Promise<void> {
  const { DB } = services.env;
  const sql = "SELECT epoch, (SELECT value FROM settings WHERE key = ?1) AS replayed FROM cursor WHERE id = 1";
  const row = await DB.prepare(sql).bind(KEY).first<{ epoch: number; replayed: string | null }>();
  if (!row || row.epoch === Number(row.replayed ?? 0)) return;
  await replayErasures(services);
  await putSetting(DB, KEY, String(row.epoch)).run();
}

/** Repeats every erasure that is noted outside the database. Repeating it changes nothing. */
async function replayErasures(services: Services): Promise<void> {
  const { ARCHIVE, DB } = services.env;
  const latest = new Map<string, NotedErasure>();
  for await (const keys of keysUnder(ARCHIVE, ERASURES_PREFIX, OBJECTS)) {
    const noted = (await Promise.all(keys.map((key) => readNoted(ARCHIVE, key)))).flat();
    await bar(DB, noted);
    for (const erasure of noted) noteLatest(latest, erasure);
  }
  await emptyAgain(services, latest);
  await services.ledger.refresh();
}

async function readNoted(bucket: R2Bucket, key: string): Promise<NotedErasure[]> {
  const object = await bucket.get(key);
  return object ? [await object.json<NotedErasure>()] : [];
}

/** By hash, the last erasure: whoever came anew after one may have been erased again. */
function noteLatest(latest: Map<string, NotedErasure>, erasure: NotedErasure): void {
  for (const hash of erasure.hashes) {
    const known = latest.get(hash);
    if (!known || known.at < erasure.at) latest.set(hash, erasure);
  }
}

async function bar(db: D1Database, noted: readonly NotedErasure[]): Promise<void> {
  await putTombstones(
    db,
    noted.flatMap(({ at, bars, hashes }) => (bars ? hashes.map((hash) => [hash, at] as const) : [])),
  );
}

/** Empties whoever is known again and was known before their last erasure. */
async function emptyAgain(services: Services, latest: ReadonlyMap<string, NotedErasure>): Promise<void> {
  const { DB } = services.env;
  const sql =
    "SELECT i.identity, i.contact, c.created_at FROM identities i JOIN contacts c ON c.id = i.contact " +
    `WHERE i.identity > ?1 AND c.status NOT IN ${EMPTIED} ORDER BY i.identity LIMIT ?2`;
  for (let last = ""; ; ) {
    const { results } = await DB.prepare(sql)
      .bind(last, PAGE)
      .all<{ identity: string; contact: number; created_at: number }>();
    for (const { identity, contact, created_at: since } of results) {
      const erasure = latest.get(services.seal(identity));
      // Whoever began anew after the erasure is not who was erased.
      if (!erasure || since > erasure.at) continue;
      await emptyContacts(services, erasure.request, await wholeFamily(DB, contact), erasure.bars);
    }
    const end = results.at(-1);
    if (!end) return;
    last = end.identity;
  }
}
