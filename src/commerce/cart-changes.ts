import type { Properties } from "../events/event";
import { isFromServer } from "../events/event";
import type { ApplyContext } from "../events/projection";
import type { Cart, Line } from "./cart";
import { addLine, plainString, readLine, readLines, removeLine, sameLines, webAddress } from "./cart";
import { currencyOf } from "./order";
import type { Change, Commerce } from "./slice";
import { putCart } from "./slice";

/** What events change of a cart, by lower-case name. */
export const CART_CHANGES: Readonly<Record<string, Change>> = {
  "product added": (slice, properties, context, shopCurrency) => {
    const currency = currencyOf(properties, slice.cart?.currency ?? shopCurrency);
    const line = readLine(properties, currency);
    if (line) setLines(slice, properties, addLine(slice.cart?.lines ?? [], line), currency, context);
  },
  // A shop may tell of the same as "Product Added" too: what is in the cart already is not put in again.
  "wishlist product added to cart": (slice, properties, context, shopCurrency) => {
    const currency = currencyOf(properties, slice.cart?.currency ?? shopCurrency);
    const line = readLine(properties, currency);
    const lines = slice.cart?.lines ?? [];
    if (!line || lines.some((known) => known.product_id === line.product_id)) return;
    setLines(slice, properties, addLine(lines, line), currency, context);
  },
  "product removed": (slice, properties, context) => {
    const id = plainString(properties["product_id"]) ?? plainString(properties["sku"]);
    if (!slice.cart || id === null) return;
    const quantity = typeof properties["quantity"] === "number" ? properties["quantity"] : null;
    setLines(slice, properties, removeLine(slice.cart.lines, id, quantity), slice.cart.currency, context);
  },
  "cart viewed": replaceLines,
  "cart updated": replaceLines,
  "checkout started": (slice, properties, context, shopCurrency) => {
    replaceLines(slice, properties, context, shopCurrency);
    setState(slice, "checkout", context);
    setUrl(slice, properties, context);
  },
  "checkout step viewed": isCheckout,
  "checkout step completed": isCheckout,
  "payment info entered": isCheckout,
  "cart abandoned": (slice, _, context) => setState(slice, "abandoned", context),
  "cart expired": (slice, _, context) => {
    const { cart } = slice;
    if (!cart || context.event.at < cart.changedAt) return;
    slice.cart = null;
    putCart(cart, "expired", context);
    context.happen({ type: "emptied", at: context.event.at, cart: cart.id });
  },
  "cart emptied": (slice, properties, context) => {
    if (slice.cart) setLines(slice, properties, [], slice.cart.currency, context);
  },
};

/** A step of the checkout, for shops that tell of nothing else: the open cart is in it. */
function isCheckout(slice: Commerce, _: Properties, context: ApplyContext): void {
  setState(slice, "checkout", context);
}

function replaceLines(slice: Commerce, properties: Properties, context: ApplyContext, shopCurrency: string): void {
  const { event } = context;
  if (isFromServer(event) && isOvertaken(slice, event.at)) return;
  const currency = currencyOf(properties, slice.cart?.currency ?? shopCurrency);
  const lines = readLines(properties, currency);
  // Looking at a cart is not changing it.
  if (lines === null || (slice.cart && sameLines(slice.cart.lines, lines))) return;
  if (lines.length > 0 || slice.cart) setLines(slice, properties, lines, currency, context);
}

/**
 * Whether what a server states of a cart as a whole came too late: something was added since, or it was bought. A shop dates
 * the checkout and its order alike, to the second.
 */
function isOvertaken({ cart, closedAt }: Commerce, at: number): boolean {
  return cart ? at < cart.changedAt : closedAt !== null && at <= closedAt;
}

function setLines(
  slice: Commerce,
  properties: Properties,
  lines: readonly Line[],
  currency: string,
  context: ApplyContext,
): void {
  const { event } = context;
  if (slice.cart === null && slice.closedAt !== null && event.at < slice.closedAt) return;
  const stated = plainString(properties["cart_id"]);
  const open = slice.cart !== null && (stated === null || stated === slice.cart.id) ? slice.cart : null;
  if (slice.cart && !open) putCart(slice.cart, "replaced", context);
  if (lines.length === 0) {
    slice.cart = null;
    if (open) {
      putCart({ ...open, lines, changedAt: event.at }, "emptied", context);
      context.happen({ type: "emptied", at: event.at, cart: open.id });
    }
    return;
  }
  const row = open?.row ?? context.nextId("carts");
  const id = open?.id ?? stated ?? `cart-${row}`;
  const kept = { origin: open?.origin, ...(open?.url && { url: open.url }) };
  slice.cart = { row, id, ...kept, openedAt: open?.openedAt ?? event.at, changedAt: event.at, currency, lines };
  putCart(slice.cart, "active", context);
  context.happen({ type: "cart", at: event.at, seenAt: event.at, cart: id });
}

/** Notes what the shop says of the open cart. Its lines are the same, and so is the time of its last change. */
function setState(slice: Commerce, state: NonNullable<Cart["state"]>, context: ApplyContext): void {
  const { cart } = slice;
  if (!cart || context.event.at < cart.changedAt || cart.state === state) return;
  slice.cart = { ...cart, state };
  putCart(slice.cart, state, context);
}

/** Notes where the cart can be gone on with. A message links there, so a public key's word is not enough. */
function setUrl(slice: Commerce, properties: Properties, context: ApplyContext): void {
  const { cart } = slice;
  const url = webAddress(properties["recovery_url"]);
  if (!cart || url === null || url === cart.url || !isFromServer(context.event) || context.event.at < cart.changedAt)
    return;
  slice.cart = { ...cart, url };
  putCart(slice.cart, cart.state ?? "active", context);
}
