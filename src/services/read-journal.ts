import type { LedgerEvent } from "../events/event";
import type { Services } from "../services";
import { archivePrefix, keyAfter, readArchive } from "./archive";

const PAGE = 1_000;

/** One row of the journal, as archived. Times are epoch ms. */
export interface ArchivedRow {
  readonly seq: number;
  readonly received_at: number;
  readonly events: readonly LedgerEvent[];
}

/** Every row of the journal in order, page by page: what was archived, then what was not yet; none of them twice. */
export async function* readJournal({ env }: Services): AsyncGenerator<readonly ArchivedRow[]> {
  let last = -1;
  const fresh = (rows: readonly ArchivedRow[]): ArchivedRow[] => {
    // Parts overlap, and rows are in both places, where the process died between writing and deleting.
    const left = rows.filter(({ seq }) => seq > last);
    last = Math.max(last, ...left.map(({ seq }) => seq));
    return left;
  };
  const prefix = archivePrefix("journal");
  for (let key = await keyAfter(env.ARCHIVE, prefix, ""); key !== null; ) {
    yield fresh((await readArchive(env.ARCHIVE, key)).map((line) => JSON.parse(line) as ArchivedRow));
    key = await keyAfter(env.ARCHIVE, prefix, key);
  }
  const sql = "SELECT seq, received_at, body FROM journal WHERE seq > ?1 ORDER BY seq LIMIT ?2";
  for (;;) {
    const { results } = await env.DB.prepare(sql)
      .bind(last, PAGE)
      .all<{ seq: number; received_at: number; body: string }>();
    if (results.length === 0) return;
    yield fresh(
      results.map(({ seq, received_at, body }) => ({ seq, received_at, events: JSON.parse(body) as LedgerEvent[] })),
    );
  }
}
