import { COUPON_TABLES } from "../commerce/coupon-store";
import type { LoyaltyTerms } from "../commerce/loyalty-projection";
import { emptyLoyalty, loyaltyProjection, NO_PROGRAMME } from "../commerce/loyalty-projection";
import { LOYALTY_TABLES, readLoyalty, selectLoyalty } from "../commerce/loyalty-store";
import { commerceOf, commerceProjection } from "../commerce/projection";
import { REFERRAL_TABLES } from "../commerce/referral-store";
import { COMMERCE_TABLES, readCommerce, selectCommerce } from "../commerce/store";
import { resolver } from "../contacts/identity";
import { profileOf } from "../contacts/profile";
import { contactsProjection } from "../contacts/projection";
import {
  CONTACT_TABLES,
  putContact,
  putIdentity,
  readContact,
  selectContacts,
  selectIdentities,
} from "../contacts/store";
import { isHistory, isTrusted } from "../events/event";
import type { FoldParts } from "../events/fold";
import type { Found } from "../events/loader";
import type { ContactRecord } from "../events/projection";
import { projection } from "../events/projection";
import type { Interest } from "../scenarios/interest";
import { heardBy } from "../scenarios/interest";
import { stimulusProjection } from "../scenarios/stimulus";
import type { Facts } from "../segments/facts";

/** The statement behind every row table that a projection fills. */
export const ROW_TABLES = {
  ...CONTACT_TABLES,
  ...COMMERCE_TABLES,
  ...LOYALTY_TABLES,
  ...COUPON_TABLES,
  ...REFERRAL_TABLES,
};

/** Row ids that the ledger hands out, and the tables that they are the keys of. */
export const COUNTER_TABLES = { contacts: "contacts", carts: "carts" } as const;

/** The projections, in the order in which an event passes them. */
export function projections(shopCurrency: string, loyalty: LoyaltyTerms = NO_PROGRAMME): FoldParts["projections"] {
  return {
    contacts: projection(contactsProjection),
    commerce: projection(commerceProjection(shopCurrency)),
    loyalty: projection(loyaltyProjection(shopCurrency, loyalty)),
    scenarios: projection(stimulusProjection),
  };
}

/** What can only keep a message from going out. */
const ENDS = new Set(["order", "withdrawal", "emptied"]);

/** What the live ledger folds events with. `interest` is asked at each event, as scenarios come and go. */
export function liveParts(shopCurrency: string, interest: () => Interest, loyalty?: LoyaltyTerms): FoldParts {
  return {
    resolver,
    projections: projections(shopCurrency, loyalty),
    finish: putContact,
    linked: putIdentity,
    relevant(record, happenings, event) {
      const profile = profileOf(record);
      if (profile.status !== "verified" || isHistory(event)) return [];
      // A suspected machine starts nothing. Whom the shop vouches for is believed, whatever their browser calls itself.
      const machine = event.bot === true && !isTrusted(event);
      const meant = machine ? happenings.filter(({ type }) => ENDS.has(type)) : happenings;
      const heard = heardBy(interest(), profile.tracked, meant);
      if (heard.length > 0 && !profile.tracked) {
        profile.tracked = true;
        profile.changed = true;
      }
      return heard;
    },
  };
}

/**
 * Whose identities are, and all slices of their contacts and of those in `ids`, out of one D1 batch. `withLoyalty`: the
 * shop has had a loyalty programme; without one nobody has an account.
 */
export async function lookUp(
  db: D1Database,
  identities: readonly string[],
  ids: readonly number[],
  withLoyalty = false,
): Promise<Found> {
  const wanted = [JSON.stringify(ids), JSON.stringify(identities)] as const;
  const statements = [selectIdentities(db, wanted[1]), selectContacts(db, ...wanted), ...selectCommerce(db, ...wanted)];
  const loyaltyAt = withLoyalty ? statements.push(selectLoyalty(db, ...wanted)) - 1 : -1;
  const answers = await db.batch(statements);
  const [owners, contacts, carts, orders] = answers;
  const found = (owners?.results ?? []) as { identity: string; contact: number }[];
  return {
    identities: new Map(found.map(({ identity, contact }) => [identity, contact])),
    records: recordsOf(
      contacts?.results ?? [],
      carts?.results ?? [],
      orders?.results ?? [],
      answers[loyaltyAt]?.results ?? [],
    ),
  };
}

/** Contacts with all slices out of the rows of `selectContacts`, `selectCommerce` and `selectLoyalty`. */
export function recordsOf(
  contacts: readonly unknown[],
  carts: readonly unknown[],
  orders: readonly unknown[],
  loyalty: readonly unknown[] = [],
): ContactRecord[] {
  const accounts = readLoyalty(loyalty);
  const commerce = readCommerce(carts, orders);
  return contacts.map((row) => {
    const { base, profile } = readContact(row);
    return {
      ...base,
      slices: {
        contacts: profile,
        commerce: commerce.get(base.id) ?? { cart: null, orders: [], closedAt: null },
        loyalty: accounts.get(base.id) ?? emptyLoyalty(),
        scenarios: null,
      },
    };
  });
}

/** What the scenarios are told of a contact. */
export function factsOf(record: ContactRecord): Facts {
  return { contact: record.id, profile: profileOf(record), commerce: commerceOf(record) };
}
