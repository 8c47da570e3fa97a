import type { SendKey } from "../decisions/permit";
import { DAY } from "../shared/clock";
import type { BatchPorts, OpenBatch } from "./calls";

/** Bodies of batches lie in R2 under it for as long as nobody knows what became of them. */
export const BATCH_PREFIX = "batches/";

const bodyKey = (id: string): string => `${BATCH_PREFIX}${id}.json`;

interface Stores {
  readonly DB: D1Database;
  readonly ARCHIVE: R2Bucket;
}

/** Frozen batches: members in D1, bodies in R2, as a hundred letters are more than a row holds. */
export function batchStore({ DB, ARCHIVE }: Stores, now: () => number): BatchPorts {
  return {
    async open(channel) {
      const { results } = await DB.prepare("SELECT id, members FROM send_batches WHERE channel = ?1")
        .bind(channel)
        .all<{ id: string; members: string }>();
      return results.map(({ id, members }) => ({ id, members: membersOf(members) }));
    },
    async keep(channel, { id, members }, bodies) {
      const text = JSON.stringify(members.map((member) => [member.contact, member.id]));
      const sql = "INSERT INTO send_batches (id, channel, members, created_at) VALUES (?1, ?2, ?3, ?4)";
      await DB.prepare(sql).bind(id, channel, text, now()).run();
      await ARCHIVE.put(bodyKey(id), JSON.stringify(bodies));
    },
    async bodies(id) {
      return (await (await ARCHIVE.get(bodyKey(id)))?.json<string[]>()) ?? [];
    },
    async finish(ids) {
      await DB.prepare("DELETE FROM send_batches WHERE id IN (SELECT value FROM json_each(?1))")
        .bind(JSON.stringify(ids))
        .run();
      await ARCHIVE.delete(ids.map(bodyKey));
    },
    async doubt(keys) {
      const sql =
        "UPDATE sends SET state = 'unknown', reason = 'may_have_gone', updated_at = ?2 FROM json_each(?1) v " +
        "WHERE sends.contact = v.value ->> 0 AND sends.id = v.value ->> 1 AND state = 'suppressed' AND attempts > 0";
      const wanted = JSON.stringify(keys.map(({ contact, id }) => [contact, id]));
      await DB.prepare(sql).bind(wanted, now()).run();
    },
    async standing(keys) {
      const sql =
        "SELECT s.id, s.state, s.open FROM json_each(?1) v JOIN sends s ON s.contact = v.value ->> 0 AND s.id = v.value ->> 1";
      const wanted = JSON.stringify(keys.map(({ contact, id }) => [contact, id]));
      const { results } = await DB.prepare(sql).bind(wanted).all<{ id: string; state: string; open: number }>();
      return new Map(results.map((row) => [row.id, row]));
    },
  };
}

function membersOf(text: string): SendKey[] {
  return (JSON.parse(text) as [number, string][]).map(([contact, id]) => ({ contact, id }));
}

/** Forgets batches that nobody repeats any more: their keys are as old as what a provider remembers. */
export async function dropOldBatches({ DB, ARCHIVE }: Stores, now: number): Promise<void> {
  const sql = "DELETE FROM send_batches WHERE created_at < ?1 RETURNING id";
  const { results } = await DB.prepare(sql)
    .bind(now - DAY)
    .all<Pick<OpenBatch, "id">>();
  if (results.length > 0) await ARCHIVE.delete(results.map(({ id }) => bodyKey(id)));
}
