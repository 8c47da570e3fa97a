/** What became of a message after it left, in rising order: the farthest is its fate. */
export const FATES_BY_RANK = [
  "delayed",
  "delivered",
  "provider_opened",
  "provider_clicked",
  "machine",
  "opened",
  "clicked",
  "suppressed",
  "failed",
  "bounced",
  "complained",
] as const;
export type Happened = (typeof FATES_BY_RANK)[number];

/** Something that happened to a message, and when it first did (epoch ms). */
export interface MessageAct {
  readonly kind: Happened;
  readonly at: number;
}

function isHappened(kind: unknown): kind is Happened {
  return FATES_BY_RANK.includes(kind as Happened);
}

/** Selects for a row of `sends` (as `s`) all that happened to it, as JSON of `[kind, at]`. A machine's acts are one kind. */
export const ACTS_SQL =
  "(SELECT json_group_array(json_array(kind, at)) FROM (" +
  "SELECT a.kind, a.at FROM message_acts a WHERE a.contact = s.contact AND a.send = s.id UNION ALL " +
  "SELECT 'machine', min(h.at) FROM message_hits h WHERE h.contact = s.contact AND h.send = s.id AND h.machine IS NOT NULL " +
  "HAVING min(h.at) IS NOT NULL))";

/** What happened to a message, in the order of time; words that nobody knows are left out. */
export function readActs(json: string): readonly MessageAct[] {
  const rows = JSON.parse(json) as (readonly [string, number])[];
  const known = rows.flatMap(([kind, at]): MessageAct[] => (isHappened(kind) ? [{ kind, at }] : []));
  return known.sort((left, right) => left.at - right.at || rankOf(left) - rankOf(right));
}

function rankOf({ kind }: MessageAct): number {
  return FATES_BY_RANK.indexOf(kind);
}

/** How far a message got, whatever came in which order; null where nothing is known. */
export function farthest(acts: readonly MessageAct[]): MessageAct | null {
  return acts.toSorted((left, right) => rankOf(right) - rankOf(left))[0] ?? null;
}
