import { CATALOGUE_TABLES } from "../commerce/catalogue-sql";
import { COUPON_TABLES } from "../commerce/coupon-store";
import { withOrders } from "../commerce/guest-order";
import type { LoyaltyTerms } from "../commerce/loyalty-projection";
import { emptyLoyalty, loyaltyProjection, NO_PROGRAMME } from "../commerce/loyalty-projection";
import { LOYALTY_TABLES, readLoyalty, selectLoyalty } from "../commerce/loyalty-store";
import { commerceMerging } from "../commerce/merge";
import { catalogueProjection } from "../commerce/product-event";
import { commerceProjection } from "../commerce/projection";
import { REFERRAL_TABLES } from "../commerce/referral-store";
import { commerceOf } from "../commerce/slice";
import { COMMERCE_TABLES, readCommerce, selectCommerce } from "../commerce/store";
import { resolver } from "../contacts/identity";
import { mergeLog } from "../contacts/merge-log";
import { privacyProjection } from "../contacts/privacy-projection";
import { isEmptied, mergedInto, profileOf } from "../contacts/profile";
import { contactsProjection } from "../contacts/projection";
import { starTable } from "../contacts/star";
import type { Tables } from "../contacts/star/projection";
import { starProjection } from "../contacts/star/projection";
import { STAR_STATEMENTS } from "../contacts/star/store";
import {
  CONTACT_TABLES,
  putContact,
  putIdentity,
  putMerge,
  putUndo,
  readContact,
  selectContacts,
  selectIdentities,
} from "../contacts/store";
import type { LedgerEvent } from "../events/event";
import { isHistory, isTrusted } from "../events/event";
import type { FoldParts } from "../events/fold";
import type { Found } from "../events/loader";
import { wayOf } from "../events/merging";
import type { ContactRecord, Happening } from "../events/projection";
import { projection } from "../events/projection";
import type { RowStatement } from "../platform/d1";
import { ACTED_TABLES, SETTLED_SQL, settledKeys, withActs } from "../scenarios/acted";
import { AUDIENCE_TABLES } from "../scenarios/audience";
import type { Interest } from "../scenarios/interest";
import { heardBy } from "../scenarios/interest";
import { stimulusProjection } from "../scenarios/stimulus";
import { TASK_TABLES } from "../scenarios/task";
import type { Facts, Shop as TargetingShop } from "../segments/facts";
import { optinProjection } from "../sends/optin";
import { OPTIN_TABLES } from "../sends/optin-store";
import { ACT_TABLES } from "../tracking/act-store";
import { actsProjection } from "../tracking/acts";
import type { Touch } from "../tracking/mid";
import type { Seal } from "./seal";
import { selectTombstones } from "./seal";

/** The statement behind every row table that a projection fills. */
export const ROW_TABLES: Readonly<Record<string, string | RowStatement>> = {
  ...CONTACT_TABLES,
  ...COMMERCE_TABLES,
  ...CATALOGUE_TABLES,
  ...STAR_STATEMENTS,
  ...LOYALTY_TABLES,
  ...COUPON_TABLES,
  ...REFERRAL_TABLES,
  ...OPTIN_TABLES,
  ...ACT_TABLES,
  ...ACTED_TABLES,
  ...AUDIENCE_TABLES,
  ...TASK_TABLES,
};

/** Row ids that the ledger hands out, and the tables that they are the keys of. */
export const COUNTER_TABLES = { contacts: "contacts", carts: "carts" } as const;

/** What the projections go by that a shop sets for itself. */
export interface Terms {
  /** The tables of the star. */
  readonly tables: Tables;
  readonly loyalty: LoyaltyTerms;
  /** Reads the `mid` of an order; left out where nobody's orders count to messages. */
  readonly touchOf?: (mid: string) => Touch | null;
}

/** The terms where a shop has set nothing. */
export const NO_TERMS: Terms = { tables: { find: starTable, strict: true }, loyalty: NO_PROGRAMME };

/** The projections, in the order in which an event passes them. */
export function projections(
  shopCurrency: string,
  { tables, loyalty, touchOf = () => null }: Terms,
): FoldParts["projections"] {
  return {
    contacts: projection(contactsProjection),
    commerce: projection({ ...commerceProjection(shopCurrency), ...commerceMerging(shopCurrency) }),
    catalogue: projection(catalogueProjection(shopCurrency)),
    star: projection(starProjection(shopCurrency, tables)),
    loyalty: projection(loyaltyProjection(shopCurrency, loyalty)),
    scenarios: projection(stimulusProjection),
    optin: projection(optinProjection),
    acts: projection(actsProjection(touchOf)),
    privacy: projection(privacyProjection),
  };
}

/** What can only keep a message from going out. */
const ENDS = new Set(["order", "withdrawal", "emptied"]);
/** What old news can: they end, and start nothing. */
const PAST = new Set([...ENDS, "order_changed"]);

/** What scenarios are told of what an event made happen. */
export function meantBy(happenings: readonly Happening[], event: LedgerEvent): readonly Happening[] {
  // A suspected machine starts nothing. Whom the shop vouches for is believed, whatever their browser calls itself.
  const machine = event.bot === true && !isTrusted(event);
  const told = event.past === true ? happenings.filter(({ type }) => PAST.has(type)) : happenings;
  return machine ? told.filter(({ type }) => ENDS.has(type)) : told;
}

/** What the live ledger folds events with. `interest` is asked at each event, as scenarios come and go. */
export function liveParts(shopCurrency: string, interest: () => Interest, terms: Terms): FoldParts {
  return {
    resolver: withActs(withOrders(resolver)),
    projections: projections(shopCurrency, terms),
    finish: putContact,
    linked: putIdentity,
    merges: mergeLog({ putMerge, putUndo }),
    relevant(record, happenings, event) {
      const profile = profileOf(record);
      // The erasure itself, of a contact whose shard has state: nothing else of an erased contact comes so far.
      if (isEmptied(profile)) return happenings;
      if (profile.status !== "verified" || isHistory(event)) return [];
      const heard = heardBy(interest(), profile, meantBy(happenings, event));
      if (heard.length > 0 && !profile.tracked) {
        profile.tracked = true;
        profile.changed = true;
      }
      return heard;
    },
  };
}

/** What a look-up takes along where the shop has it. */
export interface Along {
  /** The shop has had a loyalty programme; without one nobody has an account. */
  readonly loyalty: boolean;
  /** Gives the hash that an erased contact's identity is kept as; null where nobody was ever erased. */
  readonly seal: Seal | null;
}

/** Whose identities are, and all slices of their contacts and of those in `ids`, out of one D1 batch. */
export async function lookUp(
  db: D1Database,
  identities: readonly string[],
  ids: readonly number[],
  { loyalty, seal }: Along = { loyalty: false, seal: null },
): Promise<Found> {
  const wanted = [JSON.stringify(ids), JSON.stringify(identities)] as const;
  const sealed = new Map(seal ? identities.map((identity) => [seal(identity), identity]) : []);
  const statements = [selectIdentities(db, wanted[1]), selectContacts(db, ...wanted), ...selectCommerce(db, ...wanted)];
  const withTombstones = sealed.size > 0 ? statements.push(selectTombstones(db, [...sealed.keys()])) : 0;
  const acts = settledKeys(identities);
  const withSettled = acts.length > 0 ? statements.push(db.prepare(SETTLED_SQL).bind(JSON.stringify(acts))) : 0;
  const withAccounts = loyalty ? statements.push(selectLoyalty(db, ...wanted)) : 0;
  const results = (await db.batch(statements)).map((result) => result.results);
  const [owners = [], contacts = [], carts = [], orders = []] = results;
  const barred = (results[withTombstones - 1] ?? []) as { hash: string; at: number }[];
  const found = [...owners, ...(results[withSettled - 1] ?? [])] as { identity: string; contact: number }[];
  return {
    identities: new Map(found.map(({ identity, contact }) => [identity, contact])),
    records: recordsOf(contacts, carts, orders, results[withAccounts - 1]),
    barred: new Map(barred.map(({ hash, at }) => [sealed.get(hash) ?? "", at])),
  };
}

/** Contacts with all slices out of the rows of `selectContacts`, `selectCommerce` and `selectLoyalty`. */
function recordsOf(
  contacts: readonly unknown[],
  carts: readonly unknown[],
  orders: readonly unknown[],
  loyalty: readonly unknown[] = [],
): ContactRecord[] {
  const accounts = readLoyalty(loyalty);
  const commerce = readCommerce(carts, orders);
  return contacts.map((row) => {
    const { base, profile, star } = readContact(row);
    return {
      ...base,
      slices: {
        contacts: profile,
        star,
        // A merged contact's rows are its winner's for as long as the merge holds.
        loyalty: (profile.mergedInto === null && accounts.get(base.id)) || emptyLoyalty(),
        commerce: (profile.mergedInto === null && commerce.get(base.id)) || { cart: null, orders: [], closedAt: null },
        catalogue: null,
        scenarios: null,
        optin: null,
        acts: null,
        privacy: null,
      },
    };
  });
}

/** What the scenarios are told of a contact. */
export function factsOf(record: ContactRecord, shop: TargetingShop): Facts {
  const { id, seenAt } = record;
  return { contact: id, head: id, seenAt, profile: profileOf(record), commerce: commerceOf(record), shop };
}

type RecordOf = (id: number) => ContactRecord | undefined;

/** Whoever stands for a contact by now, out of memory; undefined where it is not all there. */
export function headRecord(contact: number, recordOf: RecordOf): ContactRecord | undefined {
  const head = headOrMissing(contact, recordOf);
  return typeof head === "number" ? undefined : head;
}

/** Whoever stands for a contact, or the number of the one on the way there that is not known. */
function headOrMissing(contact: number, recordOf: RecordOf): ContactRecord | number {
  const last = wayOf(contact, recordOf, mergedInto).at(-1) ?? contact;
  return recordOf(last) ?? last;
}

/**
 * What the scenarios are told of a contact whom `record` stands for: what they still hold of one who was merged is
 * decided by the winner's consents, address and orders.
 */
export function standingFor(contact: number, record: ContactRecord, shop: TargetingShop): Facts {
  return { ...factsOf(record, shop), contact };
}

/**
 * What the scenarios are told of contacts: out of memory, as far as it goes, and else out of the database, with a look
 * at whoever stands for those that were merged. What is read is not kept: a group that is being written knows it better.
 */
export async function factsWithHeads(
  db: D1Database,
  contacts: readonly number[],
  recordOf: RecordOf,
  shop: TargetingShop,
): Promise<Facts[]> {
  const read = new Map<number, ContactRecord>();
  // Memory is asked anew after each look into the database: what came into it meanwhile is newer.
  const known: RecordOf = (id) => recordOf(id) ?? read.get(id);
  for (let missing = missingOf(contacts, known); missing.length > 0; missing = missingOf(contacts, known)) {
    const { records } = await lookUp(db, [], missing);
    for (const record of records) read.set(record.id, record);
    if (records.length === 0) break;
  }
  return contacts.flatMap((id) => {
    const head = headRecord(id, known);
    return head ? [standingFor(id, head, shop)] : [];
  });
}

function missingOf(contacts: readonly number[], recordOf: RecordOf): number[] {
  const heads = contacts.map((contact) => headOrMissing(contact, recordOf));
  return [...new Set(heads.filter((head) => typeof head === "number"))];
}
