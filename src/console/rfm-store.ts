import type { Profile } from "../contacts/profile";
import { readContact, selectContacts } from "../contacts/store";

/** What says how far scores can be trusted. Times are epoch ms. */
export interface Footing {
  /** The oldest order in the window and the last one of all; null where nobody is scored. */
  readonly firstAt: number | null;
  readonly lastAt: number | null;
  /** Customers with three orders or more. */
  readonly frequent: number;
  /** Contacts that are known by name, and visitors who are not. */
  readonly known: number;
  readonly anonymous: number;
  /** There is an order, whether it counts or not. */
  readonly hasOrders: boolean;
}

export async function readFooting(db: D1Database): Promise<Footing> {
  const [scores, people, orders] = await db.batch([
    db.prepare(
      "SELECT min(oldest_at) AS firstAt, max(last_order_at) AS lastAt, count(*) FILTER (WHERE orders >= 3) AS frequent FROM rfm_scores",
    ),
    db.prepare(
      "SELECT status, count(*) AS contacts FROM contacts WHERE status IN ('verified', 'anonymous') GROUP BY status",
    ),
    db.prepare("SELECT 1 FROM orders LIMIT 1"),
  ]);
  const counts = (people?.results ?? []) as { status: string; contacts: number }[];
  const of = (status: string): number => counts.find((one) => one.status === status)?.contacts ?? 0;
  const base = scores?.results[0] as Pick<Footing, "firstAt" | "lastAt" | "frequent">;
  return { ...base, known: of("verified"), anonymous: of("anonymous"), hasOrders: (orders?.results.length ?? 0) > 0 };
}

/** Who the contacts of a page are, by their rows. */
export async function readProfiles(db: D1Database, contacts: readonly number[]): Promise<ReadonlyMap<number, Profile>> {
  const { results } = await selectContacts(db, JSON.stringify(contacts)).all<{ id: number }>();
  return new Map(results.map((row) => [row.id, readContact(row).profile]));
}

/** The first day of orders in a currency: from then on a rate of it is missed. Epoch ms, by currency. */
export async function firstOrders(db: D1Database, base: string): Promise<ReadonlyMap<string, number>> {
  const sql = "SELECT currency, min(placed_at) AS at FROM orders WHERE currency <> ?1 GROUP BY currency";
  const { results } = await db.prepare(sql).bind(base).all<{ currency: string; at: number }>();
  return new Map(results.map(({ currency, at }) => [currency, at]));
}

/** The first day that the matrix was written down for, `2026-11-22`; null before there is one. */
export function firstDay(db: D1Database): Promise<string | null> {
  return db.prepare("SELECT min(day) AS day FROM rfm_history").first<string>("day");
}

/** How many would come from one segment to another; null is none. */
export interface Shifted {
  readonly from: string | null;
  readonly to: string | null;
  readonly contacts: number;
}

/** Who is where by the live scores, and would be by those of the last analysis. */
export async function compareScores(db: D1Database): Promise<Shifted[]> {
  const sql =
    'SELECT s.segment AS "from", p.segment AS "to", count(*) AS contacts FROM rfm_scores s ' +
    "FULL JOIN rfm_past p ON p.contact = s.contact GROUP BY s.segment, p.segment ORDER BY contacts DESC";
  return (await db.prepare(sql).all<Shifted>()).results;
}
