import { commerceOf, commerceProjection } from "../commerce/projection";
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
import { isHistory } from "../events/event";
import type { FoldParts } from "../events/fold";
import type { Found } from "../events/loader";
import type { ContactRecord } from "../events/projection";
import { projection } from "../events/projection";
import type { Interest } from "../scenarios/interest";
import { heardBy } from "../scenarios/interest";
import { stimulusProjection } from "../scenarios/stimulus";
import type { Facts } from "../segments/facts";

/** The statement behind every row table that a projection fills. */
export const ROW_TABLES = { ...CONTACT_TABLES, ...COMMERCE_TABLES };

/** Row ids that the ledger hands out, and the tables that they are the keys of. */
export const COUNTER_TABLES = { contacts: "contacts", carts: "carts" } as const;

/** The projections, in the order in which an event passes them. */
export function projections(shopCurrency: string): FoldParts["projections"] {
  return {
    contacts: projection(contactsProjection),
    commerce: projection(commerceProjection(shopCurrency)),
    scenarios: projection(stimulusProjection),
  };
}

/** What the live ledger folds events with. `interest` is asked at each event, as scenarios come and go. */
export function liveParts(shopCurrency: string, interest: () => Interest): FoldParts {
  return {
    resolver,
    projections: projections(shopCurrency),
    finish: putContact,
    linked: putIdentity,
    relevant(record, happenings, event) {
      const profile = profileOf(record);
      // A suspected machine is nobody's verified self: it fails here without a look at its mark. A person whom the
      // shop vouched for is believed, whatever their browser calls itself.
      if (profile.status !== "verified" || isHistory(event)) return [];
      const heard = heardBy(interest(), profile.tracked, happenings);
      if (heard.length > 0 && !profile.tracked) {
        profile.tracked = true;
        profile.changed = true;
      }
      return heard;
    },
  };
}

/** Whose identities are, and all slices of their contacts and of those in `ids`, out of one D1 batch. */
export async function lookUp(db: D1Database, identities: readonly string[], ids: readonly number[]): Promise<Found> {
  const wanted = [JSON.stringify(ids), JSON.stringify(identities)] as const;
  const [owners, contacts, carts, orders] = await db.batch([
    selectIdentities(db, wanted[1]),
    selectContacts(db, ...wanted),
    ...selectCommerce(db, ...wanted),
  ]);
  const found = (owners?.results ?? []) as { identity: string; contact: number }[];
  return {
    identities: new Map(found.map(({ identity, contact }) => [identity, contact])),
    records: recordsOf(contacts?.results ?? [], carts?.results ?? [], orders?.results ?? []),
  };
}

/** Contacts with all slices out of the rows of `selectContacts` and `selectCommerce`. */
function recordsOf(
  contacts: readonly unknown[],
  carts: readonly unknown[],
  orders: readonly unknown[],
): ContactRecord[] {
  const commerce = readCommerce(carts, orders);
  return contacts.map((row) => {
    const { base, profile } = readContact(row);
    return {
      ...base,
      slices: {
        contacts: profile,
        commerce: commerce.get(base.id) ?? { cart: null, orders: [], closedAt: null },
        scenarios: null,
      },
    };
  });
}

/** What the scenarios are told of a contact. */
export function factsOf(record: ContactRecord): Facts {
  return { contact: record.id, profile: profileOf(record), commerce: commerceOf(record) };
}
