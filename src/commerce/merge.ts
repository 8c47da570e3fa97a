import type { ApplyContext, MergeContext, Projection } from "../events/projection";
import type { Cart } from "./cart";
import type { OrderSummary } from "./order";
import type { Commerce } from "./slice";
import { putCart, putMetrics } from "./slice";

/** What a merge took over: whose rows the loser brought along, and the open cart that made way for the other. */
interface TakenCommerce {
  readonly members: readonly number[];
  readonly replaced: Cart | null;
  /** The winner's own. */
  readonly closedAt: number | null;
}

/** What two contacts' carts and orders come to when they are one person, and when they are two again. */
export function commerceMerging(shopCurrency: string): Required<Pick<Projection<Commerce>, "merge" | "unmerge">> {
  return {
    merge: (winner, loser, context) => merge(winner, loser, context, shopCurrency),
    unmerge: (winner, loser, taken, context) => unmerge(winner, loser, taken as TakenCommerce, context, shopCurrency),
  };
}

type Owned = { readonly origin?: number | undefined };

/**
 * The winner gets the loser's orders and the cart that was changed last. Rows keep their contact; figures are the
 * winner's over both.
 */
function merge(winner: Commerce, loser: Commerce, context: MergeContext, shopCurrency: string): TakenCommerce {
  const from = context.loser.record.id;
  const brought = loser.orders.map((order): OrderSummary => ({ ...order, origin: order.origin ?? from }));
  const theirs = loser.cart && { ...loser.cart, origin: loser.cart.origin ?? from };
  const waiting = (loser.waiting ?? []).map((one) => ({ ...one, origin: one.origin ?? from }));
  const members = new Set(
    [...brought, ...(theirs ? [theirs] : []), ...waiting].map(({ origin }) => origin ?? from).concat(from),
  );
  const counts = winner.orders.length + brought.length > 0;
  const { closedAt } = winner;
  winner.orders = [...winner.orders, ...brought];
  winner.closedAt = latest(winner.closedAt, loser.closedAt);
  const replaced = keepLatestCart(winner, theirs, context.winner);
  loser.orders = [];
  loser.cart = null;
  loser.closedAt = null;
  if (waiting.length > 0) winner.waiting = [...(winner.waiting ?? []), ...waiting];
  loser.waiting = undefined;
  if (counts) putBoth(winner, loser, context, shopCurrency);
  return { members: [...members], replaced, closedAt };
}

function keepLatestCart(winner: Commerce, theirs: Cart | null, context: ApplyContext): Cart | null {
  const own = winner.cart;
  if (!theirs || !own) {
    winner.cart = own ?? theirs;
    return null;
  }
  const [kept, replaced] = theirs.changedAt > own.changedAt ? [theirs, own] : [own, theirs];
  winner.cart = kept;
  putCart(replaced, "replaced", context);
  return replaced;
}

/** Gives the loser their orders and their cart back. What came since stays with the winner, to whom it came. */
function unmerge(
  winner: Commerce,
  loser: Commerce,
  taken: TakenCommerce,
  context: MergeContext,
  shopCurrency: string,
): void {
  const { members, replaced, closedAt } = taken;
  const to = context.loser.record.id;
  const isTheirs = ({ origin }: Owned): boolean => origin !== undefined && members.includes(origin);
  const counts = winner.orders.length > 0;
  loser.orders = winner.orders.filter(isTheirs).map((order) => ownedBy(order, to));
  winner.orders = winner.orders.filter((order) => !isTheirs(order));
  const waiting = winner.waiting ?? [];
  loser.waiting = waiting.filter(isTheirs).map((one) => ownedBy(one, to));
  winner.waiting = waiting.filter((one) => !isTheirs(one));
  loser.closedAt = lastPlaced(loser.orders);
  winner.closedAt = latest(closedAt, lastPlaced(winner.orders));
  if (winner.cart && isTheirs(winner.cart)) {
    loser.cart = ownedBy(winner.cart, to);
    winner.cart = null;
  }
  if (replaced && isTheirs(replaced)) reopen(replaced, loser, context.loser);
  // An order that came since closed it.
  else if (replaced && winner.closedAt === closedAt) reopen(replaced, winner, context.winner);
  if (counts) putBoth(winner, loser, context, shopCurrency);
}

/** Opens a cart again that had to make way. */
function reopen(cart: Cart, slice: Commerce, context: ApplyContext): void {
  if (slice.cart !== null) return;
  slice.cart = ownedBy(cart, context.record.id);
  putCart(slice.cart, slice.cart.state ?? "active", context);
}

function ownedBy<One extends Owned>(one: One, contact: number): One {
  if (one.origin !== contact) return one;
  const { origin: _own, ...rest } = one;
  return rest as One;
}

function putBoth(winner: Commerce, loser: Commerce, context: MergeContext, shopCurrency: string): void {
  putMetrics(winner, context.winner, shopCurrency);
  putMetrics(loser, context.loser, shopCurrency);
}

function lastPlaced(orders: readonly OrderSummary[]): number | null {
  return orders.length > 0 ? Math.max(...orders.map(({ placedAt }) => placedAt)) : null;
}

function latest(left: number | null, right: number | null): number | null {
  return left === null || right === null ? (left ?? right) : Math.max(left, right);
}
