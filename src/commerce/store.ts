import { WANTED_CONTACTS } from "../contacts/wanted";
import type { BulkTable } from "../platform/d1";
import { bulkInsert, updateChanged } from "../platform/d1";
import type { Cart, Line } from "./cart";
import type { OrderStatus, OrderSummary } from "./order";
import type { Commerce } from "./projection";

const CART_COLUMNS = ["id", "contact", "cart_id", "state", "opened_at", "changed_at", "currency", "value", "lines"];
const CARTS: BulkTable = {
  name: "carts",
  columns: CART_COLUMNS,
  conflict: updateChanged(["id"], CART_COLUMNS, "carts"),
};

const ORDERS: BulkTable = {
  name: "orders",
  columns: [
    "order_id",
    "contact",
    "status",
    "placed_at",
    "currency",
    "total",
    "discount",
    "tax",
    "shipping",
    "refunded",
    "coupon",
    "shown",
    "source",
  ],
  // An order is known for ever by its own id.
  conflict: "ON CONFLICT DO NOTHING",
};

const ORDER_LINES: BulkTable = {
  name: "order_lines",
  columns: [
    "order_id",
    "line",
    "contact",
    "product_id",
    "sku",
    "name",
    "category",
    "brand",
    "quantity",
    "price",
    "url",
    "image",
  ],
  conflict: "ON CONFLICT DO NOTHING",
};

const METRIC_COLUMNS = ["contact", "orders", "net_total", "first_order_at", "last_order_at"];
const METRICS: BulkTable = {
  name: "contact_metrics",
  columns: METRIC_COLUMNS,
  conflict: updateChanged(["contact"], METRIC_COLUMNS, "contact_metrics"),
};

/** The statements behind the row tables that commerce/ fills. */
export const COMMERCE_TABLES: Readonly<Record<string, string>> = {
  carts: bulkInsert(CARTS),
  orders: bulkInsert(ORDERS),
  order_lines: bulkInsert(ORDER_LINES),
  order_changes:
    "UPDATE orders SET status = v.value ->> 2, refunded = v.value ->> 3 FROM json_each(?1) AS v " +
    "WHERE orders.order_id = v.value ->> 0 AND orders.contact = v.value ->> 1",
  contact_metrics: bulkInsert(METRICS),
};

/** Selects the open carts and the orders of contacts: see `WANTED_CONTACTS`. */
export function selectCommerce(
  db: D1Database,
  ids: string,
  identities = "[]",
): readonly [D1PreparedStatement, D1PreparedStatement] {
  const within = `contact IN (${WANTED_CONTACTS})`;
  return [
    db
      .prepare(
        `SELECT id, contact, cart_id, opened_at, changed_at, currency, lines FROM carts WHERE ${within} AND state = 'active'`,
      )
      .bind(ids, identities),
    db
      .prepare(
        `SELECT contact, order_id, status, placed_at, currency, total, shipping, refunded, shown FROM orders WHERE ${within}`,
      )
      .bind(ids, identities),
  ];
}

interface CartRow {
  id: number;
  contact: number;
  cart_id: string;
  opened_at: number;
  changed_at: number;
  currency: string;
  lines: string;
}

interface OrderRow {
  contact: number;
  order_id: string;
  status: OrderStatus;
  placed_at: number;
  currency: string;
  total: number;
  shipping: number;
  refunded: number;
  shown: string;
}

/** The commerce slices by contact out of the rows of `selectCommerce`. */
export function readCommerce(carts: readonly unknown[], orders: readonly unknown[]): Map<number, Commerce> {
  const slices = new Map<number, Commerce>();
  const slice = (contact: number): Commerce => {
    const known = slices.get(contact) ?? { cart: null, orders: [], closedAt: null };
    slices.set(contact, known);
    return known;
  };
  for (const row of carts as CartRow[]) slice(row.contact).cart = readCart(row);
  for (const row of orders as OrderRow[]) {
    const known = slice(row.contact);
    known.orders = [...known.orders, readOrderRow(row)];
    known.closedAt = Math.max(known.closedAt ?? 0, row.placed_at);
  }
  return slices;
}

function readCart(row: CartRow): Cart {
  const lines = JSON.parse(row.lines) as Line[];
  return {
    row: row.id,
    id: row.cart_id,
    openedAt: row.opened_at,
    changedAt: row.changed_at,
    currency: row.currency,
    lines,
  };
}

function readOrderRow(row: OrderRow): OrderSummary {
  const { status, currency, total, shipping, refunded } = row;
  const shown = JSON.parse(row.shown) as Line[];
  return { id: row.order_id, status, placedAt: row.placed_at, currency, total, shipping, refunded, shown };
}
