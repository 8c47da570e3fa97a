import { killedSql } from "../decisions/permit";
import { KEPT_BY_CAMPAIGNS } from "../sends/campaigns/kept";
import type { Services } from "../services";
import { MINUTE } from "../shared/clock";
import { askLedger } from "./sources";

/** How far everything has come that was accepted. Times are epoch ms, spans ms. */
export interface Standing {
  readonly ledger: {
    /** False where the object gave no answer: `woken` is then what it last wrote. */
    readonly reachable: boolean;
    /** Numbers of the journal: applied, answered by the contacts' shards, and the newest that is stored. */
    readonly applied: number;
    readonly woken: number;
    readonly newest: number;
    /** Since when the oldest request waits that its contacts have not heard of; 0 without one. */
    readonly lagMs: number;
    /** Requests that were accepted beside the ledger, and the age of the oldest. */
    readonly sideRows: number;
    readonly sideAgeMs: number;
  };
  /** Channels with messages that should have left by now. */
  readonly queues: readonly { readonly channel: string; readonly waiting: number; readonly ageMs: number }[];
}

/** A message this long past its time is waiting; before, it is on its way. */
const OVERDUE = 10 * MINUTE;

const LEDGER_SQL = `
SELECT c.applied, coalesce(?1, c.woken) AS woken, coalesce((SELECT max(seq) FROM journal), 0) AS newest,
  (SELECT received_at FROM journal WHERE seq > coalesce(?1, c.woken) AND wakes IS NOT NULL ORDER BY seq LIMIT 1) AS lagging,
  (SELECT count(*) FROM side_journal) AS sideRows,
  (SELECT body ->> 'receivedAt' FROM side_journal ORDER BY id LIMIT 1) AS beside
FROM cursor c WHERE c.id = 1`;

const QUEUES_SQL = `
SELECT channel, count(*) AS waiting, min(next_at) AS oldest FROM (
  SELECT channel, next_at FROM sends WHERE open = 1 AND next_at <= ?1
  UNION ALL
  SELECT s.channel, s.next_at FROM ${KEPT_BY_CAMPAIGNS} AND s.next_at <= ?1 AND g.state <> 'paused'
) w
WHERE NOT ${killedSql("w.channel")}
GROUP BY channel ORDER BY channel`;

interface LedgerRow {
  readonly applied: number;
  readonly woken: number;
  readonly newest: number;
  readonly lagging: number | null;
  readonly sideRows: number;
  readonly beside: number | null;
}

/** Reads where the ledger and the queues stand. */
export async function readStandingOf(services: Services): Promise<Standing> {
  const { DB } = services.env;
  const position = await askLedger(services);
  const now = services.clock.now();
  const [row, queues] = await Promise.all([
    DB.prepare(LEDGER_SQL)
      .bind(position?.woken ?? null)
      .first<LedgerRow>(),
    DB.prepare(QUEUES_SQL)
      .bind(now - OVERDUE)
      .all<{ channel: string; waiting: number; oldest: number }>(),
  ]);
  if (!row) throw new Error("the cursor row is missing: run the migrations");
  const { applied, woken, newest, lagging, sideRows, beside } = row;
  const age = (at: number | null): number => (at === null ? 0 : Math.max(0, now - at));
  const ledger = { reachable: position !== null, applied, woken, newest, lagMs: age(lagging), sideRows };
  return {
    ledger: { ...ledger, sideAgeMs: age(beside) },
    queues: queues.results.map(({ channel, waiting, oldest }) => ({ channel, waiting, ageMs: age(oldest) })),
  };
}
