import type { Exchange } from "../../commerce/exchange";
import { inBase } from "../../commerce/exchange";
import type { OrderStatus } from "../../commerce/order";
import { isSale } from "../../commerce/order";
import type { Days } from "./days";
import { monthsBefore } from "./days";
import type { ORDER_FIELDS, OrderCondition, RfmDefinition } from "./definition";

/** What RFM reads of an order. `net` is without refunds and shipping, minor units of `currency`. */
export type RfmOrder = {
  readonly placedAt: number;
  readonly status: OrderStatus;
  readonly net: number;
} & Readonly<Record<(typeof ORDER_FIELDS)[number], string | null>>;

/** What a contact's orders come to at a moment. */
export interface Figures {
  /** Of the last valid order ever, epoch ms. */
  readonly lastOrderAt: number;
  /** Valid orders in the window; not whole where deliveries of a subscription count less. */
  readonly orders: number;
  /** What they came to, minor units of the shop's currency. */
  readonly monetary: number;
  /** The oldest order in the window, epoch ms: the next to leave it. */
  readonly oldestAt: number | null;
}

/** What figures follow from beside the orders. */
export interface Terms {
  readonly definition: RfmDefinition;
  /** The shop's calendar. */
  readonly days: Days;
  readonly exchange: Exchange;
  /** The moment of the analysis, epoch ms. */
  readonly asOf: number;
}

/** The moment from which orders count: the window begins with a day of the shop's calendar. */
export function windowStart({ definition, days, asOf }: Pick<Terms, "definition" | "days" | "asOf">): number {
  return days.start(monthsBefore(days.of(asOf), definition.window_months));
}

/**
 * The figures of one contact over all orders of theirs (mission §6.1): the last order ever, number and money of those in
 * the window. Null where no order counts: who has none is not scored.
 */
export function figuresOf(orders: readonly RfmOrder[], terms: Terms): Figures | null {
  const { definition, asOf } = terms;
  const valid = orders.filter(
    (order) => isSale(order.status, order.net) && order.placedAt <= asOf && !fits(order, definition.exclude_orders),
  );
  if (valid.length === 0) return null;
  const from = windowStart(terms);
  const inWindow = valid.filter(({ placedAt }) => placedAt >= from);
  return {
    lastOrderAt: Math.max(...valid.map(({ placedAt }) => placedAt)),
    orders: countOf(inWindow, terms),
    monetary: inWindow.reduce((sum, order) => sum + worthOf(order, terms), 0),
    oldestAt: inWindow.length > 0 ? Math.min(...inWindow.map(({ placedAt }) => placedAt)) : null,
  };
}

function fits(order: RfmOrder, conditions: readonly OrderCondition[]): boolean {
  return conditions.some(({ field, in: values }) => values.includes(order[field] ?? ""));
}

function countOf(orders: readonly RfmOrder[], { definition, days }: Terms): number {
  const { subscriptions, merge_same_day: merged } = definition;
  const weigh = (order: RfmOrder): number =>
    subscriptions && fits(order, subscriptions.orders) ? subscriptions.weight : 1;
  if (!merged) return orders.reduce((sum, order) => sum + weigh(order), 0);
  // Of the orders of one day the one that counts most stands for all.
  const byDay = Map.groupBy(orders, ({ placedAt }) => days.of(placedAt));
  return [...byDay.values()].reduce((sum, some) => sum + Math.max(...some.map(weigh)), 0);
}

/** An order whose currency has no rate at its time is an order, and no money. */
function worthOf({ net, currency, placedAt }: RfmOrder, { exchange }: Terms): number {
  const factor = exchange(currency ?? "", placedAt);
  return factor === null ? 0 : inBase(net, factor);
}
