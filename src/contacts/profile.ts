import type { ContactRecord } from "../events/projection";
import type { Consents } from "./consent";
import type { Delivery } from "./delivery";

/**
 * `anonymous`: a browser, perhaps with a claimed address. `merged`: another contact took it over. `erased`: empty for good, on request.
 * `expired`: empty for good, as it was kept long enough.
 */
export type ContactStatus = "anonymous" | "verified" | "merged" | "erased" | "expired";

/** The contacts folder's slice of a record: one row of `contacts`. */
export interface Profile {
  status: ContactStatus;
  mergedInto: number | null;
  externalId: string | null;
  anonymousId: string | null;
  /** Verified address. */
  email: string | null;
  /** Typed in a browser; becomes `email` when it is verified. */
  claimedEmail: string | null;
  phone: string | null;
  firstName: string | null;
  lastName: string | null;
  civility: string | null;
  language: string | null;
  country: string | null;
  timezone: string | null;
  /** `YYYY-MM-DD`. */
  birthDate: string | null;
  /** When the birth date was stated as it is, epoch ms. */
  birthDateSetAt: number | null;
  /** Changes of it that came too soon. */
  birthDateRefused: number | null;
  attributes: Readonly<Record<string, unknown>>;
  consents: Consents;
  /** What came back about messages; null where all went well. */
  delivery: Delivery | null;
  /** Epoch ms; of an empty contact, when it was emptied. */
  createdAt: number;
  /** Id of the event that verified the contact, so that later projections of it can hand over what is open. */
  verifiedBy: string | null;
  /** Browsers that came to the contact within the present window: since when (epoch ms), and how many. */
  browsers: readonly [since: number, count: number] | null;
  /** As of when a shop last stated the person as a whole, epoch ms: what is older undoes nothing. */
  statedAt: number | null;
  /** The contact's shard keeps state for it. */
  tracked: boolean;
  /** The row differs from the database's. Never stored. */
  changed: boolean;
}

export function emptyProfile(): Profile {
  return {
    status: "anonymous",
    mergedInto: null,
    externalId: null,
    anonymousId: null,
    email: null,
    claimedEmail: null,
    phone: null,
    firstName: null,
    lastName: null,
    civility: null,
    language: null,
    country: null,
    timezone: null,
    birthDate: null,
    birthDateSetAt: null,
    birthDateRefused: null,
    attributes: {},
    consents: {},
    delivery: null,
    createdAt: 0,
    verifiedBy: null,
    browsers: null,
    statedAt: null,
    tracked: false,
    changed: true,
  };
}

/** Sets a field, and marks the row as changed only where it is. */
export function setField<Key extends keyof Profile>(profile: Profile, key: Key, value: Profile[Key]): void {
  if (profile[key] === value) return;
  profile[key] = value;
  profile.changed = true;
}

/** True for the empty row that is left of a contact: nothing is ever known of it again. */
export function isEmptied({ status }: Profile): boolean {
  return status === "erased" || status === "expired";
}

/** SQL for the statuses of empty rows. */
export const EMPTIED = "('erased', 'expired')";

/** The profile slice of a record. */
export function profileOf(record: ContactRecord): Profile {
  return record.slices["contacts"] as Profile;
}

/** Who took a contact over; null where nobody did. */
export function mergedInto(record: ContactRecord): number | null {
  return profileOf(record).mergedInto;
}
