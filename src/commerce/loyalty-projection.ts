import type { LedgerEvent, Properties } from "../events/event";
import { isFromServer } from "../events/event";
import type { ApplyContext, ContactRecord, Projection } from "../events/projection";
import { parseTime } from "../events/time";
import type { FieldError } from "../shared/fault";
import { decimalsOf } from "../shared/money";
import { plainString } from "./cart";
import { couponRows } from "./coupon-rows";
import { owedBack } from "./loyalty";
import type { Loyalty } from "./loyalty-booking";
import { Booking } from "./loyalty-booking";
import type { TakenLoyalty } from "./loyalty-merge";
import { mergeLoyalty, unmergeLoyalty } from "./loyalty-merge";
import type { EarningRule, Programme } from "./loyalty-programme";
import type { OrderSummary } from "./order";
import { isValid, netOf, orderIdentity } from "./order";
import { referralRows } from "./referral-rows";
import { commerceOf } from "./slice";

/** What the projection is given: the programme of the moment, and the secret behind codes. */
export interface LoyaltyTerms {
  readonly programme: () => Programme | null;
  readonly secret: string;
}

/** Terms without a programme. */
export const NO_PROGRAMME: LoyaltyTerms = { programme: () => null, secret: "" };

/** Where no points have ever been. */
export function emptyLoyalty(): Loyalty {
  return { lots: [], earned: [], counts: {}, tier: null, tierSince: null, tierUntil: null, seen: "" };
}

/** The loyalty slice of a record. */
function loyaltyOf(record: ContactRecord): Loyalty {
  return record.slices["loyalty"] as Loyalty;
}

/** Points, coupons and referrals out of events. It follows commerce, whose orders it reads. */
export function loyaltyProjection(shopCurrency: string, terms: LoyaltyTerms): Projection<Loyalty> {
  return {
    empty: emptyLoyalty,
    copy: (slice) => ({ ...slice }),
    apply(slice, context) {
      const { event } = context;
      // Money follows from all of these: a browser's word is not enough, not even with a token.
      if (!isFromServer(event) || (event.type !== "track" && event.type !== "internal")) return;
      const programme = terms.programme();
      couponRows(context);
      if (!programme?.enabled) return;
      referralRows(context, programme, terms.secret, shopCurrency);
      const booking = new Booking(slice, context, programme);
      const stated = event.type === "internal" ? OWN.get(event.name) : STATED.get(event.name.toLowerCase());
      if (stated) stated(booking, event);
      else earnByEvent(booking, event, programme.rules);
      const owner = orderOwner(context);
      if (owner === context) reconcileOrder(slice, booking, context, programme, shopCurrency);
      else if (owner) reconcileTheirs(owner, programme, shopCurrency);
      booking.close(event.type === "internal" && event.name === "loyalty.reviewed");
    },
    absorb: () => undefined,
    merge: (winner, loser, pair) => mergeLoyalty(winner, loser, pair, terms.programme()),
    unmerge: (winner, loser, taken, pair) =>
      unmergeLoyalty(winner, loser, taken as TakenLoyalty, pair, terms.programme()),
  };
}

type Stated = (booking: Booking, event: LedgerEvent) => void;

const earn: Stated = (booking, event) => {
  const { points, id, reason } = read(event);
  if (points === null || points <= 0 || !booking.isNew(`earn.${id}`)) return;
  const expiresAt = parseTime(event.properties?.["expires_at"]) ?? undefined;
  booking.earn({ id: `earn.${id}`, points, rule: null, order: null, reason, expiresAt, kind: "earn" });
};

const redeem: Stated = (booking, event) => {
  const { points, id, order, reason } = read(event);
  // Asked for through the API, points are spent as a whole or not at all.
  const whole = event.properties?.["whole"] === true;
  if (points === null || points <= 0 || (whole && booking.points < points)) return;
  if (booking.isNew(`spend.${id}`)) booking.spend(`spend.${id}`, points, "spend", order, reason);
};

const adjust: Stated = (booking, event) => {
  const { points, id, order, reason } = read(event);
  if (points === null || points === 0 || !booking.isNew(`adjust.${id}`)) return;
  if (points < 0) booking.spend(`adjust.${id}`, -points, "adjust", order, reason);
  else booking.earn({ id: `adjust.${id}`, points, rule: null, order: null, reason, kind: "adjust" });
};

/** What the shop's server states of points, by lower-case name. */
const STATED: ReadonlyMap<string, Stated> = new Map(
  Object.entries({
    "points earned": earn,
    "points redeemed": redeem,
    "points adjusted": adjust,
  }),
);

/** Our own events that move points. */
const OWN: ReadonlyMap<string, Stated> = new Map(
  Object.entries({
    "loyalty.earned": earn,
    "loyalty.redeemed": redeem,
    "loyalty.adjusted": adjust,
    "referral.rewarded": earn,
    "referral.reversed": adjust,
    "loyalty.reviewed": () => undefined,
  }),
);

function read({ properties, id }: LedgerEvent): {
  points: number | null;
  id: string;
  order: string | null;
  reason: string | null;
} {
  const points = wholeOf(properties?.["points"]);
  const reason = plainString(properties?.["reason"]);
  return { points, id: plainString(properties?.["id"]) ?? id, order: plainString(properties?.["order_id"]), reason };
}

function wholeOf(value: unknown): number | null {
  return typeof value === "number" && Number.isInteger(value) && Math.abs(value) <= 10_000_000 ? value : null;
}

/** Points that are none are refused at the door, with the field. Null when all is well. */
export function checkPoints(name: string, properties: Properties): FieldError | null {
  const stated = name.toLowerCase();
  if (!STATED.has(stated)) return null;
  const points = wholeOf(properties["points"]);
  if (points !== null && points !== 0 && (points > 0 || stated === "points adjusted")) return null;
  return { pointer: "/properties/points", detail: "is not a whole number of points" };
}

function earnByEvent(booking: Booking, event: LedgerEvent, rules: readonly EarningRule[]): void {
  const name = event.name.toLowerCase();
  for (const rule of rules) {
    if (rule.on === "order" || rule.on.toLowerCase() !== name) continue;
    const id = `rule.${rule.key}.${plainString(event.properties?.["review_id"]) ?? event.id}`;
    if (!booking.isNew(id) || !booking.counts(rule)) continue;
    booking.earn({ id, points: rule.points, rule, order: null, reason: null, kind: "earn" });
  }
}

/** Whoever the order that an event speaks of belongs to: an order is its owner's, whoever the event is about. */
function orderOwner(context: ApplyContext): ApplyContext | null {
  const { event, record } = context;
  if (event.type !== "track" || !event.name.toLowerCase().startsWith("order ")) return null;
  const id = plainString(event.properties?.["order_id"]);
  if (id === null || commerceOf(record).orders.some((order) => order.id === id)) return context;
  return context.ownerOf(orderIdentity(id));
}

function reconcileTheirs(owner: ApplyContext, programme: Programme, shopCurrency: string): void {
  const theirs = loyaltyOf(owner.record);
  const booking = new Booking(theirs, owner, programme);
  reconcileOrder(theirs, booking, owner, programme, shopCurrency);
  booking.close(false);
}

/**
 * Brings the points of the order that an event speaks of in line with what the order is now: earned once it counts,
 * taken back as far as it was cancelled or refunded. It compares, so a repeat finds nothing to do.
 */
function reconcileOrder(
  slice: Loyalty,
  booking: Booking,
  { event, record }: ApplyContext,
  programme: Programme,
  shopCurrency: string,
): void {
  const id = plainString(event.properties?.["order_id"]) ?? `ev-${event.id}`;
  const order = commerceOf(record).orders.find((each) => each.id === id);
  if (!order || order.currency !== shopCurrency) return;
  const net = isValid(order) ? netOf(order) : 0;
  for (const rule of programme.rules) {
    if (rule.on === "order") earnByOrder(booking, order, net, rule, programme);
  }
  for (const lot of slice.lots) {
    const owed = lot.order === id ? owedBack(lot, net) : 0;
    if (owed > 0) booking.takeBack(lot, owed);
  }
}

function earnByOrder(
  booking: Booking,
  order: OrderSummary,
  net: number,
  rule: EarningRule,
  programme: Programme,
): void {
  const id = `order.${order.id}.${rule.key}`;
  const counts = rule.when === "delivered" ? order.status === "delivered" : net > 0;
  const early = programme.starts_at !== null && order.placedAt < Date.parse(programme.starts_at);
  if (!counts || early || net <= 0 || !booking.isNew(id) || !booking.counts(rule)) return;
  const points = Math.floor((net * rule.points) / 10 ** decimalsOf(order.currency));
  booking.earn({ id, points, rule, order: { id: order.id, net }, reason: null, kind: "earn" });
}
