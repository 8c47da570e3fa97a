import { familyOf, WANTED_FAMILIES } from "../contacts/wanted";
import type { BulkTable } from "../platform/d1";
import { bulkInsert, updateChanged } from "../platform/d1";
import { putSetting, readSetting } from "../platform/settings";
import type { Lot } from "./loyalty";
import type { Loyalty, RuleCount } from "./loyalty-booking";
import type { Programme } from "./loyalty-programme";
import { emptyLoyalty } from "./loyalty-projection";
import type { Earned } from "./loyalty-tiers";

const ACCOUNT_COLUMNS = ["contact", "tier", "tier_since", "tier_until", "earned", "counts", "seen"];
const ACCOUNTS: BulkTable = {
  name: "loyalty_accounts",
  columns: ACCOUNT_COLUMNS,
  conflict: updateChanged(["contact"], ACCOUNT_COLUMNS, "loyalty_accounts"),
};

const LOT_COLUMNS = [
  "contact",
  "id",
  "points",
  "points_left",
  "returned",
  "earned_at",
  "expires_at",
  "order_id",
  "base",
];
const LOTS: BulkTable = {
  name: "loyalty_lots",
  columns: LOT_COLUMNS,
  conflict:
    "ON CONFLICT (contact, id) DO UPDATE SET points_left = excluded.points_left, returned = excluded.returned " +
    "WHERE loyalty_lots.points_left IS NOT excluded.points_left OR loyalty_lots.returned IS NOT excluded.returned",
};

const MOVEMENTS: BulkTable = {
  name: "loyalty_movements",
  columns: [
    "contact",
    "id",
    "kind",
    "points",
    "missing",
    "at",
    "recorded_at",
    "rule",
    "order_id",
    "event_id",
    "reason",
  ],
  // A movement that is there already fails the batch, and the ledger then sets its event aside: the account in memory
  // was told of it too long ago to know it again, and must not change twice.
  conflict: "",
};

/** The statements behind the rows of loyalty accounts. */
export const LOYALTY_TABLES: Readonly<Record<string, string>> = {
  loyalty_accounts: bulkInsert(ACCOUNTS),
  loyalty_lots: bulkInsert(LOTS),
  loyalty_movements: bulkInsert(MOVEMENTS),
  badges: bulkInsert({
    name: "badges",
    columns: ["contact", "badge", "name", "at"],
    conflict: "ON CONFLICT DO NOTHING",
  }),
};

/**
 * Selects the accounts of contacts with the live lots of their families: see `WANTED_FAMILIES`. An order's lots stay: it
 * may come back.
 */
export function selectLoyalty(db: D1Database, ids: string, identities = "[]"): D1PreparedStatement {
  const sql =
    `${WANTED_FAMILIES} SELECT a.contact, l.contact AS owner, ` +
    "a.tier, a.tier_since, a.tier_until, a.earned, a.counts, a.seen, " +
    "l.id, l.points, l.points_left, l.returned, l.earned_at, l.expires_at, l.order_id, l.base " +
    "FROM family f JOIN loyalty_accounts a ON a.contact = f.head LEFT JOIN loyalty_lots l ON l.contact = f.member " +
    "AND (l.points_left > 0 OR l.order_id IS NOT NULL)";
  return db.prepare(sql).bind(ids, identities);
}

interface LoyaltyRow {
  contact: number;
  owner: number | null;
  tier: string | null;
  tier_since: number | null;
  tier_until: number | null;
  earned: string;
  counts: string;
  seen: string;
  id: string | null;
  points: number;
  points_left: number;
  returned: number;
  earned_at: number;
  expires_at: number | null;
  order_id: string | null;
  base: number;
}

/** The loyalty slices by contact out of the rows of `selectLoyalty`. */
export function readLoyalty(rows: readonly unknown[]): Map<number, Loyalty> {
  const slices = new Map<number, Loyalty & { lots: Lot[] }>();
  for (const row of rows as LoyaltyRow[]) {
    const slice = slices.get(row.contact) ?? { ...readAccount(row), lots: [] };
    slices.set(row.contact, slice);
    if (row.id !== null) slice.lots.push(readLot(row, row.id));
  }
  return slices;
}

function readAccount(row: LoyaltyRow): Loyalty {
  return {
    ...emptyLoyalty(),
    earned: JSON.parse(row.earned) as Earned,
    counts: JSON.parse(row.counts) as Record<string, RuleCount>,
    tier: row.tier,
    tierSince: row.tier_since,
    tierUntil: row.tier_until,
    seen: row.seen,
  };
}

function readLot(row: LoyaltyRow, id: string): Lot {
  return {
    id,
    ...(row.owner !== null && row.owner !== row.contact && { origin: row.owner }),
    points: row.points,
    left: row.points_left,
    returned: row.returned,
    earnedAt: row.earned_at,
    expiresAt: row.expires_at,
    order: row.order_id,
    base: row.base,
  };
}

/** The shop's programme, or null where there is none. */
export async function readProgramme(db: D1Database): Promise<Programme | null> {
  return JSON.parse((await readSetting(db, "loyalty")) ?? "null") as Programme | null;
}

export function programmeChange(db: D1Database, programme: Programme): D1PreparedStatement {
  return putSetting(db, "loyalty", JSON.stringify(programme));
}

/** A line of an account as its row has it. Times are epoch ms. */
export interface MovementRow {
  readonly id: string;
  readonly kind: string;
  readonly points: number;
  readonly missing: number;
  readonly at: number;
  readonly rule: string | null;
  readonly order_id: string | null;
  readonly reason: string | null;
}

/** Everything of one account. */
export async function readAccountOf(
  db: D1Database,
  contact: number,
): Promise<{
  readonly account: Loyalty | null;
  readonly movements: readonly MovementRow[];
  readonly badges: readonly { readonly badge: string; readonly name: string; readonly at: number }[];
}> {
  const movements =
    "SELECT id, kind, points, missing, at, rule, order_id, reason FROM loyalty_movements " +
    `WHERE contact IN (${familyOf("?1")}) ` +
    "ORDER BY at DESC, recorded_at DESC, id LIMIT 200";
  const badges =
    `SELECT badge, name, min(at) AS at FROM badges WHERE contact IN (${familyOf("?1")}) GROUP BY badge ` +
    "ORDER BY at, badge";
  const [rows, lines, got] = await db.batch([
    selectLoyalty(db, JSON.stringify([contact])),
    db.prepare(movements).bind(contact),
    db.prepare(badges).bind(contact),
  ]);
  return {
    account: readLoyalty(rows?.results ?? []).get(contact) ?? null,
    movements: (lines?.results ?? []) as MovementRow[],
    badges: (got?.results ?? []) as { badge: string; name: string; at: number }[],
  };
}

/** A page of the contacts whose tier has run out by `now`. */
export async function tiersDue(db: D1Database, now: number, limit: number): Promise<{ contact: number; at: number }[]> {
  const sql =
    "SELECT contact, tier_until AS at FROM loyalty_accounts WHERE tier_until <= ?1 ORDER BY tier_until, contact LIMIT ?2";
  return (await db.prepare(sql).bind(now, limit).all<{ contact: number; at: number }>()).results;
}

/** When the next tier runs out or the next referral is due, after `after`; null for none. */
export async function firstDue(db: D1Database, after: number): Promise<number | null> {
  const sql =
    "SELECT min(at) AS at FROM (SELECT min(tier_until) AS at FROM loyalty_accounts WHERE tier_until > ?1 " +
    "UNION ALL SELECT min(due) FROM referrals WHERE due > ?1)";
  // What lies before was looked at and stays as it is.
  return db.prepare(sql).bind(Math.max(after, 0)).first<number>("at");
}
