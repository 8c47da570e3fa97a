import { GUEST } from "../contacts/identity";
import type { LedgerEvent, Properties } from "../events/event";
import { isFromServer } from "../events/event";
import { parseTime } from "../events/time";
import { parseMajor } from "../shared/money";
import type { Line } from "./cart";
import { plainString } from "./cart";
import type { OrderLine } from "./order-line";
import { readOrderLines, shownLine } from "./order-line";
import type { Refund } from "./refund";

/** The further one stands behind: of two that are told of the same moment it counts. */
export const ORDER_STATUSES = [
  "pending",
  "confirmed",
  "shipped",
  "in_transit",
  "delivered",
  "partially_refunded",
  "cancelled",
  "refunded",
] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** Lines of an order that are kept with it for messages; all of them stand in `order_lines`. */
export const SHOWN_LINES = 8;

/** What the ledger keeps of each order of a contact in memory. Money in minor units of `currency`. */
export interface OrderSummary {
  readonly id: string;
  /** The contact whose row it is, where that one was merged into the order's present owner. */
  readonly origin?: number | undefined;
  readonly status: OrderStatus;
  readonly placedAt: number;
  readonly currency: string;
  readonly total: number;
  readonly shipping: number;
  readonly refunded: number;
  /** Each known by its own id; `refunded` is their sum, and no more than was paid. */
  readonly refunds: readonly Refund[];
  /** When its status was last told, epoch ms: something older does not undo it. */
  readonly changedAt: number;
  /** When its amounts and lines were last told; as `changedAt` where that is not known. */
  readonly statedAt?: number | undefined;
  /** The first lines, as a message would show them. */
  readonly shown: readonly Line[];
  readonly lined?: Lined | undefined;
}

/**
 * Of an order that imports brought lines of: these make its totals (`made`), were added to totals that somebody stated
 * (`added`), or made way for lines that the shop named since (`own`).
 */
export type Lined = "made" | "added" | "own";

/** A whole order as an event states it. */
export interface Order extends OrderSummary {
  readonly discount: number;
  readonly tax: number;
  readonly coupon: string | null;
  /** Epoch ms. */
  readonly deliveredAt: number | null;
  /** What the shop calls it before its customer. */
  readonly number: string | null;
  readonly store: string | null;
  readonly channel: "web" | "pos";
  /** The lines at their prices, before what is taken off the whole. */
  readonly gross: number;
  readonly isGift: boolean;
  readonly lines: readonly OrderLine[];
}

/** Reads an order event. `fallbackId` names an order that came without an id. */
export function readOrder(
  properties: Properties,
  status: OrderStatus,
  at: number,
  fallbackId: string,
  shopCurrency: string,
): Order {
  const currency = currencyOf(properties, shopCurrency);
  const lines = readOrderLines(properties, currency) ?? [];
  const money = (name: string): number | null => parseMajor(properties[name], currency);
  const sum = lines.reduce((all, { total }) => all + total, 0);
  const total = money("total") ?? money("revenue") ?? money("value") ?? sum;
  const subtotal = money("subtotal");
  const discount = money("discount") ?? 0;
  return {
    id: plainString(properties["order_id"]) ?? fallbackId,
    status,
    placedAt: at,
    changedAt: at,
    statedAt: at,
    currency,
    total,
    shipping: money("shipping") ?? 0,
    discount,
    tax: money("tax") ?? 0,
    refunded: 0,
    refunds: [],
    deliveredAt: parseTime(properties["delivered_at"]) ?? (status === "delivered" ? at : null),
    coupon: plainString(properties["coupon"]),
    ...placeOf(properties),
    gross: lines.length > 0 ? sum : subtotal === null ? total : subtotal + discount,
    isGift: properties["is_gift"] === true || properties["gift"] === true,
    shown: lines.slice(0, SHOWN_LINES).map(shownLine),
    lines,
  };
}

/** What of an order is kept in memory. */
export function summaryOf(order: Order): OrderSummary {
  const { id, status, placedAt, changedAt, statedAt, currency, total, shipping, refunded, refunds, shown, lined } =
    order;
  return { id, status, placedAt, changedAt, statedAt, currency, total, shipping, refunded, refunds, shown, lined };
}

/** Its number and where it was placed. */
function placeOf(properties: Properties): Pick<Order, "number" | "store" | "channel"> {
  const store = plainString(properties["store_id"]) ?? plainString(properties["store"]);
  const channel = plainString(properties["channel"])?.toLowerCase();
  const isOffline = channel === undefined ? false : ["pos", "store", "retail", "in_store"].includes(channel);
  return {
    number: plainString(properties["order_number"]) ?? plainString(properties["number"]),
    store,
    channel: isOffline ? "pos" : "web",
  };
}

export function currencyOf(properties: Properties, fallback: string): string {
  const given = properties["currency"];
  return typeof given === "string" && /^[A-Za-z]{3}$/.test(given) ? given.toUpperCase() : fallback;
}

const ORDERS = /^orders?\b/i;

/** Whether an event speaks of an order for which only a public key vouches. */
export function claimsOrder(event: LedgerEvent): boolean {
  return !isFromServer(event) && ORDERS.test(event.name);
}

/** The identity by which an order's contact is found, whoever an event about it names. */
export function orderIdentity(order: string): string {
  return `o:${order}`;
}

/** The anonymous id of the contact that an order of nobody belongs to: no customer, no address. */
export function guestOf(order: string): string {
  return `${GUEST}${order}`;
}

/** The identity by which whoever holds an order's waiting changes is found. */
export function awaitedIdentity(order: string): string {
  return `w:${order}`;
}

/** The order that the shop's server or an import speaks of; null where an event is about none. */
export function orderOf(event: LedgerEvent): string | null {
  if (event.type !== "track" || !isFromServer(event) || !/^order /i.test(event.name)) return null;
  return plainString(event.properties?.["order_id"]);
}

/** The identities of the orders that an event is about. */
export function orderKeys(event: LedgerEvent): readonly string[] {
  const id = orderOf(event);
  return id === null ? [] : [orderIdentity(id), awaitedIdentity(id)];
}

/** A valid order counts for RFM and targeting: neither cancelled nor wholly refunded, with something paid (mission §6.1). */
export function isValid(order: OrderSummary): boolean {
  return isSale(order.status, netOf(order));
}

/** The same of what is known of it. The database has it as `SALE`. */
export function isSale(status: OrderStatus, net: number): boolean {
  return status !== "cancelled" && status !== "refunded" && status !== "pending" && net > 0;
}

/** SQL for it over an order of the alias `o`. */
export const SALE = "o.status <> 'cancelled' AND o.status <> 'refunded' AND o.status <> 'pending' AND o.net > 0";

/** What the shop kept of it: total less refunds and shipping, minor units. */
export function netOf(order: Pick<OrderSummary, "total" | "refunded" | "shipping">): number {
  return order.total - order.refunded - order.shipping;
}

/** Figures of a contact over their valid orders. Money only of the shop's own currency: rules and RFM add other ones at their rates. */
export interface Metrics {
  readonly orders: number;
  readonly netTotal: number;
  readonly firstOrderAt: number | null;
  readonly lastOrderAt: number | null;
}

export function metricsOf(orders: readonly OrderSummary[], shopCurrency: string): Metrics {
  const valid = orders.filter(isValid);
  const times = valid.map((order) => order.placedAt);
  return {
    orders: valid.length,
    netTotal: valid.reduce((sum, order) => sum + (order.currency === shopCurrency ? netOf(order) : 0), 0),
    firstOrderAt: times.length > 0 ? Math.min(...times) : null,
    lastOrderAt: times.length > 0 ? Math.max(...times) : null,
  };
}
