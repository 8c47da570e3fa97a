import type { SendKey } from "../decisions/permit";
import { pack, unpackLines } from "../platform/lines";
import { DAY } from "../shared/clock";
import type { BatchPorts, OpenBatch } from "./calls";
import { bodiesOf } from "./wire";

/** Batches lie in R2 under it for as long as nobody knows what became of them. */
const BATCH_PREFIX = "batches/";
const ENDING = ".ndjson.gz";

const keyOf = (id: string): string => BATCH_PREFIX + id + ENDING;

/** Whose messages are in a batch. */
interface Head {
  readonly channel: string;
  readonly members: readonly (readonly [number, string])[];
}

/** What lies in R2 of a batch: a line that says whose they are, and the bytes of the call. */
interface Frozen extends Head {
  readonly bodies: readonly string[];
}

interface Stores {
  readonly DB: D1Database;
  readonly ARCHIVE: R2Bucket;
}

/**
 * Frozen batches. Each lies in R2 from before it is handed over until its outcome is written down: a hundred letters are
 * more than a row of D1 holds, and one that comes to its end costs no row. Letters of one content differ in a few words, so
 * that packing them costs a fraction of what it takes to write them out. D1 names those whose outcome is not known.
 */
export function batchStore(stores: Stores, now: () => number): BatchPorts {
  const { DB, ARCHIVE } = stores;
  return {
    async open(channel, lost) {
      if (lost) await noteLost(stores, now());
      const { results } = await DB.prepare("SELECT id, members FROM send_batches WHERE channel = ?1")
        .bind(channel)
        .all<{ id: string; members: string }>();
      return results.map(({ id, members }) => ({ id, members: keysOf(JSON.parse(members) as Head["members"]) }));
    },
    async keep(channel, { id, members }, wire) {
      const said: Head = { channel, members: pairsOf(members) };
      const head = new TextEncoder().encode(`${JSON.stringify(said)}\n`);
      const whole = new Uint8Array(head.length + wire.length);
      whole.set(head);
      whole.set(wire, head.length);
      await ARCHIVE.put(keyOf(id), await pack(whole), { customMetadata: { at: String(now()) } });
    },
    note: (channel, { id, members }) => note(DB, id, channel, pairsOf(members), now()),
    async bodies(id) {
      return (await frozenAt(ARCHIVE, keyOf(id)))?.bodies ?? [];
    },
    async finish(ids) {
      await DB.prepare("DELETE FROM send_batches WHERE id IN (SELECT value FROM json_each(?1))")
        .bind(JSON.stringify(ids))
        .run();
      await ARCHIVE.delete(ids.map(keyOf));
    },
    async doubt(keys) {
      const sql =
        "UPDATE sends SET state = 'unknown', reason = 'may_have_gone', updated_at = ?2 FROM json_each(?1) v " +
        "WHERE sends.contact = v.value ->> 0 AND sends.id = v.value ->> 1 AND state = 'suppressed' AND attempts > 0";
      await DB.prepare(sql)
        .bind(JSON.stringify(pairsOf(keys)), now())
        .run();
    },
    async proven(sent) {
      const sql =
        "UPDATE sends SET state = 'sent', reason = 'accepted_before', provider_id = v.value ->> 2, open = 0, updated_at = ?2 " +
        "FROM json_each(?1) v WHERE sends.contact = v.value ->> 0 AND sends.id = v.value ->> 1 " +
        "AND state IN ('suppressed', 'unknown') AND attempts > 0";
      const rows = sent.map(({ contact, id, providerId }) => [contact, id, providerId]);
      await DB.prepare(sql).bind(JSON.stringify(rows), now()).run();
    },
    async standing(keys) {
      const sql =
        "SELECT s.id, s.state, s.open FROM json_each(?1) v JOIN sends s ON s.contact = v.value ->> 0 AND s.id = v.value ->> 1";
      const { results } = await DB.prepare(sql)
        .bind(JSON.stringify(pairsOf(keys)))
        .all<{ id: string; state: string; open: number }>();
      return new Map(results.map((row) => [row.id, row]));
    },
  };
}

async function note(db: D1Database, id: string, channel: string, members: Head["members"], at: number): Promise<void> {
  const sql = "INSERT OR IGNORE INTO send_batches (id, channel, members, created_at) VALUES (?1, ?2, ?3, ?4)";
  await db.prepare(sql).bind(id, channel, JSON.stringify(members), at).run();
}

/** Names in D1 every batch that lies in R2: whoever handed it over may have died before it was known what came of it. */
export async function noteLost({ DB, ARCHIVE }: Stores, now: number): Promise<void> {
  const objects = await frozenBatches(ARCHIVE);
  if (objects.length === 0) return;
  const { results } = await DB.prepare("SELECT id FROM send_batches").all<{ id: string }>();
  const known = new Set(results.map(({ id }) => keyOf(id)));
  for (const { key } of objects) {
    if (known.has(key)) continue;
    const frozen = await frozenAt(ARCHIVE, key);
    if (frozen) await note(DB, key.slice(BATCH_PREFIX.length, -ENDING.length), frozen.channel, frozen.members, now);
  }
}

async function frozenAt(archive: R2Bucket, key: string): Promise<Frozen | null> {
  const found = await archive.get(key);
  if (!found) return null;
  const [head = "", ...wire] = await unpackLines(found.body);
  return { ...(JSON.parse(head) as Head), bodies: bodiesOf(wire.join("\n")) };
}

async function frozenBatches(archive: R2Bucket): Promise<readonly { readonly key: string; readonly at: number }[]> {
  const found: { key: string; at: number }[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await archive.list({ prefix: BATCH_PREFIX, include: ["customMetadata"], ...(cursor && { cursor }) });
    found.push(...page.objects.map(({ key, customMetadata }) => ({ key, at: Number(customMetadata?.["at"] ?? 0) })));
    if (!page.truncated) return found;
    cursor = page.cursor;
  }
}

function pairsOf(keys: readonly SendKey[]): Head["members"] {
  return keys.map(({ contact, id }) => [contact, id] as const);
}

function keysOf(members: Head["members"]): SendKey[] {
  return members.map(([contact, id]) => ({ contact, id }));
}

/** Forgets batches that nobody repeats any more: their keys are as old as what a provider remembers. */
export async function dropOldBatches({ DB, ARCHIVE }: Stores, now: number): Promise<void> {
  const sql = "DELETE FROM send_batches WHERE created_at < ?1 RETURNING id";
  const { results } = await DB.prepare(sql)
    .bind(now - DAY)
    .all<Pick<OpenBatch, "id">>();
  const old = (await frozenBatches(ARCHIVE)).filter(({ at }) => at < now - DAY);
  const gone = new Set([...results.map(({ id }) => keyOf(id)), ...old.map(({ key }) => key)]);
  if (gone.size > 0) await ARCHIVE.delete([...gone]);
}
