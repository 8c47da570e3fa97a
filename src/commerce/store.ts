import { WANTED_FAMILIES } from "../contacts/wanted";
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

/** Selects the open carts and the orders of contacts and of whoever was merged into them: see `WANTED_FAMILIES`. */
export function selectCommerce(
  db: D1Database,
  ids: string,
  identities = "[]",
): readonly [D1PreparedStatement, D1PreparedStatement] {
  return [
    db
      .prepare(
        `${WANTED_FAMILIES} SELECT f.head, c.id, c.contact, c.cart_id, c.opened_at, c.changed_at, c.currency, c.lines ` +
          "FROM family f JOIN carts c ON c.contact = f.member WHERE c.state = 'active' ORDER BY c.changed_at",
      )
      .bind(ids, identities),
    db
      .prepare(
        `${WANTED_FAMILIES} SELECT f.head, o.contact, o.order_id, o.status, o.placed_at, o.currency, o.total, ` +
          "o.shipping, o.refunded, o.shown FROM family f JOIN orders o ON o.contact = f.member",
      )
      .bind(ids, identities),
  ];
}

interface CartRow {
  head: number;
  id: number;
  contact: number;
  cart_id: string;
  opened_at: number;
  changed_at: number;
  currency: string;
  lines: string;
}

interface OrderRow {
  head: number;
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
  for (const row of carts as CartRow[]) slice(row.head).cart = readCart(row);
  for (const row of orders as OrderRow[]) {
    const known = slice(row.head);
    known.orders = [...known.orders, readOrderRow(row)];
    known.closedAt = Math.max(known.closedAt ?? 0, row.placed_at);
  }
  return slices;
}

/** Whose row it is, where that is not whoever stands for them by now. */
function originOf({ head, contact }: CartRow | OrderRow): { origin?: number } {
  return head === contact ? {} : { origin: contact };
}

function readCart(row: CartRow): Cart {
  const lines = JSON.parse(row.lines) as Line[];
  return {
    row: row.id,
    ...originOf(row),
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
  return {
    id: row.order_id,
    ...originOf(row),
    status,
    placedAt: row.placed_at,
    currency,
    total,
    shipping,
    refunded,
    shown,
  };
}
