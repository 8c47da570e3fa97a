import type { Condition } from "../condition";
import { address } from "./address";
import { attribute } from "./attribute";
import { cartValue } from "./cart-value";
import { cartsCount } from "./carts-count";
import { consent } from "./consent";
import { contact } from "./contact";
import { ordersFirst, ordersLast } from "./order-age";
import { ordersCount } from "./orders-count";
import { ordersValue } from "./orders-value";
import { wishlistCount } from "./wishlist-count";

/** Every condition of the targeting language, by its name in a rule. The one place to add one. */
export const CONDITIONS = {
  address,
  attribute,
  "cart.value": cartValue,
  "carts.count": cartsCount,
  consent,
  contact,
  "orders.count": ordersCount,
  "orders.first": ordersFirst,
  "orders.last": ordersLast,
  "orders.value": ordersValue,
  "wishlist.count": wishlistCount,
} as const satisfies Record<string, Condition<unknown>>;
