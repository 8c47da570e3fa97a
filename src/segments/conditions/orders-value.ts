import { orders } from "../collections/orders";
import { measureOf } from "../figure";

/** What a contact's orders come to, in minor units of the shop's currency; those of another one are left out. */
export const ordersValue = measureOf(
  orders,
  "net",
  { en: "has spent", fr: "a dépensé" },
  { value: 20_000 },
  ({ shop }) => ({ where: [{ field: "currency", op: "is", value: shop.currency }] }),
);
