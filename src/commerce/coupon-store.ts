import { familyOf, headOf } from "../contacts/wanted";
import type { Offer, OfferTerms } from "./coupon";

const ISSUED = ["code", "offer", "contact", "occasion", "valid_from", "valid_to", "issued_at"];
const picked = (names: readonly string[]): string =>
  names.map((name, index) => `value ->> ${index} AS ${name}`).join(", ");

/** The statements behind the coupons' rows. Each is once: a code is for one contact, and redeemed by one order. */
export const COUPON_TABLES: Readonly<Record<string, string>> = {
  coupons:
    `INSERT INTO coupons (${ISSUED.join(", ")}) SELECT ${ISSUED.join(", ")} FROM (SELECT ${picked(ISSUED)}, ` +
    "value ->> 7 AS most, row_number() OVER (PARTITION BY value ->> 1) AS number FROM json_each(?1)) AS v " +
    "WHERE v.most IS NULL OR v.number + (SELECT count(*) FROM coupons c WHERE c.offer = v.offer) <= v.most " +
    "ON CONFLICT DO NOTHING",
  coupon_assignments:
    "UPDATE OR IGNORE coupons SET contact = v.contact, occasion = v.occasion, valid_from = v.valid_from, " +
    `valid_to = v.valid_to, issued_at = v.issued_at FROM (SELECT ${picked(ISSUED)} FROM json_each(?1)) AS v ` +
    "WHERE coupons.code = v.code AND coupons.offer = v.offer AND coupons.contact IS NULL " +
    "AND coupons.redeemed_order IS NULL",
  coupon_redemptions:
    "UPDATE coupons SET redeemed_order = v.value ->> 1, redeemed_by = v.value ->> 2, redeemed_at = v.value ->> 3 " +
    "FROM json_each(?1) AS v WHERE coupons.code = v.value ->> 0 AND coupons.redeemed_order IS NULL",
};

/** A coupon as its row has it. Times are epoch ms. */
export interface CouponRow {
  readonly code: string;
  readonly offer: string;
  readonly occasion: string;
  readonly valid_from: number;
  readonly valid_to: number;
  readonly issued_at: number;
  readonly redeemed_order: string | null;
  readonly redeemed_by: number | null;
  readonly redeemed_at: number | null;
}

const COUPON = "code, offer, occasion, valid_from, valid_to, issued_at, redeemed_order, redeemed_by, redeemed_at";

/** The coupon that a contact was given for an occasion. */
export async function findCoupon(
  db: D1Database,
  offer: string,
  contact: number,
  occasion: string,
): Promise<CouponRow | null> {
  const sql = `SELECT ${COUPON} FROM coupons WHERE offer = ?1 AND contact IN (${familyOf("?2")}) AND occasion = ?3`;
  return db.prepare(sql).bind(offer, contact, occasion).first<CouponRow>();
}

/** Every coupon of a contact, the newest first. */
export async function couponsOf(db: D1Database, contact: number): Promise<CouponRow[]> {
  // By offer: the one index begins with it, and there are few.
  const sql =
    `SELECT ${COUPON} FROM coupons WHERE offer IN (SELECT key FROM offers) AND contact IN (${familyOf("?1")}) ` +
    "ORDER BY issued_at DESC, code LIMIT 200";
  return (await db.prepare(sql).bind(contact).all<CouponRow>()).results;
}

/** A code of the shop's own that nobody has yet, or null. `skip`: how many to leave to others who ask at this moment. */
export async function freeCode(db: D1Database, offer: string, skip: number): Promise<string | null> {
  const sql =
    "SELECT code FROM coupons WHERE offer = ?1 AND contact IS NULL AND redeemed_order IS NULL LIMIT 1 OFFSET ?2";
  return db.prepare(sql).bind(offer, skip).first<string>("code");
}

/** Puts codes of the shop's own into an offer's pool; a code that is known stays as it is. Resolves with how many came. */
export async function addCodes(db: D1Database, offer: string, codes: readonly string[]): Promise<number> {
  const sql = "INSERT INTO coupons (code, offer) SELECT value, ?1 FROM json_each(?2) WHERE true ON CONFLICT DO NOTHING";
  const { meta } = await db.prepare(sql).bind(offer, JSON.stringify(codes)).run();
  return meta.changes;
}

/** A code as it stands. */
export interface StoredCode {
  readonly code: string;
  readonly offer: string;
  /** Whose it is, whoever took them over counting as them; null where nobody has it yet. */
  readonly contact: number | null;
}

/** What is known of some codes. */
export async function storedCodes(db: D1Database, codes: readonly string[]): Promise<StoredCode[]> {
  const sql =
    `SELECT k.code, k.offer, (SELECT ${headOf("w")} FROM contacts AS w WHERE w.id = k.contact) AS contact ` +
    "FROM coupons AS k WHERE k.code IN (SELECT value FROM json_each(?1))";
  return (await db.prepare(sql).bind(JSON.stringify(codes)).all<StoredCode>()).results;
}

/** An offer by its key. */
export async function findOffer(db: D1Database, key: string): Promise<Offer | null> {
  const row = await db
    .prepare("SELECT definition FROM offers WHERE key = ?1")
    .bind(key)
    .first<{ definition: string }>();
  return row ? { key, ...(JSON.parse(row.definition) as OfferTerms) } : null;
}

/** Every offer, by key. */
export async function listOffers(db: D1Database): Promise<Offer[]> {
  const { results } = await db
    .prepare("SELECT key, definition FROM offers ORDER BY key")
    .all<{ key: string; definition: string }>();
  return results.map(({ key, definition }) => ({ key, ...(JSON.parse(definition) as OfferTerms) }));
}

export async function putOffer(db: D1Database, { key, ...terms }: Offer, now: number): Promise<void> {
  const sql =
    "INSERT INTO offers (key, definition, updated_at) VALUES (?1, ?2, ?3) " +
    "ON CONFLICT (key) DO UPDATE SET definition = excluded.definition, updated_at = excluded.updated_at";
  await db.prepare(sql).bind(key, JSON.stringify(terms), now).run();
}

/** How an offer's coupons stand. `foreign`: redeemed by somebody else than whom they were for. */
export interface OfferFigures {
  readonly issued: number;
  readonly free: number;
  readonly redeemed: number;
  readonly foreign: number;
}

export async function offerFigures(db: D1Database, key: string): Promise<OfferFigures> {
  const sql =
    "SELECT count(contact) AS issued, count(redeemed_order) AS redeemed, " +
    "coalesce(sum(contact IS NULL AND redeemed_order IS NULL), 0) AS free, " +
    "coalesce(sum(redeemed_order IS NOT NULL AND redeemed_by IS NOT contact), 0) AS 'foreign' " +
    "FROM coupons WHERE offer = ?1";
  const none = { issued: 0, free: 0, redeemed: 0, foreign: 0 };
  return (await db.prepare(sql).bind(key).first<OfferFigures>()) ?? none;
}
