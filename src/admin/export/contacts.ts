import type { Profile } from "../../contacts/profile";
import { EMPTIED } from "../../contacts/profile";
import { readContact, selectContacts } from "../../contacts/store";
import { erasedWith } from "../../contacts/stored-table";
import { contactId } from "../../shared/ids";
import { timeText } from "../api";
import { contacts as imported } from "../import/contacts";
import type { ExportList } from "./list";
import { Bound, pageOf } from "./list";

/** The columns of the import, as a person would read them. */
const READ =
  "external_id email phone first_name last_name civility birth_date language country timezone created_at " +
  "consent_email consent_sms consent_push consent_source consent_at consent_wording";
const ORDERED = READ.split(" ").filter((column) => imported.columns.includes(column));
const COLUMNS = [...ORDERED, ...imported.columns.filter((column) => !ORDERED.includes(column))];

const CHANNELS = ["email", "sms", "push"] as const;

/** When, where and to which words somebody said yes or no. */
interface Proof {
  readonly contact: number;
  readonly channel: (typeof CHANNELS)[number];
  readonly at: number;
  readonly source: string | null;
  readonly wording: string | null;
  /** 1 for a no. */
  readonly refuses: number;
}

/**
 * The last words that gave and that refused each consent, with what proves them. A claim that was merely confirmed later has its source and
 * its wording in a line of its own.
 */
const PROOFS_SQL = `
SELECT g.contact, g.channel, g.at, coalesce(c.source, g.source, c.form, g.form, c.way, g.way) AS source,
  coalesce(w.text, g.wording, c.wording) AS wording, g.refuses
FROM (
  SELECT e.*, e.action = 'withdraw' AS refuses,
    row_number() OVER (PARTITION BY contact, channel, action = 'withdraw' ORDER BY seq DESC, position DESC) AS place
  FROM consent_events e WHERE contact IN (SELECT value FROM json_each(?1)) AND purpose = 'marketing'
    AND action IN ('grant', 'confirm', 'confirm_doi', 'withdraw')
) g
LEFT JOIN consent_events c ON c.contact = g.contact AND c.channel = g.channel AND c.purpose = g.purpose
  AND c.action = 'claim' AND c.at = g.at AND g.action = 'confirm'
LEFT JOIN wordings w ON w.id = coalesce(g.wording_id, c.wording_id)
WHERE g.place = 1`;

/** Columns of an import that say who somebody is, by field. */
function fieldsOf(id: number, profile: Profile): Record<string, unknown> {
  return {
    id: contactId(id),
    status: profile.status,
    external_id: profile.externalId,
    email: profile.email,
    phone: profile.phone,
    first_name: profile.firstName,
    last_name: profile.lastName,
    civility: profile.civility,
    birth_date: profile.birthDate,
    language: profile.language,
    country: profile.country,
    timezone: profile.timezone,
    // 0: nobody has told yet when it was.
    created_at: profile.createdAt === 0 ? null : timeText(profile.createdAt),
  };
}

/**
 * The lines of one contact. A line carries one proof; where consents of one contact have several, each further one has a
 * line of its own with nothing but who it is and the consent, as an import reads it.
 */
function linesOf(id: number, profile: Profile, proofs: readonly Proof[]): Record<string, unknown>[] {
  // What stands: a claim that nobody confirmed is no word yet.
  const standing = proofs.flatMap((proof): Proof[] => {
    const consent = profile.consents[proof.channel];
    const state = proof.refuses === 1 ? "withdrawn" : "granted";
    return consent?.state === state ? [{ ...proof, at: consent.at }] : [];
  });
  const groups = [
    ...Map.groupBy(standing, ({ at, source, wording }) => JSON.stringify([at, source, wording])).values(),
  ];
  const consents = groups.map((group): Record<string, unknown> => {
    const [proof] = group;
    const said = Object.fromEntries(group.map(({ channel, refuses }) => [`consent_${channel}`, refuses === 0]));
    const at = proof === undefined ? null : timeText(proof.at);
    return { ...said, consent_source: proof?.source, consent_at: at, consent_wording: proof?.wording };
  });
  const [first = {}, ...others] = consents;
  // A no counts without any proof.
  const refused = CHANNELS.filter((channel) => profile.consents[channel]?.state === "withdrawn");
  const proven = new Set(standing.map(({ channel }) => channel));
  const refusals = refused.flatMap((channel) => (proven.has(channel) ? [] : [[`consent_${channel}`, false] as const]));
  const { externalId, email } = profile;
  return [
    { ...profile.attributes, ...fieldsOf(id, profile), ...first, ...Object.fromEntries(refusals) },
    ...others.map((consent) => ({ external_id: externalId, email, ...consent })),
  ];
}

/** Contacts who are neither merged into others nor empty, in the columns of their import. */
export const contacts: ExportList = {
  title: { en: "Contacts", fr: "Contacts" },
  columns: COLUMNS,
  extra: ["id", "status"],
  filters: ["status", "from", "to"],
  statuses: ["verified", "anonymous", "all"],
  async more(db) {
    const sql =
      "SELECT DISTINCT a.key FROM contacts c, json_each(c.attributes) a " +
      `WHERE c.status NOT IN ${EMPTIED} AND c.attributes <> '{}' ORDER BY a.key`;
    const { results } = await db.prepare(sql).all<{ key: string }>();
    const own = new Set([...COLUMNS, "id", "status"]);
    return results.map(({ key }) => key).filter((key) => !own.has(key));
  },
  async page(db, after, wish, limit) {
    const bound = new Bound();
    const status = wish.status ?? "verified";
    const conditions = [
      bound.behind(["id"], after),
      status === "all" ? "status IN ('verified', 'anonymous')" : `status = ${bound.put(status)}`,
      bound.within("created_at", wish),
      `id NOT IN (${erasedWith(bound.put(JSON.stringify(wish.without)))})`,
    ];
    const wanted = `SELECT id FROM contacts WHERE ${conditions.join(" AND ")} ORDER BY id LIMIT ${bound.put(limit)}`;
    const found = await bound.all<{ id: number }>(db, wanted);
    const ids = JSON.stringify(found.map(({ id }) => id));
    // Who they are is read here, once more: an erasure that was accepted since leaves an empty row.
    const [people, words] = await db.batch([selectContacts(db, ids), db.prepare(PROOFS_SQL).bind(ids)]);
    const proofs = Map.groupBy((words?.results ?? []) as Proof[], ({ contact }) => contact);
    const known = new Map(
      (people?.results ?? []).map((row) => {
        const { base, profile } = readContact(row);
        return [base.id, profile] as const;
      }),
    );
    return pageOf(
      found,
      limit,
      ({ id }) => [id],
      ({ id }) => {
        const profile = known.get(id);
        const isThere = profile?.status === "verified" || profile?.status === "anonymous";
        return profile && isThere ? linesOf(id, profile, proofs.get(id) ?? []) : [];
      },
    );
  },
};
