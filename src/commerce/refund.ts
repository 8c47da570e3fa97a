import type { Properties } from "../events/event";
import { parseMajor } from "../shared/money";
import type { Line } from "./cart";
import { plainString } from "./cart";

/** So much of a product came back. */
type Returned = readonly [product: string, sku: string | null, quantity: number];

/** Money that went back, and what came back for it. Minor units of the order's currency. */
export interface Refund {
  readonly id: string;
  readonly amount: number;
  readonly lines: readonly Returned[];
}

/** What an order must tell for a refund of it to be read. */
interface Refunded {
  readonly currency: string;
  readonly total: number;
  readonly shown: readonly Line[];
}

/** Stands for more than any line holds. */
const ALL = 1_000_000_000;

/**
 * A refund as an event states it. Its amount is what the event says; else that of the products which it names, at their
 * prices or those of the order; else the whole. `fallbackId` names a refund that came without an id.
 */
export function readRefund(properties: Properties, order: Refunded, fallbackId: string): Refund {
  const { currency } = order;
  const lines: Returned[] = [];
  let worth = 0;
  const products: readonly unknown[] = Array.isArray(properties["products"]) ? properties["products"] : [];
  for (const product of products.slice(0, 200)) {
    if (typeof product !== "object" || product === null) continue;
    const { product_id, sku: stated, quantity: given, price } = product as Properties;
    const id = plainString(product_id) ?? plainString(stated);
    if (id === null) continue;
    const sku = plainString(stated);
    const quantity = typeof given === "number" && Number.isInteger(given) && given > 0 ? given : 1;
    const known = order.shown.find((line) => line.product_id === id && (sku === null || line.sku === sku));
    worth += quantity * (parseMajor(price, currency) ?? known?.price ?? 0);
    lines.push([id, sku, quantity]);
  }
  const stated = parseMajor(properties["total"] ?? properties["revenue"], currency);
  const amount = stated ?? (lines.length > 0 ? worth : order.total);
  return { id: plainString(properties["refund_id"]) ?? fallbackId, amount: Math.min(amount, order.total), lines };
}

/** What was paid back in all: no more than was paid, in whatever order the refunds came. */
export function refundedOf(refunds: readonly Refund[], total: number): number {
  return Math.min(
    total,
    refunds.reduce((sum, { amount }) => sum + amount, 0),
  );
}

/** How much of each product came back over all refunds; of everything, where the whole order did and nobody says what. */
export function returnedOf(
  refunds: readonly Refund[],
  total: number,
): (readonly [string | null, string | null, number])[] {
  const told = refunds.flatMap(({ lines }) => lines);
  if (told.length === 0) return total > 0 && refundedOf(refunds, total) >= total ? [[null, null, ALL]] : [];
  // Where one refund of a product does not say which variant, they count together.
  const loose = new Set(told.flatMap(([product, sku]) => (sku === null ? [product] : [])));
  const sums = new Map<string, readonly [string, string | null, number]>();
  for (const [product, stated, quantity] of told) {
    const sku = loose.has(product) ? null : stated;
    const key = JSON.stringify([product, sku]);
    sums.set(key, [product, sku, (sums.get(key)?.[2] ?? 0) + quantity]);
  }
  return [...sums.values()];
}

/** What a file says came back of an order in all, beside the refunds that are known one by one; with its time. */
const STATED = /^stated:(\d+)$/;

/** The refunds of an order of which somebody says at `at` (epoch ms) that `sum` came back in all. Minor units. */
export function restateRefunds(refunds: readonly Refund[], sum: number, at: number): readonly Refund[] {
  const named = refunds.filter(({ id }) => !STATED.test(id));
  const rest = sum - named.reduce((all, { amount }) => all + amount, 0);
  return rest > 0 ? [...named, { id: `stated:${at}`, amount: rest, lines: [] }] : named;
}

/** The refunds after one more of its own id. What was stated in all by then holds it already. */
export function addRefund(refunds: readonly Refund[], refund: Refund, at: number): readonly Refund[] {
  const rest = refunds.flatMap((known): Refund[] => {
    const statedAt = STATED.exec(known.id)?.[1];
    if (statedAt === undefined || at > Number(statedAt)) return [known];
    return known.amount > refund.amount ? [{ ...known, amount: known.amount - refund.amount }] : [];
  });
  return [...rest, refund];
}
