import { orders } from "../collections/orders";
import { measureOf } from "../figure";

/**
 * What a contact's orders come to, in minor units of the shop's currency at the rate of their dates; one in a currency
 * without a rate at its date is left out.
 */
export const ordersValue = measureOf(orders, "value", { en: "has spent", fr: "a dépensé" }, null, { value: 20_000 });
