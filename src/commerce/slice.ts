import type { Properties } from "../events/event";
import type { ApplyContext, ContactRecord } from "../events/projection";
import type { Cart } from "./cart";
import { cartValue } from "./cart";
import type { OrderSummary } from "./order";
import { metricsOf } from "./order";

/** A change of an order that has not come yet. */
export interface WaitingChange {
  readonly order: string;
  /** What is needed of its event to make the change later. */
  readonly event: { readonly id: string; readonly name: string; readonly at: number; readonly properties: Properties };
  /** The contact whose row it is, where that one was merged into the present holder. */
  readonly origin?: number | undefined;
}

/** The commerce folder's slice: what is open and what was bought. */
export interface Commerce {
  cart: Cart | null;
  orders: readonly OrderSummary[];
  /** When the last order was placed that closed a cart; a cart event of before comes late and opens nothing. */
  closedAt: number | null;
  /** Changes of orders that have not come yet. */
  waiting?: readonly WaitingChange[] | undefined;
}

/** The commerce slice of a record. */
export function commerceOf(record: ContactRecord): Commerce {
  return record.slices["commerce"] as Commerce;
}

/** What an event changes here. */
export type Change = (slice: Commerce, properties: Properties, context: ApplyContext, shopCurrency: string) => void;

/** Puts a cart's row: it stays that of the contact to whom it came. */
export function putCart(cart: Cart, state: string, context: ApplyContext): void {
  if (!context.rows.isKept) return;
  const lines = JSON.stringify(cart.lines);
  const fields = [
    cart.id,
    state,
    cart.openedAt,
    cart.changedAt,
    cart.currency,
    cartValue(cart),
    lines,
    cart.url ?? null,
  ];
  context.rows.put("carts", cart.row, [cart.row, cart.origin ?? context.record.id, ...fields]);
}

/** Puts a contact's figures over the orders of its slice. */
export function putMetrics(slice: Commerce, context: ApplyContext, shopCurrency: string): void {
  if (!context.rows.isKept) return;
  const figures = metricsOf(slice.orders, shopCurrency);
  const row = [context.record.id, figures.orders, figures.netTotal, figures.firstOrderAt, figures.lastOrderAt];
  context.rows.put("contact_metrics", context.record.id, row);
}
