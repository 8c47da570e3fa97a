import { ORDER_STATUSES } from "../../commerce/order";
import { timeText } from "../api";
import { decimal, unitPrice } from "./amount";
import { ownedList } from "./owned";

interface OrderRow {
  readonly placed_at: number;
  readonly delivered_at: number | null;
  readonly changed_at: number;
  readonly currency: string;
  readonly total: number;
  readonly discount: number;
  readonly tax: number;
  readonly shipping: number;
  readonly refunded: number;
}

function orderLine(row: OrderRow): Record<string, unknown> {
  const { currency } = row;
  const money = Object.fromEntries(
    (["total", "discount", "tax", "shipping", "refunded"] as const).map((name) => [name, decimal(row[name], currency)]),
  );
  return {
    ...money,
    placed_at: timeText(row.placed_at),
    delivered_at: timeText(row.delivered_at),
    updated_at: timeText(row.changed_at),
  };
}

/** Orders in the columns of their import; amounts in major units. */
export const orders = ownedList({
  title: { en: "Orders", fr: "Commandes" },
  columns: [
    ..."order_id external_id email placed_at status currency total discount tax shipping refunded coupon store".split(
      " ",
    ),
    "channel",
    // As of when: something older that a shop tells later undoes nothing.
    "updated_at",
  ],
  extra: ["number", "delivered_at"],
  table: "orders",
  keys: ["order_id"],
  select:
    "t.order_id, t.placed_at, t.status, t.currency, t.total, t.discount, t.tax, t.shipping, t.refunded, t.coupon, " +
    "t.store, t.channel, t.number, t.delivered_at, t.changed_at",
  date: "placed_at",
  contacts: ["contact"],
  statuses: ORDER_STATUSES,
  show: orderLine,
});

interface LineRow {
  readonly placed_at: number;
  readonly currency: string;
  readonly price: number;
  readonly unit_price: number | null;
}

/** Lines of orders, likewise. */
export const orderLines = ownedList({
  title: { en: "Lines of orders", fr: "Lignes de commande" },
  columns: "order_id external_id placed_at sku name category brand quantity unit_price currency".split(" "),
  extra: ["product_id", "line", "returned"],
  table: "order_lines",
  keys: ["order_id", "line"],
  select:
    "t.order_id, t.line, o.placed_at, coalesce(t.sku, t.product_id) AS sku, t.product_id, t.name, t.category, t.brand, " +
    "t.quantity, t.price, t.unit_price, t.returned_qty AS returned, o.currency",
  join: "JOIN orders o ON o.order_id = t.order_id",
  owned: "o",
  date: "placed_at",
  contacts: ["contact"],
  show: ({ unit_price: fine, price, currency, placed_at: at }: LineRow) => ({
    unit_price: fine === null ? decimal(price, currency) : unitPrice(fine, currency),
    placed_at: timeText(at),
  }),
});
