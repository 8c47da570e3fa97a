import { DAY } from "../../shared/clock";
import { derivedId } from "../../shared/ids";
import type { LedgerEvent } from "../event";
import type { Body } from "./body";
import { said } from "./body";
import type { Occasion } from "./connector";

/** Whom a delivery is about, as the shop knows them. Where it says nothing, an order event is its order's owner's. */
export interface Subject {
  readonly user: string | null;
  readonly email: string | null;
}

export const NOBODY: Subject = { user: null, email: null };

/** An event in Segment's vocabulary. */
interface Told {
  readonly name: string;
  /** The shop's own names for what happened: the event's id follows from them, so a repeat is the same event. */
  readonly of: readonly string[];
  /** The resource's own time, epoch ms. */
  readonly at: number;
  readonly who: Subject;
  readonly properties: Body;
}

/** An order as it stands. Amounts are decimal texts in major units of `currency`; times epoch ms. */
export interface OrderStatement {
  readonly id: string;
  readonly who: Subject;
  readonly number: string | null;
  readonly placedAt: number;
  readonly updatedAt: number;
  readonly status: "pending" | "confirmed" | "shipped" | "in_transit" | "delivered" | "cancelled" | "refunded";
  /** When the last of it arrived, where the shop says so. */
  readonly deliveredAt?: number | null;
  readonly currency: string;
  readonly total: unknown;
  readonly subtotal?: unknown;
  readonly shipping: unknown;
  readonly tax: unknown;
  readonly discount: unknown;
  readonly coupon?: string | null;
  /** The parameter of the link by which its buyer came. */
  readonly mid?: string | null;
  readonly channel?: string | null;
  readonly store?: string | null;
  readonly lines: readonly LineStatement[];
  /** Where it goes to; kept as a keyed hash only. */
  readonly address: { readonly street: unknown; readonly zip: unknown; readonly country: unknown };
}

export interface LineStatement {
  readonly product_id: string;
  readonly sku: string;
  readonly name: string | null;
  readonly variant?: string | null;
  readonly brand?: string | null;
  readonly quantity: number;
  readonly price: unknown;
  readonly discount?: unknown;
  readonly image_url?: string | null;
}

/** Money that went back. */
export interface RefundStatement {
  readonly id: string;
  readonly order: string;
  readonly who: Subject;
  readonly at: number;
  /** Decimal text in major units of the order's currency. */
  readonly total: string;
  readonly lines: readonly { readonly product_id: string; readonly sku: string; readonly quantity: number }[];
  readonly reason?: string | null;
}

/** What came so late that nobody waits for a message about it: it is history. */
const PAST = 2 * DAY;

function base({ source, receivedAt }: Occasion, of: readonly string[], at: number, { user, email }: Subject) {
  return {
    id: derivedId("evt", source, ...of),
    // Timers never count from the future.
    at: Math.min(at, receivedAt),
    trust: "secret" as const,
    ...(user !== null && { user }),
    ...(email !== null && { email }),
    ...(receivedAt - at > PAST && { past: true as const }),
  };
}

/**
 * What tells two states of a thing apart that bear the same time: shops say it to the second. An equal state is the same
 * event, however often it comes.
 */
export function stateOf(properties: Body): string {
  return derivedId("st", JSON.stringify(said(properties)));
}

/** Something that happened. */
export function track(occasion: Occasion, { name, of, at, who, properties }: Told): LedgerEvent {
  return { ...base(occasion, of, at, who), type: "track", name, properties: said(properties) };
}

/** What is known of a customer as of a time; what is older undoes nothing. */
export function identify(
  occasion: Occasion,
  of: readonly string[],
  at: number,
  who: Subject,
  traits: Body,
): LedgerEvent {
  return { ...person(occasion, of, at, who, traits), state: true };
}

/** What a guest typed at a checkout, which nobody checked: it fills in what is not known, and moves nothing. */
export function guest(occasion: Occasion, of: readonly string[], at: number, who: Subject, traits: Body): LedgerEvent {
  return { ...person(occasion, of, at, who, traits), fills: true };
}

function person(occasion: Occasion, of: readonly string[], at: number, who: Subject, traits: Body) {
  return {
    ...base(occasion, [...of, stateOf(traits)], at, who),
    type: "identify" as const,
    name: "",
    traits: said(traits),
  };
}

/** A word on a consent, with the shop's own date for it; null where it has none. */
export function consent(
  occasion: Occasion,
  who: Subject,
  word: {
    readonly key: "email" | "sms";
    readonly given: boolean;
    readonly at: number | null;
    readonly level: string | null;
  },
): LedgerEvent {
  const { key, given, at: stated, level } = word;
  const at = stated ?? occasion.sentAt;
  const traits = { consent: { [key]: given }, consent_source: [occasion.source, level].filter(Boolean).join(": ") };
  const of = ["consent", who.user ?? who.email ?? "", key, String(given), String(at)];
  return { ...person(occasion, of, at, who, traits), ...(stated !== null && { dated: true }) };
}

/** The order in Segment's properties. `placed_at` says that it is the whole order, which may be made of it. */
function orderProperties(order: OrderStatement): Body {
  const { id, number, placedAt, status, deliveredAt, currency, total, subtotal, shipping, tax, discount } = order;
  return {
    order_id: id,
    order_number: number,
    placed_at: new Date(placedAt).toISOString(),
    status,
    delivered_at: typeof deliveredAt === "number" ? new Date(deliveredAt).toISOString() : null,
    currency,
    total,
    subtotal,
    shipping,
    tax,
    discount,
    coupon: order.coupon,
    mid: order.mid,
    channel: order.channel,
    store_id: order.store,
    shipping_address: said(order.address),
    products: order.lines.map((line) => said({ ...line })),
  };
}

/** The order was placed. Once for each order, whatever tells of it; `at` where that is later than its placing. */
export function orderCompleted(occasion: Occasion, order: OrderStatement, at = order.placedAt): LedgerEvent {
  const { id, who } = order;
  return track(occasion, { name: "Order Completed", of: ["order", id], at, who, properties: orderProperties(order) });
}

/** The order as it stands by now. */
export function orderUpdated(occasion: Occasion, order: OrderStatement): LedgerEvent {
  const { id, who, updatedAt: at } = order;
  const properties = orderProperties(order);
  const of = ["order", id, occasion.topic, String(at), stateOf(properties)];
  return track(occasion, { name: "Order Updated", of, at, who, properties });
}

/** Money went back. Once for each refund, whatever tells of it. */
export function orderRefunded(occasion: Occasion, refund: RefundStatement): LedgerEvent {
  const { id, order, who, at, total, lines, reason = null } = refund;
  const properties = { order_id: order, refund_id: id, total, reason, products: lines };
  return track(occasion, { name: "Order Refunded", of: ["refund", id], at, who, properties });
}
