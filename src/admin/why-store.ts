import { familyOf } from "../contacts/wanted";

/** A run of a contact in one scenario. Times are epoch ms. */
export interface ContactRun {
  readonly contact: number;
  readonly id: string;
  readonly version: number;
  readonly enteredAt: number;
  readonly exitedAt: number | null;
  readonly outcome: string | null;
  readonly reason: string | null;
  /** JSON of `[block, left at, way out]`; null until it ends. */
  readonly path: string | null;
}

/** The latest runs of a contact, and of whoever was merged into it, in one scenario. */
export async function runsOfContact(
  db: D1Database,
  contact: number,
  scenario: string,
  limit: number,
): Promise<readonly ContactRun[]> {
  const sql =
    "SELECT contact, id, version, entered_at AS enteredAt, exited_at AS exitedAt, outcome, reason, path FROM runs " +
    `WHERE contact IN (${familyOf("?1")}) AND scenario = ?2 ORDER BY entered_at DESC, id DESC LIMIT ?3`;
  return (await db.prepare(sql).bind(contact, scenario, limit).all<ContactRun>()).results;
}
