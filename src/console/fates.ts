import { OF_CAMPAIGNS } from "../sends/campaigns/kept";
import type { Period } from "./period";

/**
 * One row for each message that a run wanted to send since ?1, with what became of it: the latest decision, then what
 * the queue and the last look made of its send. What was held when its run was stopped will never leave.
 */
export const FATES_SQL = withFates("");

/** The same, and the messages of campaigns, which have no decision but where the last look was against them. */
export const ALL_FATES_SQL = withFates(`
  UNION ALL
  SELECT s.contact, s.id, s.scenario, s.block, s.channel, p.made_at, s.state, s.reason
  FROM ${OF_CAMPAIGNS} AND p.made_at >= ?1 AND (s.state <> 'suppressed' OR NOT EXISTS (
    SELECT 1 FROM decisions d WHERE d.contact = s.contact AND d.id > s.id AND d.id < s.id || '/' AND d.at >= ?1
  ))`);

function withFates(more: string): string {
  return `
WITH latest AS (
  SELECT contact, send, run, scenario, block, channel, outcome, reason, max(at) AS at
  FROM decisions WHERE at >= ?1 GROUP BY contact, send
),
fates AS (
  SELECT l.contact, l.send, l.scenario, l.block, l.channel, l.at,
    CASE l.outcome
      WHEN 'send' THEN coalesce(s.state, 'queued')
      WHEN 'held' THEN CASE WHEN x.run IS NULL THEN 'held' ELSE 'suppressed' END
      ELSE l.outcome
    END AS fate,
    CASE l.outcome
      WHEN 'send' THEN s.reason
      WHEN 'held' THEN CASE WHEN x.run IS NULL THEN l.reason ELSE 'run_stopped' END
      ELSE l.reason
    END AS reason
  FROM latest l
  LEFT JOIN sends s ON s.contact = l.contact AND s.id = l.send
  LEFT JOIN stops x ON x.contact = l.contact AND x.run = l.run
  ${more}
)`;
}

/** Messages with one fate for one reason. */
export interface FateCount {
  readonly fate: string;
  readonly reason: string | null;
  readonly count: number;
}

/** The four kinds that figures and bars tell apart. */
export const KINDS = ["sent", "waiting", "withheld", "failed"] as const;
export type Kind = (typeof KINDS)[number];
export type KindCounts = Readonly<Record<Kind, number>>;

const KIND_OF: Readonly<Record<string, Kind>> = {
  sent: "sent",
  queued: "waiting",
  claimed: "waiting",
  held: "waiting",
  suppressed: "withheld",
  failed: "failed",
  unknown: "failed",
};

export function kindOf(fate: string): Kind {
  return (Object.hasOwn(KIND_OF, fate) && KIND_OF[fate]) || "failed";
}

/** Adds fates up by kind. */
export function countKinds(counts: readonly Pick<FateCount, "fate" | "count">[]): KindCounts {
  const sums = { sent: 0, waiting: 0, withheld: 0, failed: 0 };
  for (const { fate, count } of counts) sums[kindOf(fate)] += count;
  return sums;
}

/** How many of some fates there are. */
export function countFates(counts: readonly FateCount[], ...fates: readonly string[]): number {
  return counts.reduce((sum, { fate, count }) => sum + (fates.includes(fate) ? count : 0), 0);
}

/** Why messages did not leave, the most frequent reason first. */
export function topReasons(counts: readonly FateCount[], most: number): FateCount[] {
  const sums = new Map<string, { fate: string; reason: string; count: number }>();
  for (const { fate, reason, count } of counts) {
    if (fate === "sent" || reason === null) continue;
    const key = `${kindOf(fate)} ${reason}`;
    const known = sums.get(key);
    if (known) known.count += count;
    else sums.set(key, { fate, reason, count });
  }
  return [...sums.values()].sort((left, right) => right.count - left.count).slice(0, most);
}

/** Messages of a quarter of an hour, the finest that every zone's hours and days are made of. */
export interface SlotCount {
  readonly slot: number;
  readonly fate: string;
  readonly count: number;
}

export const SLOT_MS = 900_000;

/** The counts of each bar of a period's chart. */
export function bucketCounts(slots: readonly SlotCount[], { buckets }: Period): KindCounts[] {
  return buckets.map(({ from, to }) =>
    countKinds(slots.filter(({ slot }) => slot * SLOT_MS >= from && slot * SLOT_MS < to)),
  );
}
