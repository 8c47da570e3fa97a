import type { SuppressionKind } from "../contacts/delivery";

/** What the keyed hash of an address on a channel is made of. */
export function suppressionName(channel: string, address: string): string {
  return `suppressed.${channel}.${address}`;
}

/** A row of the list. Times are epoch ms; `contact` is null once it was erased. */
export interface SuppressionRow {
  readonly hash: string;
  readonly kind: SuppressionKind;
  readonly channel: string;
  readonly source: string;
  readonly contact: number | null;
  readonly send: string;
  readonly at: number;
  readonly liftedAt: number | null;
}

/** Which suppressions are meant; what is left out is any. `after` and `before` bound when it was told, epoch ms. */
export interface SuppressionFilter {
  readonly source?: string | undefined;
  readonly kind?: SuppressionKind | undefined;
  readonly contact?: number | undefined;
  readonly hash?: string | undefined;
  readonly since?: number | undefined;
  readonly before?: number | undefined;
}

/** A place in the list: newest first. */
export interface SuppressionPlace {
  readonly at: number;
  readonly hash: string;
  readonly kind: string;
}

const COLUMNS = "hash, kind, channel, source, contact, send, at, lifted_at AS liftedAt";
const MEANT =
  "lifted_at IS NULL AND (?1 IS NULL OR source = ?1) AND (?2 IS NULL OR kind = ?2) AND (?3 IS NULL OR contact = ?3) " +
  "AND (?4 IS NULL OR at >= ?4) AND (?5 IS NULL OR at < ?5) AND (?6 IS NULL OR hash = ?6)";

function valuesOf({ source, kind, contact, since, before, hash }: SuppressionFilter): (string | number | null)[] {
  return [source ?? null, kind ?? null, contact ?? null, since ?? null, before ?? null, hash ?? null];
}

/** Suppressions that stand, newest first. */
export async function listSuppressions(
  db: D1Database,
  filter: SuppressionFilter,
  after: SuppressionPlace | null,
  limit: number,
): Promise<SuppressionRow[]> {
  const sql =
    `SELECT ${COLUMNS} FROM suppressions WHERE ${MEANT} AND (?7 IS NULL OR (at, hash, kind) < (?7, ?8, ?9)) ` +
    "ORDER BY at DESC, hash DESC, kind DESC LIMIT ?10";
  const place = [after?.at ?? null, after?.hash ?? "", after?.kind ?? ""];
  const statement = db.prepare(sql).bind(...valuesOf(filter), ...place, limit);
  return (await statement.all<SuppressionRow>()).results;
}

/** How many suppressions stand, by who told of them and why. */
export async function countSuppressions(
  db: D1Database,
): Promise<readonly { readonly source: string; readonly kind: SuppressionKind; readonly n: number }[]> {
  const sql =
    "SELECT source, kind, count(*) AS n FROM suppressions WHERE lifted_at IS NULL GROUP BY source, kind ORDER BY n DESC";
  return (await db.prepare(sql).all<{ source: string; kind: SuppressionKind; n: number }>()).results;
}

/**
 * Which of some addresses bear a suppression that covers a message of this class. The contact's own record is what gate
 * and permit look at; this finds what it cannot know: an address of somebody who was erased, or that went to another.
 */
export async function suppressedAddresses(
  db: D1Database,
  hashes: readonly string[],
): Promise<ReadonlyMap<string, "address" | "complaint">> {
  const sql =
    "SELECT hash, max(kind <> 'complaint') AS address FROM suppressions WHERE lifted_at IS NULL " +
    "AND hash IN (SELECT value FROM json_each(?1)) GROUP BY hash";
  const { results } = await db.prepare(sql).bind(JSON.stringify(hashes)).all<{ hash: string; address: number }>();
  return new Map(results.map(({ hash, address }) => [hash, address === 1 ? "address" : "complaint"]));
}

/** Notes a suppression of an address that is nobody's we know. */
export async function putNamelessSuppression(
  db: D1Database,
  { hash, kind, channel, source, at }: Omit<SuppressionRow, "contact" | "send" | "liftedAt">,
): Promise<void> {
  const sql =
    "INSERT INTO suppressions (hash, kind, channel, source, contact, send, at) VALUES (?1, ?2, ?3, ?4, NULL, '', ?5) " +
    "ON CONFLICT (hash, kind) DO UPDATE SET at = excluded.at, source = excluded.source, lifted_at = NULL " +
    "WHERE suppressions.lifted_at IS NOT NULL AND excluded.at > suppressions.lifted_at";
  await db.prepare(sql).bind(hash, kind, channel, source, at).run();
}
