import type { OrderSummary } from "../../src/commerce/order";

/** An order as a recount reads it. */
export interface OrderRow {
  readonly contact: number;
  readonly id: string;
  readonly status: OrderSummary["status"];
  readonly placedAt: number;
  readonly currency: string;
  readonly total: number;
  readonly shipping: number;
  readonly refunded: number;
}

export const ORDERS_SQL =
  "SELECT contact, order_id AS id, status, placed_at AS placedAt, currency, total, shipping, refunded FROM orders";
