import { parseSignedUnitPrice } from "../../shared/money";
import type { ImportKind, ReadLine } from "./kind";
import type { OrderItem } from "./order-item";
import { statedTime, TIME_FORMS } from "./stated-time";
import { textOf } from "./value";

const MOST = 1_000_000_000;

/**
 * A line of an order a line of the file, wherever it stands. What is not for sale, at a quantity or price of 0 or less, is
 * kept as well; the order does not come to more for it.
 */
export const orderLines: ImportKind = {
  title: { en: "Order lines", fr: "Lignes de commandes" },
  columns: [
    "order_id",
    "external_id",
    "placed_at",
    "sku",
    "name",
    "category",
    "brand",
    "quantity",
    "unit_price",
    "currency",
  ],
  required: ["order_id", "placed_at", "sku", "quantity", "unit_price"],
  formats: ["csv", "ndjson"],
  times: ["placed_at"],
  numbers: ["quantity", "unit_price"],
  lane: "orders",
  write: "orders",
  read(value, context) {
    const order = textOf(value["order_id"]);
    const sku = textOf(value["sku"]);
    const user = textOf(value["external_id"]);
    if (order === null) return refused("has no order_id");
    if (sku === null) return refused("has no sku");
    if ([order, sku, user ?? ""].some((id) => id.length > 255)) return refused("has an id longer than 255 characters");
    const at = statedTime(value["placed_at"]);
    if (at === null) return refused(`placed_at is not a time: ${TIME_FORMS}`);
    if (at > context.receivedAt) return refused("placed_at lies in the future");
    const currency = (textOf(value["currency"]) ?? context.currency).toUpperCase();
    if (!/^[A-Z]{3}$/.test(currency)) return refused("currency is not a code of three letters");
    const quantity = wholeNumber(textOf(value["quantity"]));
    if (quantity === null) return refused("quantity is not a whole number");
    const unitPrice = parseSignedUnitPrice(textOf(value["unit_price"]), currency);
    if (unitPrice === null) return refused("unit_price is not an amount");
    const about = { name: short(value["name"]), category: short(value["category"]), brand: short(value["brand"]) };
    const item: OrderItem = { order, user, at, currency, sku, ...about, quantity, unitPrice };
    return { ok: true, item, warnings: [] };
  },
};

function refused(reason: string): ReadLine<OrderItem> {
  return { ok: false, reason };
}

function short(value: unknown): string | null {
  return textOf(value)?.slice(0, 500) ?? null;
}

/** "6", "-6" and "6.00"; null for anything else. */
function wholeNumber(text: string | null): number | null {
  if (text === null || !/^-?\d{1,10}(\.0{1,4})?$/.test(text)) return null;
  const number = Number(text);
  return Math.abs(number) > MOST ? null : number === 0 ? 0 : number;
}
