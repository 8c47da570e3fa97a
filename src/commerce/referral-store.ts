import { headOf } from "../contacts/wanted";
import { bulkInsert } from "../platform/d1";
import type { ReferralState, Side } from "./referral";
import { REFERRAL_STATES } from "./referral";

const COLUMNS = ["code", "friend", "advocate", "state", "flags", "order_id", "at", "due"];
/** A state's place among the states: what comes late must not take a referral back. */
const rank = (column: string): string => `instr('${REFERRAL_STATES.join(" ")}', ${column})`;

/** The statements behind the rows of referrals. */
export const REFERRAL_TABLES: Readonly<Record<string, string>> = {
  referrals: bulkInsert({
    name: "referrals",
    columns: COLUMNS,
    conflict:
      "ON CONFLICT (code, friend) DO UPDATE SET state = excluded.state, flags = excluded.flags, " +
      "order_id = coalesce(excluded.order_id, referrals.order_id), at = excluded.at, due = excluded.due " +
      `WHERE ${rank("excluded.state")} > ${rank("referrals.state")}`,
  }),
  referral_recalls:
    "UPDATE referrals SET due = v.value ->> 2 FROM json_each(?1) AS v WHERE referrals.friend = v.value ->> 0 " +
    "AND referrals.friend <> 0 AND referrals.order_id = v.value ->> 1 AND referrals.state = 'rewarded'",
  contact_households: bulkInsert({
    name: "contact_households",
    columns: ["contact", "household"],
    conflict: "ON CONFLICT DO NOTHING",
  }),
};

/** A referral as its row has it. Times are epoch ms. */
export interface ReferralRow {
  readonly code: string;
  /** 0 for the advocate's own link. */
  readonly friend: number;
  readonly advocate: number;
  readonly state: ReferralState;
  readonly flags: string;
  readonly order_id: string | null;
  readonly at: number;
  readonly due: number | null;
}

/** The referrals of a code: the link, and everybody who came by it. */
export async function referralsOf(db: D1Database, code: string): Promise<ReferralRow[]> {
  const sql = `SELECT ${COLUMNS.join(", ")} FROM referrals WHERE code = ?1 ORDER BY friend LIMIT 200`;
  return (await db.prepare(sql).bind(code).all<ReferralRow>()).results;
}

/** A referral that is due, with both sides and its order as they are now. */
export interface DueReferral {
  readonly row: ReferralRow;
  readonly advocate: Side;
  readonly friend: Side;
  /** False where the order was cancelled or wholly refunded. */
  readonly orderStands: boolean;
  /** Points that the advocate was given for it. */
  readonly rewarded: number;
}

interface PersonRow {
  id: number;
  external_id: string | null;
  anonymous_id: string | null;
  email: string | null;
  claimed_email: string | null;
  phone: string | null;
}

/** The id under which a referral's points are moved. */
export function rewardId({ code, friend }: Pick<ReferralRow, "code" | "friend">): string {
  return `${code}.${friend}`;
}

/** Referrals to look at by `now`, the oldest first. */
export async function referralsDue(db: D1Database, now: number, limit: number): Promise<DueReferral[]> {
  const sql = `SELECT ${COLUMNS.join(", ")} FROM referrals WHERE due <= ?1 ORDER BY due LIMIT ?2`;
  const { results } = await db.prepare(sql).bind(now, limit).all<ReferralRow>();
  const found = await Promise.all(results.map((row) => loadDue(db, row)));
  return found.filter((due) => due !== null);
}

/** Null where one of the two is no more: then nobody can be rewarded, and the row goes. */
async function loadDue(db: D1Database, row: ReferralRow): Promise<DueReferral | null> {
  const people = await follow(db, [row.advocate, row.friend]);
  if (people.length < 2) {
    await db.prepare("DELETE FROM referrals WHERE code = ?1 AND friend = ?2").bind(row.code, row.friend).run();
    return null;
  }
  const ids = JSON.stringify([...new Set(people.map(({ id }) => id).concat(row.advocate, row.friend))]);
  const alive = "status NOT IN ('cancelled', 'refunded', 'pending') AND total - refunded - shipping > 0";
  const [orders, households, before, rewards] = await db.batch([
    db.prepare(`SELECT 1 FROM orders WHERE order_id = ?1 AND ${alive}`).bind(row.order_id),
    db
      .prepare("SELECT contact, household FROM contact_households WHERE contact IN (SELECT value FROM json_each(?1))")
      .bind(ids),
    db
      .prepare("SELECT contact, browser FROM shared_browsers WHERE contact IN (SELECT value FROM json_each(?1))")
      .bind(ids),
    db
      .prepare("SELECT points FROM loyalty_movements WHERE contact IN (SELECT value FROM json_each(?1)) AND id = ?2")
      .bind(ids, `earn.${rewardId(row)}`),
  ]);
  const owners = await browserOwners(db, people, (before?.results ?? []) as { contact: number; browser: string }[]);
  const [advocate, friend] = people.map((person): Side => {
    const of = (contact: number): boolean => contact === person.id;
    const homes = (households?.results ?? []) as { contact: number; household: string }[];
    return {
      contact: person.id,
      profile: { email: person.email, claimedEmail: person.claimed_email, phone: person.phone },
      browsers: new Set(owners.filter(({ contact }) => of(contact)).map(({ browser }) => browser)),
      households: new Set(homes.filter(({ contact }) => of(contact)).map(({ household }) => household)),
    };
  });
  if (!advocate || !friend) throw new Error(`a side of the referral ${row.code} is missing`);
  const orderStands = (orders?.results.length ?? 0) > 0;
  if (row.state === "rewarded" && orderStands) {
    // It came back and was put right again: the reward stays.
    await db
      .prepare("UPDATE referrals SET due = NULL WHERE code = ?1 AND friend = ?2")
      .bind(row.code, row.friend)
      .run();
    return null;
  }
  const [reward] = (rewards?.results ?? []) as { points: number }[];
  return { row, advocate, friend, orderStands, rewarded: reward?.points ?? 0 };
}

/** Who these contacts are by now: a merged one is who took it over. */
async function follow(db: D1Database, ids: readonly number[]): Promise<PersonRow[]> {
  const sql =
    "SELECT h.id, h.external_id, h.anonymous_id, h.email, h.claimed_email, h.phone FROM json_each(?1) v " +
    `JOIN contacts o ON o.id = v.value JOIN contacts h ON h.id = ${headOf("o")} ORDER BY v.key`;
  return (await db.prepare(sql).bind(JSON.stringify(ids)).all<PersonRow>()).results;
}

/** Which of these people each browser was seen with: its first one, those it went on from, and who has it now. */
async function browserOwners(
  db: D1Database,
  people: readonly PersonRow[],
  before: readonly { contact: number; browser: string }[],
): Promise<{ contact: number; browser: string }[]> {
  const first = people.flatMap(({ id, anonymous_id: browser }) =>
    browser === null ? [] : [{ contact: id, browser: `a:${browser}` }],
  );
  const held = await db
    .prepare(
      "SELECT identity AS browser, contact FROM identities WHERE contact IN (SELECT value FROM json_each(?1)) " +
        "AND identity LIKE 'a:%'",
    )
    .bind(JSON.stringify(people.map(({ id }) => id)))
    .all<{ browser: string; contact: number }>();
  const known = [...before, ...first, ...held.results];
  const users = people.flatMap(({ id, external_id: user }) => (user === null ? [] : [{ contact: id, user }]));
  // On a browser that is somebody else's, a number that is only claimed is kept as `x:browser|number`.
  const claims = known.flatMap(({ browser }) =>
    users.map(({ contact, user }) => ({ contact, browser, identity: `x:${browser.slice(2)}|${user}` })),
  );
  const asked = [...new Set([...known.map(({ browser }) => browser), ...claims.map(({ identity }) => identity)])];
  const { results } = await db
    .prepare("SELECT identity, contact FROM identities WHERE identity IN (SELECT value FROM json_each(?1))")
    .bind(JSON.stringify(asked))
    .all<{ identity: string; contact: number }>();
  const now = results.filter(({ identity }) => identity.startsWith("a:"));
  const claimed = new Set(results.map(({ identity }) => identity));
  return [
    ...known,
    ...now.map(({ identity, contact }) => ({ contact, browser: identity })),
    ...claims.filter(({ identity }) => claimed.has(identity)),
  ];
}
