import { type Amounts, amountsOf } from "../amounts";
import type { CartLine } from "../order";
import type { ProductProperties } from "../products";
import { byId } from "./dom";
import { productOf, shop } from "./shop";

interface Cart {
  /** New for each cart, kept until its order: every event about the cart carries it. */
  readonly id: string;
  readonly lines: readonly CartLine[];
}

export interface FullLine extends CartLine {
  readonly product: ProductProperties;
}

const CART = "demo.cart";
const MOST = 10;

export function readCart(): Cart {
  const stored = JSON.parse(localStorage.getItem(CART) ?? "null") as Cart | null;
  if (!stored) return { id: crypto.randomUUID(), lines: [] };
  return { ...stored, lines: stored.lines.filter(({ sku }) => productOf(sku)) };
}

function write(cart: Cart): void {
  localStorage.setItem(CART, JSON.stringify(cart));
  showCount();
}

/** The order is placed: the next product opens a cart with a new id. */
export function closeCart(): void {
  localStorage.removeItem(CART);
  showCount();
}

export function showCount(): void {
  const count = readCart().lines.reduce((sum, { quantity }) => sum + quantity, 0);
  byId("cart-count").textContent = count ? String(count) : "";
}

export function fullLines(): FullLine[] {
  return readCart().lines.flatMap(({ sku, quantity }) => {
    const product = productOf(sku);
    return product ? [{ sku, quantity, product }] : [];
  });
}

export const centsOf = ({ price }: ProductProperties) => Math.round(price * 100);

export function cartAmounts(lines: readonly FullLine[]): Amounts {
  return amountsOf(lines.map(({ product, quantity }) => ({ price: centsOf(product), quantity })));
}

/** The lines as Segment's events list them. */
export function eventProducts(lines: readonly FullLine[]): object[] {
  return lines.map(({ product, quantity }, index) => ({ ...product, quantity, position: index + 1 }));
}

/**
 * Changes how many of a product are in the cart, and tells it as what was added or removed.
 * Returns the quantity that is in the cart then.
 */
export function changeQuantity(sku: string, change: number): number {
  const cart = readCart();
  const before = cart.lines.find((line) => line.sku === sku)?.quantity ?? 0;
  const after = Math.min(MOST, Math.max(0, before + change));
  const product = productOf(sku);
  if (!product || after === before) return before;
  const others = cart.lines.map((line) => (line.sku === sku ? { sku, quantity: after } : line));
  const lines = before === 0 ? [...others, { sku, quantity: after }] : others;
  write({ id: cart.id, lines: lines.filter(({ quantity }) => quantity > 0) });
  const event = after > before ? "Product Added" : "Product Removed";
  window.relance.track(event, { cart_id: cart.id, ...product, quantity: Math.abs(after - before) });
  return after;
}

export function trackCartViewed(lines: readonly FullLine[]): void {
  window.relance.track("Cart Viewed", {
    cart_id: readCart().id,
    currency: shop.currency,
    value: cartAmounts(lines).subtotal / 100,
    products: eventProducts(lines),
  });
}
