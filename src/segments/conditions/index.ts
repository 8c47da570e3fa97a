import type { Condition } from "../condition";
import { address } from "./address";
import { cartValue } from "./cart-value";
import { consent } from "./consent";
import { ordersCount } from "./orders-count";

/** Every condition of the targeting language, by its name in a rule. The one place to add one. */
export const CONDITIONS = {
  address,
  "cart.value": cartValue,
  consent,
  "orders.count": ordersCount,
} as const satisfies Record<string, Condition<unknown>>;
