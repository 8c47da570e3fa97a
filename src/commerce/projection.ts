import { profileOf } from "../contacts/profile";
import type { Properties } from "../events/event";
import { isBehaviour } from "../events/event";
import type { ApplyContext, Projection } from "../events/projection";
import type { FieldError } from "../shared/fault";
import { parseMajor } from "../shared/money";
import type { Cart } from "./cart";
import { CART_CHANGES } from "./cart-changes";
import { addsLines, takeLines } from "./imported-lines";
import { claimsOrder, currencyOf } from "./order";
import { ORDER_CHANGES } from "./order-changes";
import type { Change, Commerce } from "./slice";
import { putCart } from "./slice";

/** What the events of Segment's Ecommerce Spec v2 change here, by lower-case name. */
const CHANGES: Readonly<Record<string, Change>> = { ...CART_CHANGES, ...ORDER_CHANGES };

/** An event may be called anything, `__proto__` too. */
function changeOf(event: string): Change | undefined {
  const name = event.toLowerCase();
  return Object.hasOwn(CHANGES, name) ? CHANGES[name] : undefined;
}

/** Carts and orders out of events, in the shop's currency where an event names none. */
export function commerceProjection(shopCurrency: string): Projection<Commerce> {
  return {
    empty: () => ({ cart: null, orders: [], closedAt: null }),
    copy: (slice) => ({ ...slice }),
    apply(slice, context) {
      const { event, record } = context;
      // Whoever became known with a cart open brings it along, as old as its last activity.
      if (profileOf(record).verifiedBy === event.id && slice.cart) handOver(slice.cart, record.seenAt, context);
      const change = event.type === "track" ? changeOf(event.name) : undefined;
      const before = slice.cart;
      if (addsLines(event)) takeLines(slice, event.properties ?? {}, context, shopCurrency);
      else if (change) change(slice, event.properties ?? {}, context, shopCurrency);
      // A cart whose lines stayed as they are was not changed, whatever else was said of it.
      if (isBehaviour(event) && before !== null && slice.cart?.lines === before.lines)
        context.happen({ type: "activity", at: event.at });
      if (event.type === "track") {
        context.happen({
          type: "event",
          at: event.at,
          id: event.id,
          name: event.name,
          properties: event.properties ?? {},
          // What a public key claims of an order may stop a message, and starts nothing that is given for orders.
          ...(claimsOrder(event) && { claimed: true }),
        });
      }
    },
    absorb(slice, visitor, context) {
      if (visitor.waiting) {
        slice.waiting = [...(slice.waiting ?? []), ...visitor.waiting];
        visitor.waiting = undefined;
      }
      const cart = visitor.cart;
      if (!cart) return;
      visitor.cart = null;
      if (slice.cart && slice.cart.changedAt > cart.changedAt) return putCart(cart, "replaced", context);
      if (slice.cart) putCart(slice.cart, "replaced", context);
      slice.cart = cart;
      putCart(cart, cart.state ?? "active", context);
      handOver(cart, context.record.seenAt, context);
    },
  };
}

function handOver(cart: Cart, seenAt: number, context: ApplyContext): void {
  context.happen({ type: "cart", at: cart.changedAt, seenAt: Math.max(seenAt, cart.changedAt), cart: cart.id });
}

const MONEY = ["price", "total", "revenue", "value", "subtotal", "shipping", "tax", "discount"] as const;

/** Amounts that are no amounts are refused at the door, with the field. Null when all is well. */
export function checkProperties(name: string, properties: Properties): FieldError | null {
  if (!changeOf(name)) return null;
  const currency = currencyOf(properties, "EUR");
  for (const field of MONEY) {
    const value = properties[field];
    if (value === undefined || value === null || parseMajor(value, currency) !== null) continue;
    return { pointer: `/properties/${field}`, detail: "is not an amount: a decimal number in major units, 0 or more" };
  }
  return null;
}
