import type { Taken } from "../events/merging";

/** A merge as the log has it. Times are epoch ms. */
export interface MergeRow {
  readonly id: string;
  readonly seq: number;
  readonly winner: number;
  readonly loser: number;
  readonly cause: string;
  readonly by: string;
  readonly at: number;
  readonly taken: Taken;
  readonly step: string;
  readonly undoneAt: number | null;
}

const SELECT = "SELECT id, seq, winner, loser, cause, by, at, taken, step, undone_at AS undoneAt FROM merges";

function read(row: Omit<MergeRow, "taken"> & { readonly taken: string }): MergeRow {
  return { ...row, taken: JSON.parse(row.taken) as Taken };
}

/** One merge; null where there is none. */
export async function readMerge(db: D1Database, id: string): Promise<MergeRow | null> {
  const row = await db.prepare(`${SELECT} WHERE id = ?1`).bind(id).first<Parameters<typeof read>[0]>();
  return row && read(row);
}

/** Merges of a contact, on either side, newest first, below a place where one is given. */
export async function listMerges(
  db: D1Database,
  contact: number,
  below: { readonly seq: number; readonly id: string } | null,
  limit: number,
): Promise<MergeRow[]> {
  const sql =
    `${SELECT} WHERE (winner = ?1 OR loser = ?1) AND (?2 IS NULL OR (seq, id) < (?2, ?3)) ` +
    "ORDER BY seq DESC, id DESC LIMIT ?4";
  const statement = db.prepare(sql).bind(contact, below?.seq ?? null, below?.id ?? "", limit);
  return (await statement.all<Parameters<typeof read>[0]>()).results.map(read);
}

/** Contacts with one verified address, though the shop knows them as different people. */
export interface DuplicateRow {
  readonly email: string;
  readonly contacts: readonly number[];
}

/** Addresses that several contacts have verified, in their order, after one where it is given. */
export async function listDuplicates(db: D1Database, after: string, limit: number): Promise<DuplicateRow[]> {
  const sql =
    "SELECT email, json_group_array(id) AS contacts FROM contacts WHERE email > ?1 AND status = 'verified' " +
    "GROUP BY email HAVING count(*) > 1 ORDER BY email LIMIT ?2";
  const { results } = await db.prepare(sql).bind(after, limit).all<{ email: string; contacts: string }>();
  return results.map(({ email, contacts }) => ({ email, contacts: JSON.parse(contacts) as number[] }));
}
