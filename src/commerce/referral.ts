import type { Profile } from "../contacts/profile";
import { CODE_ALPHABET, CODE_LETTERS, readCode, secretCode } from "../shared/code";
import { sameText } from "../shared/mac";

/** How far a referral has come; a later word never takes it back to an earlier one. */
export const REFERRAL_STATES = ["shared", "clicked", "ordered", "pending_review", "rewarded", "rejected"] as const;
export type ReferralState = (typeof REFERRAL_STATES)[number];

/** Why somebody is rewarded nothing. */
export type ReferralFlag =
  | "same_contact"
  | "same_address"
  | "same_device"
  | "same_household"
  | "existing_customer"
  | "below_minimum"
  | "order_invalid";

/**
 * The code by which somebody refers others: their row in base 32 and 80 bits that only we can make, so that it is
 * read without a look into the database and cannot be made up.
 */
export function referralCode(secret: string, advocate: number): string {
  let text = "";
  for (let rest = advocate; rest > 0; rest = Math.floor(rest / 32)) text = CODE_ALPHABET[rest % 32] + text;
  return secretCode(secret, "referral", advocate) + text;
}

/** Whose a referral code is; null where it is none of ours. */
export function advocateOf(secret: string, text: string): number | null {
  const code = readCode(text.slice(0, 60));
  let advocate = 0;
  for (const digit of code.slice(CODE_LETTERS)) advocate = advocate * 32 + CODE_ALPHABET.indexOf(digit);
  if (!Number.isSafeInteger(advocate) || advocate < 1) return null;
  return sameText(code, referralCode(secret, advocate)) ? advocate : null;
}

/** What is known of one side of a referral. */
export interface Side {
  /** Row of the contact, of whoever took it over where it was merged. */
  readonly contact: number;
  readonly profile: Pick<Profile, "email" | "claimedEmail" | "phone">;
  /** Browsers that this person was seen with. */
  readonly browsers: ReadonlySet<string>;
  /** Hashes of the postal addresses that orders went to. */
  readonly households: ReadonlySet<string>;
}

/** Signs that advocate and friend are one person or one household. */
export function sharedSigns(advocate: Side, friend: Side): ReferralFlag[] {
  if (advocate.contact === friend.contact) return ["same_contact"];
  const flags: ReferralFlag[] = [];
  const { phone } = advocate.profile;
  const known = new Set(addressesOf(advocate));
  const sameNumber = phone !== null && phone === friend.profile.phone;
  if (sameNumber || addressesOf(friend).some((address) => known.has(address))) flags.push("same_address");
  if (overlap(advocate.browsers, friend.browsers)) flags.push("same_device");
  if (overlap(advocate.households, friend.households)) flags.push("same_household");
  return flags;
}

function addressesOf({ profile }: Side): string[] {
  return [profile.email, profile.claimedEmail].flatMap((email) => (email === null ? [] : [inboxOf(email)]));
}

/**
 * The inbox that an address most likely ends in: without what follows a plus, and without the dots that Gmail leaves
 * out of account. Only to compare for a reward; as an identity they stay two addresses.
 */
export function inboxOf(email: string): string {
  const at = email.lastIndexOf("@");
  const domain = email.slice(at + 1).toLowerCase();
  const local = email.slice(0, at).toLowerCase().split("+", 1)[0] ?? "";
  const isGmail = domain === "gmail.com" || domain === "googlemail.com";
  return isGmail ? `${local.replaceAll(".", "")}@gmail.com` : `${local}@${domain}`;
}

function overlap(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  for (const value of one) if (other.has(value)) return true;
  return false;
}

/**
 * A keyed hash of where an order goes, or null where the event does not say: street, postal code and country, without
 * case, accents and punctuation.
 */
export function householdOf(secret: string, address: unknown): string | null {
  if (typeof address !== "object" || address === null) return null;
  const parts = address as Record<string, unknown>;
  const text = (...names: string[]): string => {
    const found = names
      .map((name) => parts[name])
      .find((value) => typeof value === "string" || typeof value === "number");
    const plain = String(found ?? "")
      .normalize("NFKD")
      .toLowerCase();
    return plain.replaceAll(/[^\p{L}\p{N}]/gu, "").slice(0, 200);
  };
  const street = text("street", "address1", "line1");
  const code = text("postal_code", "postalCode", "zip", "postcode");
  return street === "" || code === "" ? null : secretCode(secret, "household", street, code, text("country"));
}
