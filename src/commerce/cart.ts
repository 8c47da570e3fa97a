import type { Properties } from "../events/event";
import { parseMajor } from "../shared/money";

/** One product in a cart or order. Prices in minor units of the cart's currency. */
export interface Line {
  readonly product_id: string;
  readonly sku: string | null;
  readonly name: string;
  readonly category: string | null;
  readonly brand: string | null;
  readonly quantity: number;
  readonly price: number;
  readonly url: string | null;
  readonly image: string | null;
}

/** States of a cart that is open; the others are converted, emptied, expired and replaced. */
const OPEN_STATES = ["active", "checkout", "abandoned"] as const;
type OpenState = (typeof OPEN_STATES)[number];

/** The same as SQL, to stand behind `IN`. */
export const OPEN_CARTS = `(${OPEN_STATES.map((state) => `'${state}'`).join(", ")})`;

export function isOpenCart(state: string): boolean {
  return OPEN_STATES.some((open) => open === state);
}

/** A contact's open cart. Times are epoch ms. */
export interface Cart {
  /** Row of `carts`. */
  readonly row: number;
  /** The contact whose row it is, where that one was merged into the cart's present owner. */
  readonly origin?: number | undefined;
  /** The shop's own id, or one of ours where it has none. */
  readonly id: string;
  readonly openedAt: number;
  /** Last event of the cart itself. */
  readonly changedAt: number;
  readonly currency: string;
  readonly lines: readonly Line[];
  /** What the shop last said of it; active unless it says more. */
  readonly state?: OpenState | undefined;
  /** Where it can be gone on with, as the shop's server or its webhook says. */
  readonly url?: string | null | undefined;
}

/** Sum of the lines in minor units. */
export function cartValue(cart: { readonly lines: readonly Line[] }): number {
  return cart.lines.reduce((sum, line) => sum + line.price * line.quantity, 0);
}

/** Lines out of a Segment product, or of an event that is about one product. Null without an id. */
export function readLine(source: Properties, currency: string): Line | null {
  const id = str(source["product_id"]) ?? str(source["sku"]) ?? str(source["variant"]);
  if (id === null) return null;
  const quantity = Number(source["quantity"] ?? 1);
  return {
    product_id: id,
    sku: str(source["sku"]),
    name: str(source["name"]) ?? id,
    category: str(source["category"]),
    brand: str(source["brand"]),
    quantity: Number.isInteger(quantity) && quantity >= 0 && quantity <= 100_000 ? quantity : 1,
    price: parseMajor(source["price"], currency) ?? 0,
    url: webAddress(source["url"]),
    image: webAddress(source["image_url"]),
  };
}

/** The lines of `properties.products`, or null where the event has no such list. */
export function readLines(properties: Properties, currency: string): Line[] | null {
  const products = properties["products"];
  if (!Array.isArray(products)) return null;
  return products.slice(0, 200).flatMap((product: unknown) => {
    const line = typeof product === "object" && product !== null ? readLine(product as Properties, currency) : null;
    return line ? [line] : [];
  });
}

/** Adds to the line of the same product, or puts a new one at the end. */
export function addLine(lines: readonly Line[], added: Line): Line[] {
  const known = lines.find((line) => line.product_id === added.product_id);
  if (!known) return [...lines, added].slice(-200);
  const merged = { ...added, quantity: known.quantity + added.quantity };
  return lines.map((line) => (line === known ? merged : line));
}

/** Takes a quantity off a line; without a quantity the whole line. */
export function removeLine(lines: readonly Line[], productId: string, quantity: number | null): Line[] {
  return lines.flatMap((line) => {
    if (line.product_id !== productId) return [line];
    const left = quantity === null ? 0 : line.quantity - quantity;
    return left > 0 ? [{ ...line, quantity: left }] : [];
  });
}

export function sameLines(left: readonly Line[], right: readonly Line[]): boolean {
  return (
    left.length === right.length &&
    left.every((line, index) => {
      const other = right[index];
      return other?.product_id === line.product_id && other.quantity === line.quantity && other.price === line.price;
    })
  );
}

function str(value: unknown): string | null {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value.slice(0, 500) : null;
}

function webAddress(value: unknown): string | null {
  return typeof value === "string" && value.length <= 2_000 && /^https?:\/\//.test(value) ? value : null;
}

export { str as plainString, webAddress };
