import type { Merge } from "../events/merging";
import type { ContactRecord, RowBuffer } from "../events/projection";
import type { BulkTable, RowStatement } from "../platform/d1";
import { bulkInsert, sparseInsert, updateChanged } from "../platform/d1";
import type { Consents } from "./consent";
import { DELIVERY_TABLES } from "./delivery-store";
import type { MergeStep } from "./merge-log";
import type { Profile } from "./profile";
import { EMPTIED, profileOf } from "./profile";
import type { StarSlice } from "./star/slice";
import { packStar, starOf, unpackStar } from "./star/slice";
import { awaitedOrders, headOf, namedOrders, WANTED_CONTACTS } from "./wanted";

const CONTACT_COLUMNS = [
  "id",
  "status",
  "merged_into",
  "external_id",
  "anonymous_id",
  "email",
  "claimed_email",
  "phone",
  "first_name",
  "last_name",
  "civility",
  "language",
  "country",
  "timezone",
  "birth_date",
  "birth_date_set_at",
  "birth_date_refused",
  "attributes",
  "consents",
  "created_at",
  "verified_by",
  "browsers",
  "tracked",
  "ring",
  "seq",
  "seen_at",
  "star",
  "stated_at",
  "delivery",
];
const CONTACTS: BulkTable = {
  name: "contacts",
  columns: CONTACT_COLUMNS,
  conflict: updateChanged(["id"], CONTACT_COLUMNS, "contacts"),
};
const IDENTITIES: BulkTable = {
  name: "identities",
  columns: ["identity", "contact"],
  conflict: updateChanged(["identity"], ["identity", "contact"], "identities"),
};
const MERGES: BulkTable = {
  name: "merges",
  columns: ["id", "seq", "winner", "loser", "cause", "by", "at", "taken", "step"],
  conflict: "ON CONFLICT DO NOTHING",
};
const CONSENTS: BulkTable = {
  name: "consent_events",
  columns: [
    "contact",
    "seq",
    "position",
    "event_id",
    "channel",
    "purpose",
    "action",
    "at",
    "recorded_at",
    "wording",
    "wording_id",
    "source",
    "form",
    "way",
    "origin",
    "agent",
    "claimed_at",
    "sent_at",
    "clicked_at",
  ],
  conflict: "ON CONFLICT DO NOTHING",
};
const WORDINGS: BulkTable = {
  name: "wordings",
  columns: ["id", "key", "version", "language", "text", "first_used_at"],
  conflict: "ON CONFLICT DO NOTHING",
};

const PRIVACY_TABLES: Readonly<Record<string, string>> = {
  erased_contacts: bulkInsert({
    name: "erased_contacts",
    columns: ["contact", "request", "at", "bars", "names"],
    conflict: "ON CONFLICT DO NOTHING",
  }),
  privacy_requests: bulkInsert({
    name: "privacy_requests",
    columns: ["id", "contact", "kind", "asked_at", "due_at", "asked_by", "confirmed_at"],
    conflict: "ON CONFLICT DO NOTHING",
  }),
  last_clicks: bulkInsert({
    name: "last_clicks",
    columns: ["contact", "at"],
    conflict: "ON CONFLICT (contact) DO UPDATE SET at = max(at, excluded.at)",
  }),
};

/** The statements behind the row tables that contacts/ fills. */
export const CONTACT_TABLES: Readonly<Record<string, string | RowStatement>> = {
  contacts: sparseInsert(CONTACTS),
  // Most events change nothing but these: a narrow update spares the wide row's comparison.
  contacts_seen:
    "UPDATE contacts SET ring = v.value ->> 1, seq = v.value ->> 2, seen_at = v.value ->> 3 " +
    "FROM json_each(?1) AS v WHERE contacts.id = v.value ->> 0",
  contacts_star:
    "UPDATE contacts SET ring = v.value ->> 1, seq = v.value ->> 2, seen_at = v.value ->> 3, star = v.value ->> 4 " +
    "FROM json_each(?1) AS v WHERE contacts.id = v.value ->> 0",
  identities: bulkInsert(IDENTITIES),
  merges: bulkInsert(MERGES),
  // What was taken is back; here it would outlive an erasure, as it may be of a third contact.
  merges_undone:
    "UPDATE merges SET undone_at = v.value ->> 1, step = v.value ->> 2, taken = '{}' FROM json_each(?1) AS v " +
    "WHERE merges.id = v.value ->> 0",
  consent_events: bulkInsert(CONSENTS),
  wordings: bulkInsert(WORDINGS),
  ...PRIVACY_TABLES,
  ...DELIVERY_TABLES,
};

/** Puts the row of a contact that a group touched. */
export function putContact(record: ContactRecord, rows: RowBuffer): void {
  const profile = profileOf(record);
  const star = starOf(record);
  if (!profile.changed) {
    const seen = [record.id, record.ring, record.seq, record.seenAt];
    if (star?.changed) rows.put("contacts_star", record.id, [...seen, packStar(star)]);
    else rows.put("contacts_seen", record.id, seen);
    return;
  }
  rows.put("contacts", record.id, [
    record.id,
    profile.status,
    profile.mergedInto,
    profile.externalId,
    profile.anonymousId,
    profile.email,
    profile.claimedEmail,
    profile.phone,
    profile.firstName,
    profile.lastName,
    profile.civility,
    profile.language,
    profile.country,
    profile.timezone,
    profile.birthDate,
    profile.birthDateSetAt,
    profile.birthDateRefused,
    JSON.stringify(profile.attributes),
    JSON.stringify(profile.consents),
    profile.createdAt,
    profile.verifiedBy,
    profile.browsers === null ? null : JSON.stringify(profile.browsers),
    profile.tracked ? 1 : 0,
    record.ring,
    record.seq,
    record.seenAt,
    packStar(star),
    profile.statedAt,
    profile.delivery === null ? null : JSON.stringify(profile.delivery),
  ]);
}

export function putIdentity(identity: string, contact: number, rows: RowBuffer): void {
  rows.put("identities", identity, [identity, contact]);
}

/** Puts a merge into the log; `step` says how far its scenario state has come. */
export function putMerge(merge: Merge, step: MergeStep, rows: RowBuffer): void {
  const { id, seq, winner, loser, cause, by, at, taken } = merge;
  rows.put("merges", id, [id, seq, winner, loser, cause, by, at, JSON.stringify(taken), step]);
}

export function putUndo(id: string, at: number, step: MergeStep, rows: RowBuffer): void {
  rows.put("merges_undone", id, [id, at, step]);
}

interface ContactRow {
  id: number;
  status: Profile["status"];
  merged_into: number | null;
  external_id: string | null;
  anonymous_id: string | null;
  email: string | null;
  claimed_email: string | null;
  phone: string | null;
  first_name: string | null;
  last_name: string | null;
  civility: string | null;
  language: string | null;
  country: string | null;
  timezone: string | null;
  birth_date: string | null;
  birth_date_set_at: number | null;
  birth_date_refused: number | null;
  attributes: string;
  consents: string;
  created_at: number;
  verified_by: string | null;
  browsers: string | null;
  tracked: number;
  ring: string;
  seq: number;
  seen_at: number;
  star: string | null;
  stated_at: number | null;
  delivery: string | null;
}

/** Selects contacts by JSON arrays of row ids and of identities. */
export function selectContacts(db: D1Database, ids: string, identities = "[]"): D1PreparedStatement {
  const sql = `SELECT ${CONTACT_COLUMNS.join(", ")} FROM contacts WHERE id IN (${WANTED_CONTACTS})`;
  return db.prepare(sql).bind(ids, identities);
}

/** A contact's row as the ledger keeps it: what all slices share, and the slices that stand in it. */
export function readContact(row: unknown): {
  base: Omit<ContactRecord, "slices">;
  profile: Profile;
  star: StarSlice;
} {
  const contact = row as ContactRow;
  const profile: Profile = {
    status: contact.status,
    mergedInto: contact.merged_into,
    externalId: contact.external_id,
    anonymousId: contact.anonymous_id,
    email: contact.email,
    claimedEmail: contact.claimed_email,
    phone: contact.phone,
    firstName: contact.first_name,
    lastName: contact.last_name,
    civility: contact.civility,
    language: contact.language,
    country: contact.country,
    timezone: contact.timezone,
    birthDate: contact.birth_date,
    birthDateSetAt: contact.birth_date_set_at,
    birthDateRefused: contact.birth_date_refused,
    attributes: JSON.parse(contact.attributes) as Record<string, unknown>,
    consents: JSON.parse(contact.consents) as Consents,
    createdAt: contact.created_at,
    verifiedBy: contact.verified_by,
    browsers: contact.browsers === null ? null : (JSON.parse(contact.browsers) as Profile["browsers"]),
    statedAt: contact.stated_at,
    delivery: contact.delivery === null ? null : (JSON.parse(contact.delivery) as Profile["delivery"]),
    tracked: contact.tracked === 1,
    changed: false,
  };
  const star = unpackStar(contact.id, contact.star, contact.seen_at);
  return { base: { id: contact.id, ring: contact.ring, seq: contact.seq, seenAt: contact.seen_at }, profile, star };
}

/** Selects whose the identities of a JSON array are; `o:` before an order's id is an identity too, and `w:` where changes wait for it. */
export function selectIdentities(db: D1Database, identities: string): D1PreparedStatement {
  const sql =
    "SELECT identity, contact FROM identities WHERE identity IN (SELECT value FROM json_each(?1)) UNION ALL " +
    `SELECT 'o:' || order_id, contact FROM orders WHERE ${namedOrders("?1")} UNION ` +
    "SELECT 'w:' || w.order_id, min(w.contact) FROM waiting_changes w JOIN contacts c ON c.id = w.contact " +
    `WHERE w.${awaitedOrders("?1")} AND c.status NOT IN ${EMPTIED} GROUP BY w.order_id`;
  return db.prepare(sql).bind(identities);
}

/** Whoever stands by now for each of some contacts, themselves included; a row that nobody has is left out. */
export async function readHeads(db: D1Database, contacts: readonly number[]): Promise<ReadonlyMap<number, number>> {
  const sql = `SELECT o.id, ${headOf("o")} AS head FROM contacts o WHERE o.id IN (SELECT value FROM json_each(?1))`;
  const { results } = await db.prepare(sql).bind(JSON.stringify(contacts)).all<{ id: number; head: number }>();
  return new Map(results.map(({ id, head }) => [id, head]));
}
