import type { ContactRecord, RowBuffer } from "../events/projection";
import type { BulkTable, RowStatement } from "../platform/d1";
import { bulkInsert, sparseInsert, updateChanged } from "../platform/d1";
import type { Consents } from "./consent";
import type { Profile } from "./profile";
import { profileOf } from "./profile";
import { WANTED_CONTACTS } from "./wanted";

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
  "attributes",
  "consents",
  "created_at",
  "verified_by",
  "tracked",
  "ring",
  "seq",
  "seen_at",
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

/** The statements behind the row tables that contacts/ fills. */
export const CONTACT_TABLES: Readonly<Record<string, string | RowStatement>> = {
  contacts: sparseInsert(CONTACTS),
  // Most events change nothing but these: a narrow update spares the wide row's comparison.
  contacts_seen:
    "UPDATE contacts SET ring = v.value ->> 1, seq = v.value ->> 2, seen_at = v.value ->> 3 " +
    "FROM json_each(?1) AS v WHERE contacts.id = v.value ->> 0",
  identities: bulkInsert(IDENTITIES),
  consent_events: bulkInsert(CONSENTS),
  wordings: bulkInsert(WORDINGS),
  // Only what was there before: a new subscription may stand in the same batch.
  consent_events_expired:
    "DELETE FROM consent_events WHERE contact IN (SELECT value ->> 0 FROM json_each(?1)) AND seq < " +
    "(SELECT min(value ->> 1) FROM json_each(?1) WHERE value ->> 0 = consent_events.contact)",
};

/** Puts the row of a contact that a group touched. */
export function putContact(record: ContactRecord, rows: RowBuffer): void {
  const profile = profileOf(record);
  if (!profile.changed) {
    rows.put("contacts_seen", record.id, [record.id, record.ring, record.seq, record.seenAt]);
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
    JSON.stringify(profile.attributes),
    JSON.stringify(profile.consents),
    profile.createdAt,
    profile.verifiedBy,
    profile.tracked ? 1 : 0,
    record.ring,
    record.seq,
    record.seenAt,
  ]);
}

export function putIdentity(identity: string, contact: number, rows: RowBuffer): void {
  rows.put("identities", identity, [identity, contact]);
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
  attributes: string;
  consents: string;
  created_at: number;
  verified_by: string | null;
  tracked: number;
  ring: string;
  seq: number;
  seen_at: number;
}

/** Selects contacts by JSON arrays of row ids and of identities. */
export function selectContacts(db: D1Database, ids: string, identities = "[]"): D1PreparedStatement {
  const sql = `SELECT ${CONTACT_COLUMNS.join(", ")} FROM contacts WHERE id IN (${WANTED_CONTACTS})`;
  return db.prepare(sql).bind(ids, identities);
}

/** A contact's row as the ledger keeps it: what all slices share, and the contacts slice. */
export function readContact(row: unknown): { base: Omit<ContactRecord, "slices">; profile: Profile } {
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
    attributes: JSON.parse(contact.attributes) as Record<string, unknown>,
    consents: JSON.parse(contact.consents) as Consents,
    createdAt: contact.created_at,
    verifiedBy: contact.verified_by,
    tracked: contact.tracked === 1,
    changed: false,
  };
  return { base: { id: contact.id, ring: contact.ring, seq: contact.seq, seenAt: contact.seen_at }, profile };
}

/** Selects whose the identities of a JSON array are. */
export function selectIdentities(db: D1Database, identities: string): D1PreparedStatement {
  const sql = "SELECT identity, contact FROM identities WHERE identity IN (SELECT value FROM json_each(?1))";
  return db.prepare(sql).bind(identities);
}
