import type { Offer } from "../../commerce/coupon";
import { endingBy } from "../../commerce/coupon";
import { findOffer, offerFigures } from "../../commerce/coupon-store";
import type { Services } from "../../services";
import { issueCoupon } from "../coupons";
import type { Performer } from "./performer";

/** One occasion for all scenarios: whoever asks first, and whoever asks again, gets the one coupon of the offer (C05). */
export const OCCASION = "scenario";

async function isSpent({ env }: Services, { key, limit }: Offer): Promise<boolean> {
  return limit !== null && (await offerFigures(env.DB, key)).issued >= limit;
}

/** A coupon of an offer: exactly one for each contact. The run is told its code. */
export const issueCouponAct: Performer = {
  async perform(services, { details }, subject, now) {
    const offer = await findOffer(services.env.DB, String(details["offer"]));
    if (!offer) return { end: "failed", result: "no_offer" };
    const { valid_for: time, ends_at: end } = details;
    const ends = endingBy(offer, typeof time === "string" ? time : null, typeof end === "string" ? end : null);
    const coupon = await issueCoupon(services, ends, subject, OCCASION);
    // What lies beside the ledger is no row yet: only a count says that there are no more.
    if (coupon === "limit_reached" && !(await isSpent(services, offer))) return { end: "later", result: "not_applied" };
    if (typeof coupon === "string") return { end: "refused", result: coupon };
    // The one that they had is spent or has run out: nobody is written to about that, and there is no second one.
    if (coupon.redeemed_at !== null || coupon.valid_to <= now) return { end: "refused", result: "coupon_over" };
    const until = new Date(coupon.valid_to).toISOString();
    return { end: "done", result: "issued", told: { coupon: coupon.code, coupon_until: until } };
  },
};
