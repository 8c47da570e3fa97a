import type { CouponRefusal, Offer } from "../commerce/coupon";
import { couponCode, couponEvent, refusalFor } from "../commerce/coupon";
import type { CouponRow } from "../commerce/coupon-store";
import { findCoupon, freeCode } from "../commerce/coupon-store";
import type { Profile } from "../contacts/profile";
import type { LedgerEvent } from "../events/event";
import type { Services } from "../services";

/** Somebody who is to have a coupon. */
export interface Receiver {
  /** Row of the contact. */
  readonly id: number;
  readonly profile: Profile;
}

/** Several at the same moment may reach for the same code of a pool; each further try leaves one more to the others. */
const TRIES = 5;

/**
 * Gives a contact a coupon for an occasion and resolves with it, or with why there is none. The same question again
 * gets the same coupon, however often and from wherever it is asked.
 */
export async function issueCoupon(
  services: Services,
  offer: Offer,
  receiver: Receiver,
  occasion: string,
): Promise<CouponRow | CouponRefusal> {
  const { env } = services;
  for (let tried = 0; tried < TRIES; tried++) {
    const known = await findCoupon(env.DB, offer.key, receiver.id, occasion);
    if (known) return known;
    const event = await couponFor(services, offer, receiver, occasion, tried);
    if (typeof event === "string") return event;
    await services.say([event], "The coupon could not be stored. Ask again.");
    const issued = await findCoupon(env.DB, offer.key, receiver.id, occasion);
    if (issued) return issued;
    if (offer.codes === "own") return "limit_reached";
  }
  return "no_code_left";
}

/** The event that gives somebody a coupon, or why they cannot have one. `skip`: codes of the pool left to others. */
export async function couponFor(
  services: Services,
  offer: Offer,
  receiver: Receiver,
  occasion: string,
  skip: number,
): Promise<LedgerEvent | CouponRefusal> {
  const { env, config, clock } = services;
  const now = clock.now();
  const refusal = refusalFor(offer, receiver.profile, now);
  if (refusal !== null) return refusal;
  const code =
    offer.codes === "own"
      ? couponCode(config.LINK_SECRET, offer.key, receiver.id, occasion)
      : // What was left to others may be all that is left by now.
        ((await freeCode(env.DB, offer.key, skip)) ?? (await freeCode(env.DB, offer.key, 0)));
  return code === null ? "no_code_left" : couponEvent(offer, receiver.id, occasion, code, now);
}
