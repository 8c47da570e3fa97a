import type { Offer } from "../commerce/coupon";
import { couponCode, endingBy, refusalFor, validityOf } from "../commerce/coupon";
import { listOffers } from "../commerce/coupon-store";
import type { ShelfHistory } from "../commerce/shelf-store";
import type { Act } from "../scenarios/block";
import { blockDefinition } from "../scenarios/blocks";
import type { ScenarioDefinition } from "../scenarios/definition";
import { answerLook, LOOK_UP } from "../scenarios/look-up";
import type { Answer, Answers } from "../scenarios/rehearsal-track";
import type { Facts } from "../segments/facts";
import { OCCASION } from "./acts/issue-coupon";

/** What answers of the past are made of. */
export interface Known {
  /** Prices and stock as they were; null where nobody looks at them. */
  readonly shelves: ShelfHistory | null;
  /** The offers of today, where somebody gives coupons of them. */
  readonly offers?: readonly Offer[] | undefined;
  /** The key that codes are made with. */
  readonly secret: string;
}

/** What somebody who does an act at a time would have answered, by what is known of then. */
export function answersOfPast({ shelves, offers, secret }: Known): NonNullable<Answers["answerTo"]> {
  return ({ kind, details }, at, facts, ends) => {
    if (kind === LOOK_UP && shelves) return { result: answerLook(details, (product) => shelves(product, at)) };
    if (kind !== "issue.coupon" || !offers) return null;
    const offer = offers.find(({ key }) => key === details["offer"]);
    return offer ? couponOf(endingAs(offer, details), secret, at, facts, ends) : { result: "no_offer" };
  };
}

/** The offers of today, where a scenario gives coupons. */
export async function offersOfPast(
  db: D1Database,
  definitions: readonly ScenarioDefinition[],
): Promise<readonly Offer[] | undefined> {
  return definitions.some(givesCoupons) ? listOffers(db) : undefined;
}

export function givesCoupons({ blocks }: ScenarioDefinition): boolean {
  return Object.values(blocks).some(({ type, params }) => blockDefinition(type)?.traits(params).offer !== undefined);
}

function endingAs(offer: Offer, { valid_for: time, ends_at: end }: Act["details"]): Offer {
  return endingBy(offer, typeof time === "string" ? time : null, typeof end === "string" ? end : null);
}

/** The one coupon of an offer that a contact ever has: as in life, whoever asks again is told of the first. */
function couponOf(offer: Offer, secret: string, at: number, facts: Facts, ends: Map<string, number>): Answer {
  const key = `${offer.key}|${facts.contact}`;
  const refusal = ends.has(key) ? null : refusalFor(offer, facts.profile, at);
  if (refusal !== null) return { result: refusal };
  const until = ends.get(key) ?? validityOf(offer, at).to;
  ends.set(key, until);
  if (until <= at) return { result: "coupon_over" };
  const coupon = couponCode(secret, offer.key, facts.contact, OCCASION);
  return { result: "issued", told: { coupon, coupon_until: new Date(until).toISOString() } };
}
