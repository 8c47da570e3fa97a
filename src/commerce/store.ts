import { WANTED_FAMILIES } from "../contacts/wanted";
import type { BulkTable } from "../platform/d1";
import { bulkInsert, updateChanged } from "../platform/d1";
import type { Cart, Line } from "./cart";
import { OPEN_CARTS } from "./cart";
import type { Lined, OrderStatus, OrderSummary } from "./order";
import type { Refund } from "./refund";
import type { Commerce, WaitingChange } from "./slice";

const CART_COLUMNS = [
  "id",
  "contact",
  "cart_id",
  "state",
  "opened_at",
  "changed_at",
  "currency",
  "value",
  "lines",
  "url",
];
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
    "number",
    "store",
    "channel",
    "gross",
    "net",
    "is_gift",
    "changed_at",
    "delivered_at",
    "lined",
    "stated_at",
  ],
  // An order is known for ever by its own id.
  conflict: "ON CONFLICT DO NOTHING",
};

const LINE_COLUMNS = [
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
  "unit_price",
  "total",
  "discount",
  "is_gift",
];
const ORDER_LINES: BulkTable = { name: "order_lines", columns: LINE_COLUMNS, conflict: "ON CONFLICT DO NOTHING" };
// What came back of other lines is not what came back of these: it is counted anew.
const CHANGED_COLUMNS = [...LINE_COLUMNS, "returned_qty"];
const LINE_CHANGES: BulkTable = {
  name: "order_lines",
  columns: CHANGED_COLUMNS,
  conflict: updateChanged(["order_id", "line"], CHANGED_COLUMNS, "order_lines"),
};

/** Columns of an order that a change states or leaves as they are, in the order of its row behind the fixed ones. */
const OPTIONAL_CHANGES = [
  "delivered_at",
  "total",
  "shipping",
  "discount",
  "tax",
  "gross",
  "shown",
  "number",
  "store",
  "channel",
  "is_gift",
  "placed_at",
  "lined",
  "stated_at",
];
const FIXED_CHANGES = ["status", "refunded", "net", "refunds", "changed_at"];

const ORDER_CHANGES_SQL = `UPDATE orders SET ${[
  ...FIXED_CHANGES.map((column, index) => `${column} = v.value ->> ${2 + index}`),
  ...OPTIONAL_CHANGES.map((column, index) => `${column} = coalesce(v.value ->> ${7 + index}, ${column})`),
].join(", ")} FROM json_each(?1) AS v WHERE orders.order_id = v.value ->> 0 AND orders.contact = v.value ->> 1`;

// A line whose variant nobody named is the product itself, as an import of cancellations takes it.
const isOf = (line: string, product: string, sku: string): string =>
  `(${product} IS NULL OR ${line}.product_id = ${product}) AND ` +
  `(${sku} IS NULL OR coalesce(${line}.sku, ${line}.product_id) = ${sku})`;
// What was free or is no sale comes back for nothing, as long as there is something of the product that was paid for.
const takesPart = (line: string): string => `${line}.quantity > 0 AND (NOT r.is_paid OR ${line}.unit_price > 0)`;
// Of several lines with the same product the first ones count as returned.
const RETURNS_SQL =
  `UPDATE order_lines SET returned_qty = CASE WHEN ${takesPart("order_lines")} THEN max(0, min(quantity, r.returned - ` +
  "coalesce((SELECT sum(p.quantity) FROM order_lines AS p WHERE p.order_id = r.order_id AND p.line < order_lines.line " +
  `AND ${isOf("p", "r.product", "r.sku")} AND ${takesPart("p")}), 0))) ELSE 0 END ` +
  "FROM (SELECT value ->> 0 AS order_id, value ->> 1 AS product, value ->> 2 AS sku, value ->> 3 AS returned, " +
  "value ->> 1 IS NOT NULL AND EXISTS (SELECT 1 FROM order_lines AS f WHERE f.order_id = value ->> 0 AND f.quantity > 0 " +
  `AND f.unit_price > 0 AND ${isOf("f", "value ->> 1", "value ->> 2")}) AS is_paid FROM json_each(?1)) AS r ` +
  `WHERE order_lines.order_id = r.order_id AND ${isOf("order_lines", "r.product", "r.sku")}`;

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
  order_changes: ORDER_CHANGES_SQL,
  order_line_changes: bulkInsert(LINE_CHANGES),
  order_lines_cut:
    "DELETE FROM order_lines WHERE (order_id, line) IN (SELECT o.order_id, o.line FROM json_each(?1) AS v " +
    "JOIN order_lines AS o ON o.order_id = v.value ->> 0 WHERE o.line >= v.value ->> 1)",
  order_returns: RETURNS_SQL,
  waiting_changes: bulkInsert({
    name: "waiting_changes",
    columns: ["order_id", "id", "contact", "at", "change"],
    conflict: "ON CONFLICT DO NOTHING",
  }),
  waiting_taken: "DELETE FROM waiting_changes WHERE order_id IN (SELECT value ->> 0 FROM json_each(?1))",
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
        `${WANTED_FAMILIES} SELECT f.head, c.id, c.contact, c.cart_id, c.opened_at, c.changed_at, c.currency, c.lines, ` +
          `c.state, c.url FROM family f JOIN carts c ON c.contact = f.member WHERE c.state IN ${OPEN_CARTS} ORDER BY c.changed_at`,
      )
      .bind(ids, identities),
    db
      .prepare(
        `${WANTED_FAMILIES} SELECT f.head, o.contact, o.order_id, o.status, o.placed_at, o.currency, o.total, ` +
          "o.shipping, o.refunded, o.refunds, o.changed_at, o.shown, o.lined, o.stated_at " +
          "FROM family f JOIN orders o ON o.contact = f.member " +
          `UNION ALL SELECT f.head, w.contact, w.order_id, '${WAITING}', w.at, w.id, 0, 0, 0, NULL, 0, w.change, NULL, NULL ` +
          "FROM family f JOIN waiting_changes w ON w.contact = f.member",
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
  state: NonNullable<Cart["state"]>;
  url: string | null;
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
  refunds: string | null;
  changed_at: number;
  shown: string;
  lined: Lined | null;
  stated_at: number | null;
}

/** Stands for the status in the rows of what waits for its order: read beside the orders, by the same statement. */
const WAITING = "waiting";

interface WaitingRow {
  head: number;
  contact: number;
  order_id: string;
  status: typeof WAITING;
  placed_at: number;
  /** The event's id. */
  currency: string;
  /** Its name and properties. */
  shown: string;
}

function readWaiting(row: WaitingRow): WaitingChange {
  const { name, properties } = JSON.parse(row.shown) as Pick<WaitingChange["event"], "name" | "properties">;
  return { order: row.order_id, event: { id: row.currency, name, at: row.placed_at, properties }, ...originOf(row) };
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
  for (const row of orders as (OrderRow | WaitingRow)[]) {
    const known = slice(row.head);
    if (row.status === WAITING) {
      known.waiting = [...(known.waiting ?? []), readWaiting(row)];
      continue;
    }
    known.orders = [...known.orders, readOrderRow(row)];
    known.closedAt = Math.max(known.closedAt ?? 0, row.placed_at);
  }
  return slices;
}

/** Whose row it is, where that is not whoever stands for them by now. */
function originOf({ head, contact }: CartRow | OrderRow | WaitingRow): { origin?: number } {
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
    state: row.state,
    ...(row.url !== null && { url: row.url }),
  };
}

function readOrderRow(row: OrderRow): OrderSummary {
  const { status, currency, total, shipping, refunded } = row;
  const shown = JSON.parse(row.shown) as Line[];
  const refunds = row.refunds === null ? [] : (JSON.parse(row.refunds) as Refund[]);
  const at = { placedAt: row.placed_at, changedAt: row.changed_at };
  const money = { currency, total, shipping, refunded, refunds };
  const more = { ...(row.lined && { lined: row.lined }), ...(row.stated_at !== null && { statedAt: row.stated_at }) };
  return { id: row.order_id, ...originOf(row), status, ...at, ...money, shown, ...more };
}
