import * as z from "zod";
import { birthdayHolds } from "../contacts/birth-date";
import type { Profile } from "../contacts/profile";
import type { LedgerEvent } from "../events/event";
import { readCode, secretCode } from "../shared/code";
import { derivedId } from "../shared/ids";
import { addPeriod, parsePeriod } from "../shared/period";

const isoTime = z.iso.datetime({ offset: true, error: "is not an ISO 8601 time with its zone" });

/** What a coupon of this offer gives, and to whom it may be given. */
export const offerInput = z
  .strictObject({
    name: z.string().min(1).max(120),
    kind: z.enum(["percent", "amount", "free_shipping"]),
    /** Percent, or minor units of `currency`. */
    value: z.number().int().min(0).max(1_000_000_000).default(0),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, "is not a currency such as EUR")
      .nullable()
      .default(null),
    /** Minor units. */
    min_spend: z.number().int().min(0).max(1_000_000_000).default(0),
    /** How long a coupon can be used from its issue on; null for as long as the offer. */
    valid_for: z
      .string()
      .max(20)
      .refine((text) => parsePeriod(text) !== null, "is not a period such as P14D")
      .nullable()
      .default(null),
    starts_at: isoTime.nullable().default(null),
    ends_at: isoTime.nullable().default(null),
    stackable: z.boolean().default(false),
    /** How many coupons there may be in all. */
    limit: z.number().int().min(1).max(100_000_000).nullable().default(null),
    /** A birthday's coupon is only for whoever's birth date has been known for a while. */
    occasion: z.enum(["birthday"]).nullable().default(null),
    /** `own`: codes of ours. `pool`: the shop's own codes, which it uploads. */
    codes: z.enum(["own", "pool"]).default("own"),
  })
  .superRefine(({ kind, value, currency, valid_for: validFor, ends_at: endsAt, codes, limit }, context) => {
    const fault = (field: string, message: string) => context.addIssue({ code: "custom", path: [field], message });
    if (kind === "percent" && (value < 1 || value > 100)) fault("value", "is not a percentage from 1 to 100");
    if (kind === "amount" && value < 1) fault("value", "is missing");
    if (kind === "amount" && currency === null) fault("currency", "is missing");
    if (codes === "pool" && limit !== null) fault("limit", "of a pool is how many codes it holds");
    if (validFor === null && endsAt === null) fault("valid_for", "or `ends_at` is missing: every coupon has an end");
  });

export type OfferTerms = z.output<typeof offerInput>;

export interface Offer extends OfferTerms {
  readonly key: string;
}

/** Why a coupon cannot be given. */
export type CouponRefusal = "not_verified" | "offer_over" | "birth_date_unsettled" | "limit_reached" | "no_code_left";

/** The code of a contact's coupon: issued twice it is the same, and nobody can guess another's. */
export function couponCode(secret: string, offer: string, contact: number, occasion: string): string {
  return secretCode(secret, "coupon", offer, contact, occasion);
}

/** Why this person cannot have a coupon of this offer now; null where they can. */
export function refusalFor(offer: Offer, profile: Profile, now: number): CouponRefusal | null {
  if (profile.status !== "verified") return "not_verified";
  if (offer.ends_at !== null && Date.parse(offer.ends_at) <= now) return "offer_over";
  if (offer.occasion === "birthday" && !birthdayHolds(profile, now)) return "birth_date_unsettled";
  return null;
}

/** From when to when a coupon of an offer can be used that is given at `at`. Epoch ms. */
export function validityOf(offer: Offer, at: number): { readonly from: number; readonly to: number } {
  const from = offer.starts_at === null ? at : Math.max(at, Date.parse(offer.starts_at));
  const ends = [
    offer.valid_for === null ? null : addPeriod(from, offer.valid_for),
    offer.ends_at === null ? null : Date.parse(offer.ends_at),
  ].filter((end) => end !== null);
  return { from, to: Math.min(...ends) };
}

/**
 * The offer as one who gives its coupons wants them to end: after another period, or by a time (ISO 8601). Whatever is
 * wanted, no coupon outlives its offer.
 */
export function endingBy(offer: Offer, validFor: string | null, endsAt: string | null): Offer {
  const ends = [offer.ends_at, endsAt].filter((end) => end !== null).map((end) => Date.parse(end));
  return {
    ...offer,
    valid_for: validFor ?? (endsAt === null ? offer.valid_for : null),
    ends_at: ends.length > 0 ? new Date(Math.min(...ends)).toISOString() : null,
  };
}

/** The event that gives a contact a coupon. Its id follows from what it is for, so that a repeat has no effect. */
export function couponEvent(offer: Offer, contact: number, occasion: string, code: string, now: number): LedgerEvent {
  const { from, to } = validityOf(offer, now);
  return {
    id: derivedId("cpn", offer.key, contact, occasion, code),
    type: "internal",
    name: "coupon.issued",
    at: now,
    trust: "internal",
    contact,
    properties: {
      offer: offer.key,
      occasion,
      code,
      pool: offer.codes === "pool",
      birthday: offer.occasion === "birthday",
      limit: offer.limit,
      valid_from: from,
      valid_to: to,
    },
  };
}

/** The codes that a text on an order may stand for: as it is, and as one of ours that a person typed. */
export function codesOf(text: string): string[] {
  const plain = text.trim().slice(0, 80);
  return [...new Set([plain, readCode(plain)])].filter((code) => code !== "");
}
