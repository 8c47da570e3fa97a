import { guestOf } from "../../commerce/order";
import type { LedgerEvent } from "../../events/event";
import { checkTree } from "../../events/tree";
import { Cells } from "./cells";
import type { ImportKind } from "./kind";
import { personOf } from "./person";

/** What shops call the states of an order, by ours. */
const STATUSES: Readonly<Record<string, readonly string[]>> = {
  pending: ["pending", "on-hold", "on hold", "pending payment", "awaiting payment"],
  confirmed: ["confirmed", "authorized", "paid", "processing", "partially_paid", "partially paid", "open"],
  shipped: ["shipped", "fulfilled", "completed"],
  in_transit: ["in_transit", "in transit"],
  delivered: ["delivered"],
  cancelled: ["cancelled", "canceled", "voided", "failed", "expired", "trash"],
  refunded: ["refunded"],
  partially_refunded: ["partially_refunded", "partially refunded"],
};
const STATUS_OF: ReadonlyMap<string, string> = new Map(
  Object.entries(STATUSES).flatMap(([ours, theirs]) => theirs.map((name) => [name, ours] as const)),
);

const MONEY = ["total", "discount", "tax", "shipping", "refunded"] as const;
const TEXTS = ["coupon", "store", "channel"] as const;
const TIMES = ["placed_at", "updated_at", "cancelled_at"];
const OWN = ["order_id", "external_id", "email", ...TIMES, "status", "currency", ...MONEY, ...TEXTS];

/**
 * An order a line, without its lines. It is told as of its own time (`updated_at`, else `placed_at`), so that nothing
 * that the shop said later of the same order is undone; the same order again with other cells is changed by them.
 */
export const orders: ImportKind = {
  title: { en: "Orders", fr: "Commandes" },
  columns: OWN,
  formats: ["csv", "ndjson"],
  times: TIMES,
  numbers: [...MONEY],
  lane: "orders",
  write: "events",
  read(value, context) {
    const tree = checkTree(value);
    if (tree) return { ok: false, reason: `${tree.pointer} ${tree.detail}` };
    const cells = new Cells(value);
    const id = cells.required("order_id");
    const placedAt = cells.past("placed_at", context.receivedAt);
    if (placedAt === null) cells.refuse("placed_at is missing");
    const updatedAt = cells.past("updated_at", context.receivedAt);
    const properties = {
      ...attributesOf(value),
      ...amountsOf(cells, context.currency),
      ...textsOf(cells),
      ...statusOf(cells, context.receivedAt),
      order_id: id,
      placed_at: placedAt,
      restates: true,
    };
    const person = personOf(cells);
    const isNobodys = person.user === undefined && person.email === undefined;
    if (cells.fault !== null) return { ok: false, reason: cells.fault };
    const item: LedgerEvent = {
      id: context.id,
      type: "track",
      name: "Order Completed",
      at: Math.max(placedAt ?? 0, updatedAt ?? 0),
      trust: "import",
      ...(isNobodys ? { anon: guestOf(id) } : person),
      properties,
    };
    return { ok: true, item, warnings: cells.warnings };
  },
};

/** Amounts as they are written: the ledger reads them digit by digit in the order's currency. */
function amountsOf(cells: Cells, fallback: string): Record<string, unknown> {
  const currency = cells.currency("currency", fallback);
  const stated = MONEY.filter((name) => cells.money(name, currency) !== null);
  if (!stated.includes("total")) cells.refuse("total is missing");
  return { currency, ...Object.fromEntries(stated.map((name) => [name, cells.text(name)])) };
}

function textsOf(cells: Cells): Record<string, string> {
  const stated = TEXTS.flatMap((name): [string, string][] => {
    const text = cells.text(name);
    return text === null ? [] : [[name, text]];
  });
  return Object.fromEntries(stated);
}

function statusOf(cells: Cells, now: number): { status?: string } {
  const stated = cells.text("status");
  // Shops leave the state of the payment as it was, and say beside it that the order was called off.
  if (cells.past("cancelled_at", now) !== null) return { status: "cancelled" };
  if (stated === null) return {};
  // WooCommerce writes its states with a prefix.
  const status = STATUS_OF.get(stated.toLowerCase().replace(/^wc-/, ""));
  if (status === undefined) cells.refuse(`status is none of ${Object.keys(STATUSES).join(", ")}`);
  return status === undefined ? {} : { status };
}

/** Columns of the shop's own stay with the event, for rules to read. */
function attributesOf(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const known = new Set<string>([...OWN, "products", "restates"]);
  return Object.fromEntries(Object.entries(value).filter(([name, cell]) => !known.has(name) && cell !== ""));
}
