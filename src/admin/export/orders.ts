import { ORDER_STATUSES } from "../../commerce/order";
import { erasedWith } from "../../contacts/stored-table";
import { headOf } from "../../contacts/wanted";
import { timeText } from "../api";
import { decimal, unitPrice } from "./amount";
import type { ExportList, ExportWish } from "./list";
import { Bound, pageOf } from "./list";

/** Whoever stands for the contact of an order by now. */
const OWNER = `LEFT JOIN contacts c ON c.id = o.contact LEFT JOIN contacts h ON h.id = ${headOf("c")}`;

/** The condition that no erasure of the order's contact is under way: what is done is gone. */
const spared = (bound: Bound, { without }: ExportWish): string =>
  `o.contact NOT IN (${erasedWith(bound.put(JSON.stringify(without)))})`;

interface OrderRow {
  readonly order_id: string;
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
    ...row,
    ...money,
    placed_at: timeText(row.placed_at),
    delivered_at: timeText(row.delivered_at),
    updated_at: timeText(row.changed_at),
  };
}

/** Orders in the columns of their import; amounts in major units. */
export const orders: ExportList = {
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
  filters: ["status", "from", "to"],
  statuses: ORDER_STATUSES,
  async page(db, after, wish, limit) {
    const bound = new Bound();
    const conditions = [
      bound.behind(["o.order_id"], after),
      bound.within("o.placed_at", wish),
      wish.status === undefined ? "true" : `o.status = ${bound.put(wish.status)}`,
      spared(bound, wish),
    ];
    const sql =
      "SELECT o.order_id, h.external_id, h.email, o.placed_at, o.status, o.currency, o.total, o.discount, o.tax, " +
      `o.shipping, o.refunded, o.coupon, o.store, o.channel, o.number, o.delivered_at, o.changed_at FROM orders o ${OWNER} ` +
      `WHERE ${conditions.join(" AND ")} ORDER BY o.order_id LIMIT ${bound.put(limit)}`;
    const { results } = await db
      .prepare(sql)
      .bind(...bound.values)
      .all<OrderRow>();
    return pageOf(
      results,
      limit,
      (row) => [row.order_id],
      (row) => [orderLine(row)],
    );
  },
};

interface LineRow {
  readonly order_id: string;
  readonly line: number;
  readonly placed_at: number;
  readonly currency: string;
  readonly price: number;
  readonly unit_price: number | null;
}

/** Lines of orders, likewise. */
export const orderLines: ExportList = {
  title: { en: "Lines of orders", fr: "Lignes de commande" },
  columns: "order_id external_id placed_at sku name category brand quantity unit_price currency".split(" "),
  extra: ["product_id", "line", "returned"],
  filters: ["from", "to"],
  async page(db, after, wish, limit) {
    const bound = new Bound();
    const conditions = [
      bound.behind(["l.order_id", "l.line"], after),
      bound.within("o.placed_at", wish),
      spared(bound, wish),
    ];
    const sql =
      "SELECT l.order_id, l.line, h.external_id, o.placed_at, coalesce(l.sku, l.product_id) AS sku, l.product_id, l.name, " +
      "l.category, l.brand, l.quantity, l.price, l.unit_price, l.returned_qty AS returned, o.currency " +
      `FROM order_lines l JOIN orders o ON o.order_id = l.order_id ${OWNER} ` +
      `WHERE ${conditions.join(" AND ")} ORDER BY l.order_id, l.line LIMIT ${bound.put(limit)}`;
    const { results } = await db
      .prepare(sql)
      .bind(...bound.values)
      .all<LineRow>();
    const show = (row: LineRow): Record<string, unknown> => {
      const { unit_price: fine, price, currency } = row;
      const unit = fine === null ? decimal(price, currency) : unitPrice(fine, currency);
      return { ...row, unit_price: unit, placed_at: timeText(row.placed_at) };
    };
    return pageOf(
      results,
      limit,
      (row) => [row.order_id, row.line],
      (row) => [show(row)],
    );
  },
};
