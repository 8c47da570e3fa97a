import { findContacts } from "../admin/contact-store";
import type { Line } from "../commerce/cart";
import { OPEN_CARTS } from "../commerce/cart";
import type { Profile } from "../contacts/profile";
import { readContact, selectContacts } from "../contacts/store";
import { familyOf } from "../contacts/wanted";
import type { ScoreRow } from "../segments/rfm/read-store";
import { selectScores } from "../segments/rfm/read-store";
import { contactRow } from "../shared/ids";
import { ACTS_SQL, readActs } from "./how-far";
import type { RunRow } from "./scenario-store";
import { RUN_COLUMNS } from "./scenario-store";
import type { DecisionRow, FollowedSend, ShownSend } from "./store";
import { selectDecisionsOf } from "./store";

export interface CartRow {
  readonly state: string;
  readonly changedAt: number;
  readonly currency: string;
  readonly value: number;
  readonly lines: readonly Pick<Line, "name" | "quantity" | "price">[];
}

export interface OrderRow {
  readonly orderId: string;
  readonly status: string;
  readonly placedAt: number;
  readonly currency: string;
  readonly total: number;
  readonly refunded: number;
  readonly source: string;
}

/** A line of the ledger of consents. */
export interface ConsentRow {
  readonly channel: string;
  readonly purpose: string;
  readonly action: string;
  readonly at: number;
  readonly wording: string | null;
  readonly source: string | null;
  readonly way: string;
}

/** Everything that the console shows of one contact. */
export interface ContactFile {
  readonly row: number;
  readonly profile: Profile;
  readonly seenAt: number;
  readonly parkedFor: string | null;
  readonly metrics: { readonly orders: number; readonly netTotal: number } | null;
  /** Null where no order counts. */
  readonly scores: ScoreRow | null;
  readonly carts: readonly CartRow[];
  readonly orders: readonly OrderRow[];
  readonly consents: readonly ConsentRow[];
  readonly runs: readonly RunRow[];
  readonly decisions: readonly DecisionRow[];
  readonly sends: readonly FollowedSend[];
}

const MOST = 30;

/** Reads a contact by its row; null where there is none. */
export async function readContactFile(db: D1Database, row: number): Promise<ContactFile | null> {
  const of = (sql: string): D1PreparedStatement => db.prepare(sql).bind(row);
  // Rows keep the contact that they came to; those of who was merged into this one are its own by now.
  const mine = `contact IN (${familyOf("?1")})`;
  const results = await db.batch([
    selectContacts(db, JSON.stringify([row])),
    of("SELECT reason FROM parked_contacts WHERE contact = ?1"),
    of("SELECT orders, net_total AS netTotal FROM contact_metrics WHERE contact = ?1"),
    of(
      `SELECT state, changed_at AS changedAt, currency, value, lines FROM carts WHERE ${mine} ` +
        `ORDER BY state IN ${OPEN_CARTS} DESC, id DESC LIMIT 3`,
    ),
    of(
      "SELECT order_id AS orderId, status, placed_at AS placedAt, currency, total, refunded, source FROM orders " +
        `WHERE ${mine} ORDER BY placed_at DESC LIMIT ${MOST}`,
    ),
    of(
      "SELECT e.channel, e.purpose, e.action, e.at, coalesce(e.wording, w.text) AS wording, e.source, e.way " +
        "FROM consent_events e LEFT JOIN wordings w ON w.id = e.wording_id WHERE e.contact = ?1 " +
        `ORDER BY e.seq DESC, e.position DESC LIMIT ${MOST}`,
    ),
    of(`SELECT ${RUN_COLUMNS} FROM runs WHERE ${mine} ORDER BY entered_at DESC LIMIT ${MOST}`),
    selectDecisionsOf(db, row, MOST),
    of(
      "SELECT contact, id, scenario, block, channel, content, content_version AS contentVersion, state, reason, attempts, " +
        "next_at AS nextAt, updated_at AS updatedAt, (SELECT name FROM campaigns g WHERE g.id = run) AS campaign, " +
        `${ACTS_SQL} AS acts FROM sends AS s WHERE ${mine} ORDER BY created_at DESC LIMIT ${MOST}`,
    ),
    selectScores(db, JSON.stringify([row])),
  ]);
  const [person, parked, metrics, carts, orders, consents, runs, decisions, sends, scores] = results.map(
    ({ results: rows }) => rows as unknown[],
  );
  if (person?.[0] === undefined) return null;
  const { base, profile } = readContact(person[0]);
  return {
    row,
    profile,
    seenAt: base.seenAt,
    parkedFor: (parked?.[0] as { reason: string } | undefined)?.reason ?? null,
    metrics: (metrics?.[0] as ContactFile["metrics"] | undefined) ?? null,
    scores: (scores?.[0] as ScoreRow | undefined) ?? null,
    carts: (carts as (Omit<CartRow, "lines"> & { lines: string })[]).map((cart) => ({
      ...cart,
      lines: JSON.parse(cart.lines) as CartRow["lines"],
    })),
    orders: orders as OrderRow[],
    consents: consents as ConsentRow[],
    runs: runs as RunRow[],
    decisions: decisions as DecisionRow[],
    sends: (sends as (ShownSend & { acts: string })[]).map((send) => ({ ...send, acts: readActs(send.acts) })),
  };
}

/** The contact that somebody looks for by our id, an email address, a customer number or a browser's id. */
export async function findContact(db: D1Database, text: string): Promise<number | null> {
  const wanted = text.trim();
  const byId = contactRow(wanted);
  if (byId !== null) return byId;
  if (wanted === "") return null;
  for (const search of [{ email: wanted }, { externalId: wanted }, { anonymousId: wanted }]) {
    const [found] = await findContacts(db, search, null, 1);
    if (found !== undefined) return found;
  }
  return null;
}
