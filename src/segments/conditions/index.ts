import type { Condition } from "../condition";
import { address } from "./address";
import { attribute } from "./attribute";
import { cartValue } from "./cart-value";
import { cartsCount } from "./carts-count";
import { consent } from "./consent";
import { contact } from "./contact";
import { distance } from "./distance";
import { loyaltyMovements, loyaltyPoints, loyaltyTier } from "./loyalty";
import { messagesCount } from "./messages-count";
import { metric } from "./metric";
import { ordersFirst, ordersLast } from "./order-age";
import { ordersCount } from "./orders-count";
import { ordersValue } from "./orders-value";
import { referralsCount, referredCount } from "./referrals";
import { reviewsCount, reviewsRating } from "./reviews";
import { sampleCount, samplePercent } from "./sample";
import { segment } from "./segment";
import { table } from "./table";
import { viewsCount, visitsCount } from "./views-count";
import { wishlistCount } from "./wishlist-count";

/** Every condition of the targeting language, by its name in a rule. The one place to add one. */
export const CONDITIONS = {
  address,
  attribute,
  "cart.value": cartValue,
  "carts.count": cartsCount,
  consent,
  contact,
  distance,
  "loyalty.movements": loyaltyMovements,
  "loyalty.points": loyaltyPoints,
  "loyalty.tier": loyaltyTier,
  "messages.count": messagesCount,
  metric,
  "orders.count": ordersCount,
  "orders.first": ordersFirst,
  "orders.last": ordersLast,
  "orders.value": ordersValue,
  "referrals.count": referralsCount,
  "referred.count": referredCount,
  "reviews.count": reviewsCount,
  "reviews.rating": reviewsRating,
  "sample.count": sampleCount,
  "sample.percent": samplePercent,
  segment,
  table,
  "views.count": viewsCount,
  "visits.count": visitsCount,
  "wishlist.count": wishlistCount,
} as const satisfies Record<string, Condition<unknown>>;
