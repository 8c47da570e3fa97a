import { findOffer } from "../../commerce/coupon-store";
import { issueCoupon } from "../coupons";
import type { Performer } from "./performer";

/** One occasion for all scenarios: whoever asks first, and whoever asks again, gets the one coupon of the offer (C05). */
const OCCASION = "scenario";

/** A coupon of an offer: exactly one for each contact. The run is told its code. */
export const issueCouponAct: Performer = {
  async perform(services, { details }, subject, _now) {
    const offer = await findOffer(services.env.DB, String(details["offer"]));
    if (!offer) return { end: "failed", result: "no_offer" };
    const coupon = await issueCoupon(services, offer, subject, OCCASION);
    if (typeof coupon === "string") return { end: "refused", result: coupon };
    const until = new Date(coupon.valid_to).toISOString();
    return { end: "done", result: "issued", told: { coupon: coupon.code, coupon_until: until } };
  },
};
